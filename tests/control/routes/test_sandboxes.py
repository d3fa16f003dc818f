"""The list of sandboxes, their deletion, and the end of those that no caller uses."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog.kernel.clock import SECOND
from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.database.models import sandbox_uses
from mockalog.kernel.sandboxes import listing, uses
from mockalog.kernel.state import removals
from mockalog.kernel.state.removals import Caretaker
from mockalog.settings import SettingsError, load_settings
from tests.emulation import Emulation, emulate
from tests.kernel.factories import SHOP, names
from tests.kernel.sandboxes.factories import SEED, identities
from tests.queries import query_of

TTL = 3600
DAY = 86_400 * SECOND


@pytest.fixture(params=["sqlite://", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Iterator[Emulation]:
    """A server of its own."""
    url = request.param
    if url == "postgresql":
        url = request.getfixturevalue("new_postgres_url")()
    with emulate(database_url=url, migrate=True) as emulation:
        yield emulation


def named(emulation: Emulation, name: str) -> httpx.Client:
    """Return a client of the sandbox with that name."""
    return emulation.client("/braze", headers={"X-Mockalog-Sandbox": name})


def listed(emulation: Emulation, query: str = "") -> list[str]:
    """Return the names of the listed sandboxes."""
    found = emulation.control().get(f"/sandboxes{query}").json()["sandboxes"]
    return [one["name"] for one in found]


class TestList:
    """Each sandbox with its last use, its rows and its exchanges."""

    def test_a_sandbox_is_listed_with_its_size(
        self, fresh: Emulation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its rows are counted in slices."""
        monkeypatch.setattr(listing, "SLICE", 2)
        listing._counts.cache_clear()
        fresh.runtime.sandboxes.uses.now = lambda: 20_000 * DAY
        client = named(fresh, "mine")
        client.post("/catalogs", json=SHOP)
        items = [{"id": f"i{n}"} for n in range(5)]
        client.post("/catalogs/shop/items", json={"items": items})
        client.get("/catalogs")

        [found] = fresh.control().get("/sandboxes").json()["sandboxes"]
        listing._counts.cache_clear()

        # A catalog, its items, their job, and the number of the catalog.
        assert (found["name"], found["rows"], found["exchanges"]) == ("mine", 8, 3)
        assert found["used_at"] == "2024-10-04T00:00:00Z"

    def test_pages_are_ordered_by_name(
        self, fresh: Emulation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A call that names a sandbox lists that one."""
        monkeypatch.setattr(listing, "PAGE", 2)
        for name in ("c", "a", "d", "b"):
            named(fresh, name).get("/catalogs")

        assert listed(fresh) == ["a", "b", "c", "d"]
        assert listed(fresh, "?limit=2") == ["a", "b"]
        assert listed(fresh, "?limit=2&after=b") == ["c", "d"]
        own = fresh.control(headers={"X-Mockalog-Sandbox": "c"}).get("/sandboxes").json()
        assert [one["name"] for one in own["sandboxes"]] == ["c"]

    @pytest.mark.parametrize("query", ["limit=0", "limit=1001", "after=a&x=1"])
    def test_a_wrong_query_is_refused(self, emulation: Emulation, query: str) -> None:
        """As elsewhere."""
        assert emulation.control().get(f"/sandboxes?{query}").status_code == 400


class TestDeletion:
    """A sandbox goes with all that it holds."""

    def test_a_deleted_sandbox_is_gone(self, fresh: Emulation) -> None:
        """Its rows, journal, snapshots and last use; its next call opens a new one."""
        client = named(fresh, "a/b")
        client.post("/catalogs", json=SHOP)
        mine = fresh.control(headers={"X-Mockalog-Sandbox": "a/b"})
        mine.put("/snapshots/s")

        assert fresh.control().delete("/sandboxes/a%2Fb").status_code == 204

        assert listed(fresh) == []
        fresh.settle()
        assert [row for row in identities(fresh) if row.name != "*"] == []
        assert names(client) == []
        assert mine.get("/snapshots").json() == {"snapshots": []}
        assert mine.get("/requests/count").json() == {"count": 1}

    @pytest.mark.parametrize("name", ["nope", "*"])
    def test_an_unknown_sandbox_is_not_found(self, emulation: Emulation, name: str) -> None:
        """The template is none."""
        assert emulation.control().delete(f"/sandboxes/{name}").status_code == 404

    def test_a_sandbox_deletes_no_other(self, emulation: Emulation) -> None:
        """A credential acts on its own."""
        named(emulation, "theirs").get("/catalogs")
        mine = emulation.control(headers={"X-Mockalog-Sandbox": "own"})

        assert mine.delete("/sandboxes/theirs").status_code == 404
        assert mine.delete("/sandboxes/own").status_code == 204


class TestTimeToLive:
    """`--sandbox-ttl`: sandboxes that no caller used for so long go."""

    def look(self, emulation: Emulation, seconds: float, life: float | None = TTL) -> int:
        """Let the caretaker look, so many seconds after now; return the number of removed ones."""
        noted = emulation.runtime.sandboxes.uses
        before = noted.now
        noted.now = lambda: before() + round(seconds * SECOND)
        removed: int = emulation.run(Caretaker(emulation.runtime, life).look)
        return removed

    def test_an_unused_sandbox_goes(
        self, fresh: Emulation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its rows, faults, limits, journal, issued tokens and caches, too."""
        monkeypatch.setattr(removals, "SLICE", 1)
        monkeypatch.setattr(uses, "SLICE", 1)
        clients = [named(fresh, name) for name in ("old", "older")]
        for client in clients:
            client.post("/catalogs", json=SHOP)
        control = fresh.control(headers={"X-Mockalog-Sandbox": "old"})
        control.post("/faults", json={"vendor": "braze", "status": 503})
        assert self.look(fresh, 0) == 0
        named(fresh, "new").get("/catalogs")

        assert self.look(fresh, 2 * TTL) == 2

        assert listed(fresh) == ["new"]
        fresh.settle()
        assert sorted(row.name for row in identities(fresh)) == ["*", "new"]
        assert fresh.control().get("/requests/count").json() == {"count": 1}
        assert fresh.control().get("/faults").json() == {"faults": []}
        assert [names(client) for client in clients] == [[], []]

    def test_a_used_sandbox_stays(self, fresh: Emulation) -> None:
        """A vendor's call and a control call count, also since the last write."""
        client = named(fresh, "mine")
        for _ in range(5):
            client.get("/catalogs")
            assert self.look(fresh, 0.8 * TTL) == 0
            fresh.control(headers={"X-Mockalog-Sandbox": "mine"}).get("/clock")
            assert self.look(fresh, 0.8 * TTL) == 0
        fresh.runtime.sandboxes.uses.note("mine")
        late = fresh.runtime.sandboxes.uses.now() + DAY
        assert fresh.run(lambda: removals.remove_idle(fresh.runtime, late)) == 0

    def test_what_a_server_was_given_stays(self, fresh: Emulation) -> None:
        """Registered credentials, the template, the baseline, snapshots."""
        server = fresh.control()
        server.post("/seed", json=SEED).raise_for_status()
        known = {"vendor": "braze", "token": "known", "sandbox": "registered"}
        server.post("/credentials", json=known)
        for name in ("registered", "kept"):
            named(fresh, name).get("/catalogs")
        kept = fresh.control(headers={"X-Mockalog-Sandbox": "kept"})
        kept.put("/snapshots/s")
        self.look(fresh, 0)

        assert self.look(fresh, 10 * TTL) == 1

        assert listed(fresh) == ["registered"]
        assert names(named(fresh, "new")) == ["seeded"]
        assert kept.post("/snapshots/s/restore").status_code == 200
        server.post("/reset").raise_for_status()
        assert names(named(fresh, "new")) == ["seeded"]

    def test_a_server_of_many_months_stays_flat(self) -> None:
        """Each month leaves as much as the one before: one sandbox and its use."""
        with emulate() as emulation:
            sizes = []
            for month in range(5):
                named(emulation, f"month-{month}").post("/catalogs", json=SHOP)
                self.look(emulation, 30 * 86_400)
                emulation.settle()

                async def count() -> tuple[int, ...]:
                    runtime = emulation.runtime
                    async with runtime.database.transaction() as connection:
                        used = await connection.all(query_of(sandbox_uses.select()), {})
                    windows: Any = runtime.limiter
                    return len(used), len(windows._windows), len(runtime.journal.exchanges())

                sizes.append((len(identities(emulation)), *emulation.run(count)))

            assert len({*sizes[1:]}) == 1

    def test_without_a_time_to_live_all_stay(self, emulation: Emulation) -> None:
        """The default."""
        named(emulation, "forever").get("/catalogs")

        assert self.look(emulation, 10**8, life=None) == 0

    def test_uses_are_written_again_after_an_outage(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The caretaker goes on, whatever fails."""
        caplog.set_level("INFO")
        monkeypatch.setattr(removals, "WRITE_SECONDS", 0)
        with emulate() as emulation:
            named(emulation, "mine").get("/catalogs")
            failures = iter([DatabaseUnavailableError("away"), ValueError("broken")])
            written = asyncio.Event()
            transaction = emulation.runtime.database.transaction

            def fail(*arguments: Any) -> Any:
                if (error := next(failures, None)) is not None:
                    raise error
                written.set()
                return transaction(*arguments)

            async def scene() -> None:
                caretaker = Caretaker(emulation.runtime, None)
                with monkeypatch.context() as patch:
                    patch.setattr(emulation.runtime.database, "transaction", fail)
                    emulation.runtime.sandboxes.uses.note("mine")
                    caretaker.start()
                    await written.wait()
                await caretaker.close()

            emulation.run(scene)
            assert "could not be written yet: away" in caplog.text
            assert "could not be removed" in caplog.text

    @pytest.mark.parametrize(
        ("text", "seconds"), [("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800)]
    )
    def test_durations_have_a_unit(self, text: str, seconds: int) -> None:
        """Seconds, minutes, hours or days."""
        assert load_settings(sandbox_ttl=text).sandbox_seconds == seconds

    @pytest.mark.parametrize(
        "text", ["7", "0s", "-1s", "1w", "1.5h", "1 h", "", "٣s", "9" * 12 + "d"]
    )
    def test_other_durations_are_refused(self, text: str) -> None:
        """With an example of each."""
        with pytest.raises(SettingsError, match="90s, 30m, 12h or 7d"):
            load_settings(sandbox_ttl=text)
