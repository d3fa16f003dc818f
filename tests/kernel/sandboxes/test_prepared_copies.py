"""Prepared copies: made in advance, used once, discarded with their source."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockalog.kernel.database import row_copies
from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.database.models import FILLING, PREPARED, SNAPSHOT, sandboxes
from mockalog.kernel.database.row_copies import START
from mockalog.kernel.sandboxes import cleanup as sweeping
from mockalog.kernel.sandboxes import generations, prepared_copies
from mockalog.kernel.sandboxes.cleanup import delete_retired
from tests.emulation import Emulation, emulate
from tests.kernel.factories import SHOP, names
from tests.kernel.sandboxes.factories import SEED, identities, kept_shop, row_of
from tests.queries import query_of


class TestPreparedCopies:
    """Copies that are prepared for new sandboxes and restores."""

    @pytest.mark.parametrize("size", [20, 500])
    def test_a_prepared_copy_equals_a_direct_copy(
        self, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        """In several slices too. A change of the template discards it."""
        monkeypatch.setattr(row_copies, "SLICE", size)
        monkeypatch.setattr(row_copies, "_slices", cache(row_copies._slices.__wrapped__))
        with emulate() as emulation:
            server, client = emulation.control(), emulation.client("/braze")
            server.post("/seed", json=SEED)
            control = emulation.control(client)
            for _ in range(3):
                control.post("/reset")
                emulation.settle()
                assert names(client) == ["seeded"]
                client.delete("/catalogs/seeded")
            kept = [row.purpose for row in identities(emulation) if row.purpose]
            assert kept == [SNAPSHOT, PREPARED]  # the baseline, and the template's

            more = {**SEED, "braze": {"catalogs": [{**SHOP["catalogs"][0]}]}}
            server.post("/seed", json=more)
            control.post("/reset")

            assert names(client) == ["seeded", "shop"]
            assert client.get("/catalogs/seeded/items").headers["link"]
            emulation.settle()
            assert [row.purpose for row in identities(emulation) if row.purpose] == kept

    def test_the_templates_own_jobs_discard_its_prepared_copies(self) -> None:
        """They change the template."""
        with emulate() as emulation:
            server = emulation.control()
            template = {"*": {"mockalog": 1}, "s": {"mockalog": 1}}
            here = emulation.control(headers={"X-Mockalog-Sandbox": "s"})
            client = emulation.client("/braze", headers={"X-Mockalog-Sandbox": "s"})
            client.post("/catalogs", json=SHOP)
            here.patch("/settings", json={"braze.async_delay": 60})
            client.post("/catalogs/shop/items", json={"items": [{"id": "late"}]})
            template["*"] = here.get("/state").json()
            server.put("/state", json={"mockalog": 1, "sandboxes": template})
            emulation.client("/braze").get("/catalogs")
            emulation.settle()

            server.post("/clock/advance", json={"seconds": 61})

            new = emulation.client("/braze")
            assert [i["id"] for i in new.get("/catalogs/shop/items").json()["items"]] == ["late"]

    def test_a_deleted_snapshot_discards_its_prepared_copy(self) -> None:
        """Also during its filling; the sweep deletes all rows."""
        with emulate() as emulation:
            _, control = kept_shop(emulation)
            control.post("/snapshots/s/restore")
            emulation.settle()
            assert len(identities(emulation)) == 4  # template, sandbox, snapshot, spare copy

            control.delete("/snapshots/s")
            emulation.settle()

            assert [row.name is not None for row in identities(emulation)] == [True, True]

    def test_a_discarded_copy_is_not_filled_further(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The next slice finds it discarded."""
        with emulate() as emulation:
            monkeypatch.setattr(emulation.runtime.sandboxes.prepared_copies, "prepare", id)
            kept_shop(emulation)

            async def fill_and_let_go() -> str:
                runtime = emulation.runtime
                [kept] = [row for row in await rows() if row.purpose]
                filling = await runtime.sandboxes.prepared_copies._begin(kept.id)
                assert filling is not None
                assert (
                    await runtime.sandboxes.prepared_copies._begin(kept.id) is None
                )  # there is one
                assert await runtime.sandboxes.prepared_copies._begin(10_000) is None  # of nothing
                [begun] = [row for row in await rows() if row.id == filling.target]
                async with runtime.database.transaction() as connection:
                    await generations.release_prepared_copies(connection, kept.id)
                async with runtime.database.transaction() as connection:
                    assert await prepared_copies._copy_some(connection, filling, START) is None
                await delete_retired(runtime.database)
                assert not [row for row in await rows() if row.id == filling.target]
                return str(begun.purpose)

            async def rows() -> list[Any]:
                async with emulation.runtime.database.transaction() as connection:
                    return list(await connection.all(query_of(sandboxes.select()), {}))

            assert emulation.run(fill_and_let_go) == FILLING

    def test_an_error_during_preparation_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        """The next restore copies directly."""
        with emulate() as emulation:
            client, control = kept_shop(emulation)

            async def fail() -> None:
                prepared = emulation.runtime.sandboxes.prepared_copies
                prepared.prepare(object())  # type: ignore[arg-type]
                await prepared.settle()

            emulation.run(fail)
            assert "a prepared copy could not be created" in caplog.text
            control.post("/snapshots/s/restore")

            assert names(client) == ["shop"]

    def test_a_saved_snapshot_has_a_prepared_copy(self) -> None:
        """The first restore uses it."""
        with emulate() as emulation:
            client, control = kept_shop(emulation)
            emulation.settle()
            mine = row_of(emulation, client)
            [kept] = [row for row in identities(emulation) if row.source_id]

            control.post("/snapshots/s/restore")

            assert row_of(emulation, client).id == kept.id != mine.id
            assert names(client) == ["shop"]

    @pytest.mark.parametrize(
        "change",
        [
            lambda server: server.get("/health"),
            lambda server: server.put("/state", json={"mockalog": 1, "sandboxes": {"*": SEED}}),
            lambda server: server.put("/snapshots/all") and server.post("/snapshots/all/restore"),
            lambda server: server.post("/reset"),
        ],
        ids=["seed", "state", "restore", "reset"],
    )
    def test_a_changed_template_has_a_prepared_copy(
        self, change: Callable[[httpx.Client], Any]
    ) -> None:
        """After every kind of change."""
        with emulate() as emulation:
            server = emulation.control()
            server.post("/seed", json=SEED)
            assert change(server).status_code == 200
            emulation.settle()
            spares = [row.id for row in identities(emulation) if row.purpose == PREPARED]
            client = emulation.client("/braze")

            assert names(client) == ["seeded"]

            assert row_of(emulation, client).id in spares

    def test_a_seeded_server_starts_with_a_prepared_copy(self, tmp_path: Path) -> None:
        """Before it is ready."""
        file = tmp_path / "seed.json"
        file.write_text(json.dumps(SEED))
        with emulate(seed=[str(file)]) as emulation:
            purposes = [row.purpose for row in identities(emulation) if row.purpose]

            assert sorted(purposes) == [SNAPSHOT, PREPARED]

    def test_a_start_replaces_unfinished_copies(self, tmp_path: Path) -> None:
        """It also sweeps the rows that a killed process left."""
        url = f"sqlite:///{tmp_path}/kept.db"
        with emulate(database_url=url, migrate=True) as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.settle()
            left = {row.id for row in identities(emulation) if row.purpose == PREPARED}
            half = sandboxes.update().where(sandboxes.c.purpose == PREPARED).values(purpose=FILLING)

            async def leave() -> None:
                async with emulation.runtime.database.transaction() as connection:
                    assert await connection.run(half, {}) == len(left) == 1

            emulation.run(leave)

        with emulate(database_url=url) as emulation:
            emulation.settle()
            found = {row.id: row.purpose for row in identities(emulation)}

        assert not left & found.keys()
        assert sorted(filter(None, found.values())) == [SNAPSHOT, PREPARED]

    def test_a_changed_source_restarts_the_preparation(self) -> None:
        """The second of two seeds discards the copy of the first."""
        with emulate() as emulation:
            server = emulation.control()
            server.post("/seed", json=SEED)
            emulation.run(partial(asyncio.sleep, 2 * prepared_copies.START_DELAY_SECONDS))
            more = {**SEED, "braze": {"catalogs": [{**SHOP["catalogs"][0]}]}}

            server.post("/seed", json=more)
            emulation.settle()

            purposes = [row.purpose for row in identities(emulation) if row.purpose]
            assert sorted(purposes) == [SNAPSHOT, PREPARED]
            assert names(emulation.client("/braze")) == ["seeded", "shop"]

    def test_preparation_waits_for_the_database(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The log has one line."""
        go_on, outages = (
            prepared_copies._copy_some,
            [DatabaseUnavailableError("away"), DatabaseUnavailableError("still away")],
        )

        async def go_on_later(*given: Any) -> Any:
            if outages:
                raise outages.pop()
            return await go_on(*given)

        caplog.set_level("INFO")
        monkeypatch.setattr(prepared_copies, "_copy_some", go_on_later)
        monkeypatch.setattr(sweeping, "BACKOFF_SECONDS", 0)
        with emulate() as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.settle()

            assert [row.purpose for row in identities(emulation)].count(PREPARED) == 1
        assert caplog.text.count("a prepared copy has to wait: ") == 2
        assert "Traceback" not in caplog.text

    def test_a_failed_begin_is_tried_again_later(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The call that caused it succeeds."""

        async def away(*_: Any) -> Any:
            raise DatabaseUnavailableError("away")

        caplog.set_level("INFO")
        with emulate() as emulation:
            with monkeypatch.context() as patch:
                patch.setattr(prepared_copies, "_source", away)
                assert emulation.control().post("/seed", json=SEED).status_code == 200
                emulation.settle()
            assert "a prepared copy could not be created yet: away" in caplog.text

            assert names(emulation.client("/braze")) == ["seeded"]

            emulation.settle()
            assert [row.purpose for row in identities(emulation)].count(PREPARED) == 1

    def test_a_start_with_nothing_to_clean_writes_nothing(self, tmp_path: Path) -> None:
        """Another process may hold the database's lock."""
        file = tmp_path / "kept.db"
        with emulate(database_url=f"sqlite:///{file}", migrate=True) as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.settle()

        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with emulate(database_url=f"sqlite:///{file}", migrate=False) as emulation:
                assert emulation.control().get("/health").status_code == 200
                other.execute("ROLLBACK")

                assert names(emulation.client("/braze")) == ["seeded"]

    def test_the_stop_does_not_wait_for_a_copy(self) -> None:
        """The unfinished copy is swept."""
        with emulate() as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.client("/braze").get("/catalogs")


def test_no_copy_is_made_of_a_generation_that_is_gone(emulation: Emulation) -> None:
    """Its snapshot was deleted meanwhile."""
    copies = emulation.runtime.sandboxes.prepared_copies

    assert emulation.run(lambda: copies.make(10**9)) is None
