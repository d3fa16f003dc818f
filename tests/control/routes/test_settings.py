"""The calls of the settings."""

from typing import Any

from tests.emulation import Emulation, emulate


class TestSettings:
    """`/_mockalog/settings`."""

    def test_a_change_affects_one_sandbox(self, emulation: Emulation) -> None:
        """Other sandboxes keep their settings."""
        mine, other = emulation.client(), emulation.client()

        changed = emulation.control(mine).patch("/settings", json={"rate_limits": "off"})

        assert changed.json()["rate_limits"] == "off"
        assert emulation.control(other).get("/settings").json()["rate_limits"] == "vendor"

    def test_settings_change_one_by_one(self, emulation: Emulation) -> None:
        """The others stay."""
        control = emulation.control(emulation.client())
        control.patch("/settings", json={"rate_limits": "tiny"})

        control.patch("/settings", json={"braze.async_delay": 2})

        settings = control.get("/settings").json()
        assert (settings["rate_limits"], settings["braze.async_delay"]) == ("tiny", 2)

    def test_concurrent_changes_all_hold(self, emulation: Emulation) -> None:
        """Settings and clock do not overwrite each other."""
        control = emulation.control(emulation.client())
        control.get("/settings")
        changes: list[tuple[str, str, Any]] = [
            ("PATCH", "/settings", {"rate_limits": "off"}),
            ("PATCH", "/settings", {"braze.async_delay": 2}),
            ("PATCH", "/settings", {"attraqt.activation_delay": 3}),
            ("PUT", "/clock", {"mode": "frozen", "now": "2025-01-01T00:00:00Z"}),
        ]
        wanted = [control.build_request(method, path, json=body) for method, path, body in changes]

        answers = emulation.at_once(control, wanted)

        settings = control.get("/settings").json()
        assert [answer.status_code for answer in answers] == [200] * 4
        assert settings["rate_limits"] == "off"
        assert settings["braze.async_delay"] == 2
        assert settings["attraqt.activation_delay"] == 3
        assert control.get("/clock").json()["mode"] == "frozen"

    def test_without_a_sandbox_all_settings_change(self) -> None:
        """Of present sandboxes and the template."""
        with emulate() as emulation:
            old = emulation.control(emulation.client())
            old.get("/settings")

            emulation.control().patch("/settings", json={"rate_limits": "off"})

            new = emulation.control(emulation.client())
            assert old.get("/settings").json()["rate_limits"] == "off"
            assert new.get("/settings").json()["rate_limits"] == "off"

    def test_tiny_limits_are_soon_reached(self, emulation: Emulation) -> None:
        """A test of the 429 path needs two requests."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        control.patch("/settings", json={"rate_limits": "tiny"})
        control.put("/clock", json={"mode": "frozen"})

        assert [client.get("/catalogs").status_code for _ in range(2)] == [200, 429]
