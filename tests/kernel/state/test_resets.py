"""Resets: the baseline to which they return, and concurrent calls."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.hidden_generations import create_hidden
from mockalog.kernel.state.resets import reset_all
from mockalog.kernel.state.transfer import State
from mockalog.vendors import BY_NAME
from tests.emulation import HOST, Emulation, emulate
from tests.kernel.factories import CATALOG, SHOP, names
from tests.kernel.sandboxes.factories import SEED
from tests.waiting import until_one_waits


class TestSeedingARunningServer:
    """Without a credential: the baseline of the whole server."""

    def later(self, name: str) -> dict[str, Any]:
        """Return a document with one catalog."""
        return {"mockalog": 1, "braze": {"catalogs": [{**CATALOG, "name": name}]}}

    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_a_reset_restores_the_baseline(self, kind: str, request: pytest.FixtureRequest) -> None:
        """Of several seeds, for old and new sandboxes; later changes are gone."""
        own = kind == "postgresql" and request.getfixturevalue("new_postgres_url")()
        with emulate(database_url=own or "sqlite://", migrate=True) as emulation:
            server, old = emulation.control(), emulation.client("/braze")
            for name in ("a", "b"):
                server.post("/seed", json=self.later(name)).raise_for_status()
            for _ in range(2):
                server.post("/reset").raise_for_status()
                assert names(old) == names(emulation.client("/braze")) == ["a", "b"]
                old.delete("/catalogs/a")
                server.patch("/settings", json={"rate_limits": "off"})
                server.post("/faults", json={"vendor": "braze", "operation": "*"})
            assert server.get("/snapshots").json() == {"snapshots": []}
            server.post("/reset").raise_for_status()
            assert server.get("/settings").json()["rate_limits"] == "vendor"

            server.post("/reset", json={"to": "empty"})
            server.post("/seed", json=self.later("c")).raise_for_status()
            server.post("/reset").raise_for_status()
            assert names(old) == ["c"]

    def test_a_baseline_has_settings_and_clock_without_faults(self) -> None:
        """Of the moment of the seed."""
        with emulate() as emulation:
            server, client = emulation.control(), emulation.client("/braze")
            server.patch("/settings", json={"rate_limits": "off"})
            server.post("/faults", json={"vendor": "braze", "operation": "*"})
            frozen = {"mode": "frozen", "now": "2030-01-01T00:00:00Z"}
            document = {**self.later("a"), "clock": frozen}
            server.post("/seed", json=document).raise_for_status()
            server.put("/clock", json={"mode": "real"})

            server.post("/reset").raise_for_status()

            assert names(client) == ["a"]
            assert server.get("/settings").json()["rate_limits"] == "off"
            assert emulation.control(client).get("/clock").json()["now"] == frozen["now"]

    def test_a_refused_seed_changes_no_baseline(self) -> None:
        """It makes none either."""
        with emulate() as emulation:
            server = emulation.control()
            wrong = {"mockalog": 1, "braze": {"catalogs": [CATALOG, CATALOG]}}

            assert server.post("/seed", json=wrong).status_code == 400

            assert not emulation.run(emulation.runtime.snapshots.has_baseline)

    def test_a_sandbox_of_the_seed_files_keeps_its_baseline(self, tmp_path: Path) -> None:
        """Only the template has changed."""
        file = tmp_path / "seed.json"
        mine = {"braze": {"catalogs": [CATALOG]}}
        file.write_text(json.dumps({"mockalog": 1, "sandboxes": {"mine": mine, "*": {}}}))
        with emulate(seed=(str(file),)) as emulation:
            server = emulation.control()
            server.post("/seed", json=self.later("a")).raise_for_status()
            server.post("/reset").raise_for_status()

            by_name = emulation.client("/braze", headers={"X-Mockalog-Sandbox": "mine"})
            assert names(by_name) == ["x"]
            assert names(emulation.client("/braze")) == ["a"]

    def test_a_reset_removes_a_sandboxs_own_seed(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """Its baseline is the template."""
        control = emulation.control(braze)
        control.post("/seed", json=self.later("mine")).raise_for_status()
        assert names(braze) == ["mine"]

        control.post("/reset").raise_for_status()

        assert names(braze) == []


class TestBaseline:
    """The template of new sandboxes: `POST /_mockalog/seed` without a sandbox."""

    def test_new_sandboxes_and_resets_start_with_the_template(self) -> None:
        """Present sandboxes change only with a reset; `empty` is empty."""
        with emulate() as emulation:
            old, server = emulation.client("/braze"), emulation.control()
            assert names(old) == []
            assert server.post("/seed", json=SEED).status_code == 200
            new = emulation.client("/braze")

            assert (names(old), names(new)) == ([], ["seeded"])
            emulation.control(old).post("/reset", json={"to": "baseline"})
            assert names(old) == ["seeded"]
            assert emulation.control(old).get("/settings").json()["braze.async_delay"] == 3
            emulation.control(old).post("/reset", json={"to": "empty"})
            assert names(old) == []
            assert emulation.control(old).get("/settings").json()["braze.async_delay"] == 3


TARGETS = ["/reset", "/snapshots/s/restore"]


@pytest.mark.parametrize("target", TARGETS)
def test_concurrent_writers_and_resets_leave_a_whole_state(
    emulation: Emulation, target: str
) -> None:
    """No call gets a 500, and no effect of the old state reaches the new one."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    control.patch("/settings", json={"rate_limits": "off"})
    client.post("/catalogs", json=SHOP)
    control.put("/snapshots/s")
    token = {"Authorization": client.headers["authorization"]}

    def write(number: int) -> httpx.Request:
        url = f"{HOST}/braze/catalogs/shop/items"
        return httpx.Request("POST", url, json={"items": [{"id": f"i{number}"}]}, headers=token)

    resets = [httpx.Request("POST", f"{HOST}/_mockalog{target}", headers=token)] * 5
    requests = [*map(write, range(25)), *resets, *map(write, range(25, 45))]
    answers = emulation.at_once(client, requests)

    assert {answer.status_code for answer in answers} <= {200, 202, 404, 429}
    assert {answers[n].status_code for n in range(25, 30)} == {200}
    control.post(target)
    emulation.settle()
    assert names(client) == ([] if target == "/reset" else ["shop"])
    if target != "/reset":
        assert client.get("/catalogs/shop/items").json()["items"] == []
    assert control.get("/jobs").json() == {"jobs": []}


def test_a_server_reset_during_a_seed_uses_its_baseline(
    new_postgres_url: Any,
) -> None:
    """The second waits, and then reads the baseline."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        runtime = emulation.runtime

        async def act() -> dict[str, Any]:
            state = State(runtime, BY_NAME)
            seed = state.check({"mockalog": 1, "settings": {"rate_limits": "off"}})
            await state.add(None, seed, rebases=True)
            async with runtime.database.transaction() as connection:
                template = await generations.lock_template(connection)
                copied = await create_hidden(connection, template)
                await runtime.snapshots.rebase(connection, copied)
                resetting = asyncio.create_task(reset_all(runtime))
                await until_one_waits(runtime.database)
            await resetting
            return dict((await runtime.sandboxes.open("new")).settings)

        assert emulation.run(act) == {"rate_limits": "off"}
