"""The controls: clock, journal, settings, snapshots, seeds, credentials."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from mockalog.testing import (
    Mockalog,
    MockalogError,
    RefusedError,
    Sandbox,
    UnmatchedRequestsError,
)
from mockalog.testing.controls.errors import InvalidValueError
from mockalog.testing.controls.exchanges import Exchange
from tests.testing.factories import SHOP, shops


def leave(sandbox: Sandbox, error: Exception | None = None) -> None:
    """Leave the block of a sandbox, with or without an error."""
    with sandbox:
        if error is not None:
            raise error


class TestControls:
    """The controls by topic."""

    def test_the_clock(self, in_process: Mockalog) -> None:
        """It is frozen, advanced, set and run."""
        clock = in_process.sandbox().braze.clock
        noon = datetime(2025, 3, 1, 12, tzinfo=UTC)

        assert clock.freeze("2025-03-01T12:00:00") == noon
        assert clock.advance(60) == 0
        clock.advance(timedelta(minutes=1))
        assert clock.now() == noon + timedelta(minutes=2)
        assert clock.settle() == 0
        assert clock.set(noon) <= clock.now()
        assert clock.show()["mode"] == "real"
        assert abs(clock.run() - datetime.now(UTC)) < timedelta(minutes=1)
        assert clock.freeze() == clock.now()
        assert clock.freeze(date(2025, 3, 1)) == datetime(2025, 3, 1, tzinfo=UTC)

    def test_dates_and_times_are_serialized(self, in_process: Mockalog) -> None:
        """As `yaml.safe_load` returns them: an instant, a day, a duration."""
        braze = in_process.sandbox().braze
        noon = datetime(2025, 3, 1, 12, tzinfo=UTC)
        fields = [{"name": "id", "type": "string"}, {"name": "made", "type": "time"}]
        shop = {"name": "shop", "fields": fields, "items": [{"id": "a", "made": date(2025, 1, 2)}]}
        clock = {"mode": "frozen", "now": noon.replace(tzinfo=None)}
        braze.seed({"mockalog": 1, "clock": clock, "braze": MappingProxyType({"catalogs": [shop]})})

        assert braze.clock.now() == noon
        [item] = braze.client.get("/catalogs/shop/items/a").json()["items"]
        assert item["made"] == "2025-01-02T00:00:00.000Z"
        assert braze.fail_next(delay=timedelta(milliseconds=1500))["delay"] == 1.5
        assert braze.requests.count(since=date(2025, 1, 2)) == 1

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ({1, 2}, "braze.catalogs[1].name: it cannot be sent as JSON: {1, 2}"),
            (float("nan"), "braze.catalogs[1].name: it cannot be sent as JSON: nan"),
            ("a\ud800", "braze.catalogs[1].name: it cannot be sent as JSON: 'a\\ud800'"),
            ({(1, 2): 3}, "braze.catalogs[1].name: a key is not a string: {(1, 2): 3}"),
        ],
    )
    def test_an_invalid_value_is_reported_with_its_path(
        self, in_process: Mockalog, value: Any, text: str
    ) -> None:
        """Before a call."""
        catalogs = ({"name": "shop"}, {"name": value})

        with pytest.raises(InvalidValueError) as wrong:
            in_process.sandbox().seed({"mockalog": 1, "braze": {"catalogs": catalogs}})

        assert str(wrong.value) == text

    def test_a_value_that_contains_itself_is_invalid(self, in_process: Mockalog) -> None:
        """So are other values of wrong types."""
        endless: list[Any] = []
        endless.append(endless)

        with pytest.raises(InvalidValueError, match="cannot be sent"):
            in_process.sandbox().seed({"mockalog": 1, "braze": endless})
        with pytest.raises(InvalidValueError, match=r"^a key is not a string: \{.*\(1, 2\): 3\}"):
            in_process.sandbox().seed({(1, 2): 3})  # type: ignore[dict-item]
        with pytest.raises(InvalidValueError, match="a seed is a file or a dictionary, not 5"):
            in_process.sandbox().seed(5)  # type: ignore[arg-type]
        with pytest.raises(InvalidValueError, match="5 is not an instant"):
            in_process.sandbox().clock.freeze(5)  # type: ignore[arg-type]

    def test_the_settings_are_a_mapping(self, in_process: Mockalog) -> None:
        """They change alone or together, in one sandbox."""
        settings = in_process.sandbox().braze.settings
        settings["rate_limits"] = "off"
        settings.update({"braze.async_delay": 5}, rate_limits="tiny")

        assert settings["braze.async_delay"] == 5
        assert dict(settings)["rate_limits"] == settings.get("rate_limits") == "tiny"
        assert len(settings) == len(list(settings))
        assert in_process.settings["rate_limits"] == "vendor"
        with pytest.raises(RefusedError, match="nope") as refused:
            settings["nope"] = 1
        assert (refused.value.status, refused.value.problem["title"]) == (400, "Bad Request")
        with pytest.raises(
            KeyError, match=r"setting 'nope' does not exist; use one of: .*rate_limits"
        ):
            settings["nope"]
        assert settings.get("nope") is None

    def test_the_journal(self, in_process: Mockalog) -> None:
        """Of the handle's vendor, of the sandbox, or of the whole server."""
        sandbox = in_process.sandbox()
        sandbox.attraqt.client.get("/catalogs")
        since = datetime.now(UTC)
        sandbox.braze.client.post("/catalogs", json=SHOP)

        [created] = sandbox.braze.requests.list()

        assert isinstance(created, Exchange)
        assert (created.vendor, created.operation) == ("braze", "create_catalog")
        assert (created.method, created.path[-9:], created.status) == ("POST", "/catalogs", 201)
        assert (created.json, created.response_json["message"]) == (SHOP, "success")
        assert sandbox.requests.count() == 2
        assert sandbox.requests.count(since=since, method=None) == 1
        assert in_process.requests.count(operation="create_catalog") >= 1
        assert sandbox.requests.clear() == 2
        assert sandbox.requests.list() == []

    def test_a_snapshot_restores_the_state(self, in_process: Mockalog) -> None:
        """At the end of a block, by `restore`, and by a reset."""
        sandbox = in_process.sandbox()
        with sandbox.snapshot("before") as kept:
            sandbox.braze.client.post("/catalogs", json=SHOP)
            assert shops(sandbox.braze.client) == 1
        assert shops(sandbox.braze.client) == 0
        sandbox.braze.client.post("/catalogs", json=SHOP)

        sandbox.reset("snapshot:before")

        assert shops(sandbox.braze.client) == 0
        assert [one["name"] for one in sandbox.snapshots.list()] == [kept.name]
        kept.delete()
        with pytest.raises(RefusedError):
            kept.restore()

    @pytest.mark.parametrize("name", ["a/b", "a/restore", "é ?#%2F", "a..", "/x/"])
    def test_a_snapshots_name_may_have_any_printable_characters(
        self, in_process: Mockalog, name: str
    ) -> None:
        """Slashes and escapes stay part of the name."""
        sandbox = in_process.sandbox()
        sandbox.snapshot(name).restore()

        assert [kept["name"] for kept in sandbox.snapshots.list()] == [name]
        sandbox.snapshots[name].delete()
        assert sandbox.snapshots.list() == []

    @pytest.mark.parametrize("name", ["", "..", "a\nb", "\ud800"])
    def test_a_snapshots_name_must_be_printable(self, in_process: Mockalog, name: str) -> None:
        """A name that does not fit into a path is refused."""
        with pytest.raises(MockalogError, match="a snapshot's name"):
            in_process.sandbox().snapshot(name)

    def test_a_seed_is_a_document_or_a_file(self, in_process: Mockalog, tmp_path: Path) -> None:
        """A seed of a sandbox, and a seed of the whole server."""
        document = {"mockalog": 1, "braze": SHOP}
        sandbox = in_process.sandbox()
        sandbox.seed({"braze": SHOP})  # the version goes without saying
        assert shops(sandbox.braze.client) == 1
        for refuse, empty in ((sandbox.import_state, {}), (sandbox.seed, {"mockalog": 2})):
            with pytest.raises(RefusedError, match=r"^mockalog: expected the version"):
                refuse(empty)
        items = [{"id": "1"}, {"id": "a b"}]
        wrong = {"mockalog": 1, "braze": {"catalogs": [{**SHOP["catalogs"][0], "items": items}]}}
        for refuse in (sandbox.import_state, in_process.sandbox().braze.seed):
            with pytest.raises(RefusedError, match=r"^braze\.catalogs\[0\]\.items\[1\]: Braze"):
                refuse(wrong)
        state = sandbox.export_state()
        sandbox.reset("empty")
        sandbox.import_state(state)
        assert shops(sandbox.braze.client) == 1

        seed = tmp_path / "seed.yaml"
        seed.write_text("mockalog: 1\nbraze:\n  catalogs:\n    - {name: shop, fields: []}\n")
        with pytest.raises(RefusedError, match=r"seed\.yaml, line \d+: braze\.catalogs"):
            sandbox.braze.seed(seed)
        seed.write_text(str(document).replace("'", '"'))
        with Mockalog(in_process=True, seed=seed) as seeded:
            assert shops(seeded.sandbox().braze.client) == 1

    def test_waiting_for_requests(self, in_process: Mockalog) -> None:
        """`wait` returns as soon as enough requests came, and raises after the timeout."""
        braze = in_process.sandbox().braze
        braze.client.get("/catalogs")

        [seen] = braze.requests.wait(operation="list_catalogs")

        assert seen.status == 200
        with pytest.raises(TimeoutError, match="1 of 2 requests came"):
            braze.requests.wait(count=2, timeout=0.01)
        with pytest.raises(RefusedError):
            braze.requests.wait(nonsense=1)  # type: ignore[call-arg]

    @pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=2)])
    def test_unmatched_requests_since_an_instant(
        self, in_process: Mockalog, ago: timedelta
    ) -> None:
        """Also before a reset; a vendor's handle checks only its vendor."""
        sandbox = in_process.sandbox()
        began = datetime.now(UTC).replace(tzinfo=None)
        sandbox.braze.client.get("/catalogues")
        sandbox.braze.reset()

        with pytest.raises(UnmatchedRequestsError, match="1 request matches"):
            sandbox.check_unmatched(began - ago)
        sandbox.check_unmatched(began + timedelta(days=1))
        sandbox.squared.check_unmatched()
        sandbox.requests.clear()
        sandbox.check_unmatched()

    def test_a_block_raises_for_unmatched_requests(self, in_process: Mockalog) -> None:
        """With reason and closest operations, ten at most; another error of the block wins."""
        sandbox = in_process.sandbox()
        for _ in range(11):
            sandbox.braze.client.get("/catalogues")

        with pytest.raises(
            UnmatchedRequestsError, match=r"GET \S*/catalogues was answered"
        ) as told:
            leave(sandbox)

        assert "closest: list_catalogs, GET /catalogs" in str(told.value)
        assert "and 1 more" in str(told.value)
        with pytest.raises(ZeroDivisionError):
            leave(sandbox, ZeroDivisionError())

    def test_reset(self, in_process: Mockalog) -> None:
        """The sandbox is empty again."""
        sandbox = in_process.sandbox()
        sandbox.braze.client.post("/catalogs", json=SHOP)

        sandbox.reset("empty")

        assert shops(sandbox.braze.client) == 0

    def test_credentials(self) -> None:
        """They are registered with permissions, listed and removed."""
        with Mockalog(in_process=True, auth="strict") as mockalog:
            known = len(mockalog.credentials.list())
            added = mockalog.credentials.add("braze", "mine", permissions=["catalogs.get"])
            headers = {"Authorization": "Bearer mine"}
            with httpx.Client(transport=mockalog.transport, headers=headers) as client:
                statuses = [
                    client.get(f"{mockalog.braze.url}/catalogs").status_code,
                    client.post(f"{mockalog.braze.url}/catalogs", json=SHOP).status_code,
                ]
                mockalog.credentials.remove(added["id"])
                statuses.append(client.get(f"{mockalog.braze.url}/catalogs").status_code)

            assert statuses == [200, 403, 401]
            assert len(mockalog.credentials.list()) == known

    def test_the_admin_token_is_sent(self) -> None:
        """The server and its controls share it."""
        with Mockalog(in_process=True, admin_token="s3cret") as mockalog:
            assert mockalog.braze.clock.advance(1) == 0
            with httpx.Client(transport=mockalog.transport) as client:
                assert client.get(f"{mockalog.url}/_mockalog/info").status_code == 401
