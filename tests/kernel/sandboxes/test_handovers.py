"""Handovers, snapshots and copies of many sandboxes and rows: in parts, each sandbox whole."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog.kernel import turns
from mockalog.kernel.database import row_copies
from mockalog.kernel.database.models import FILLING
from mockalog.kernel.sandboxes import generations, handovers, hidden_generations, snapshots
from mockalog.kernel.sandboxes.generations import create_from
from mockalog.kernel.sandboxes.hidden_generations import ReleasedError
from mockalog.kernel.sandboxes.snapshots import UnknownSnapshotError
from mockalog.kernel.turns import ClientLeftError, Turns
from tests.emulation import Emulation, emulate
from tests.kernel.factories import SHOP, names
from tests.kernel.sandboxes.factories import SEED, identities, kept_shop

# Sandboxes that one transaction changes in these tests.
PART = 2


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few sandboxes are many."""
    for module in (handovers, snapshots):
        monkeypatch.setattr(module, "PART", PART)


@pytest.fixture
def _no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn is over at once."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)


@pytest.fixture(params=["sqlite://", "postgresql"])
def many(request: pytest.FixtureRequest) -> Iterator[tuple[Emulation, list[httpx.Client]]]:
    """A server with five sandboxes, each with a catalog."""
    url = request.param
    if url == "postgresql":
        url = request.getfixturevalue("new_postgres_url")()
    with emulate(database_url=url, migrate=True) as emulation:
        clients = [emulation.client("/braze") for _ in range(2 * PART + 1)]
        for client in clients:
            client.post("/catalogs", json=SHOP)
        yield emulation, clients


def kept(emulation: Emulation) -> list[Any]:
    """Return the generations without a name, after the cleanup."""
    emulation.settle()
    return [row for row in identities(emulation) if row.name is None]


@pytest.mark.parametrize("to", ["empty", "baseline"])
def test_a_reset_of_many_sandboxes_empties_each(
    many: tuple[Emulation, list[httpx.Client]], to: str
) -> None:
    """In several transactions."""
    emulation, clients = many

    assert emulation.control().post("/reset", json={"to": to}).status_code == 200

    assert [names(client) for client in clients] == [[]] * len(clients)
    assert kept(emulation) == []


def test_a_snapshot_of_many_sandboxes_restores_each(
    many: tuple[Emulation, list[httpx.Client]],
) -> None:
    """It replaces an older one of fewer sandboxes; its deletion releases all."""
    emulation, clients = many
    server = emulation.control()
    server.put("/snapshots/all")
    server.post("/reset", json={"to": "empty"})
    for client in clients[:4]:
        client.post("/catalogs", json=SHOP)
    server.put("/snapshots/all")
    for client in clients:
        client.post("/catalogs", json={"catalogs": [{**SHOP["catalogs"][0], "name": "late"}]})

    assert server.post("/snapshots/all/restore").status_code == 200

    assert [names(client) for client in clients] == [["shop"]] * 4 + [[]]
    assert [one["name"] for one in server.get("/snapshots").json()["snapshots"]] == ["all"]
    assert server.delete("/snapshots/all").status_code == 204
    assert server.delete("/snapshots/all").status_code == 404
    assert kept(emulation) == []


@pytest.mark.usefixtures("_no_time")
@pytest.mark.parametrize("after", [0, 3])
def test_a_client_that_leaves_a_save_leaves_nothing(
    many: tuple[Emulation, list[httpx.Client]], after: int
) -> None:
    """The copies of its snapshot are released."""
    emulation, _ = many
    asked = iter(range(1000))
    leaving = Turns(lambda: next(asked) >= after)

    with pytest.raises(ClientLeftError):
        emulation.run(lambda: emulation.runtime.snapshots.save(None, "all", leaving))

    assert emulation.control().get("/snapshots").json() == {"snapshots": []}
    emulation.run(emulation.runtime.sandboxes.cleanup.settle)
    assert [row for row in identities(emulation) if row.purpose] == []


def test_a_save_begins_again_if_a_starting_server_releases_its_copies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And a restore, if the snapshot is replaced meanwhile."""
    with emulate() as emulation:
        client, control = kept_shop(emulation)
        keep, released = hidden_generations.keep, iter([True, False])

        async def keep_second(connection: Any, sandbox_ids: Any) -> None:
            if next(released, False):
                raise ReleasedError
            await keep(connection, sandbox_ids)

        monkeypatch.setattr("mockalog.kernel.sandboxes.snapshot_rows.keep", keep_second)
        client.post("/catalogs", json={"catalogs": [{**SHOP["catalogs"][0], "name": "b"}]})
        assert control.put("/snapshots/s").status_code == 200
        client.delete("/catalogs/b")

        async def scene() -> None:
            runtime = emulation.runtime
            sandbox = next(s for s in await runtime.sandboxes.all() if len(s.name) == 64)
            find, found = runtime.snapshots._find, []

            async def find_late(*arguments: Any) -> Any:
                found.append(await find(*arguments))
                if len(found) == 1:
                    await runtime.snapshots.save(sandbox, "s")
                return found[-1]

            monkeypatch.setattr(runtime.snapshots, "_find", find_late)
            await runtime.snapshots.restore(sandbox, "s")
            assert len(found) == 2

        emulation.run(scene)
        assert names(client) == ["shop"]


@pytest.mark.parametrize("action", ["save", "export"])
def test_a_reset_during_a_long_read_gives_the_state_after_it(
    monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """Never a part of the old one."""
    with emulate() as emulation:
        client, control = kept_shop(emulation)
        is_current, asked = generations.is_current, []

        async def reset_first(reader: Any, row: Any) -> bool:
            asked.append(row)
            if len(asked) == 1:
                async with emulation.runtime.database.transaction() as connection:
                    await generations.retire(connection, row.name)
                    await generations.begin(connection, row.name)
                    emulation.runtime.sandboxes.forget()
            return await is_current(reader, row)

        monkeypatch.setattr(generations, "is_current", reset_first)

        if action == "export":
            tables = control.get("/state").json()["tables"]
            assert set(tables) == {"sandboxes"}
        else:
            control.put("/snapshots/t")
            control.post("/snapshots/t/restore")
            assert names(client) == []


class TestLargeCopies:
    """A sandbox with many rows is copied in slices before it is handed over."""

    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(row_copies, "MAX_AT_ONCE", 10)
        row_copies._large.cache_clear()
        yield
        row_copies._large.cache_clear()

    def test_new_sandboxes_and_resets_copy_a_large_template(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also many at once, of which one takes the prepared copy."""
        with emulate() as emulation:
            emulation.control().post("/seed", json=SEED)
            clients = [emulation.client("/braze") for _ in range(3)]

            assert [names(client) for client in clients] == [["seeded"]] * 3
            clients[0].delete("/catalogs/seeded")
            prepared = emulation.runtime.sandboxes.prepared_copies
            monkeypatch.setattr(prepared, "prepare", lambda *_: None)
            for _ in range(2):
                emulation.control(clients[0]).post("/reset")
            assert names(clients[0]) == ["seeded"]
            assert len(clients[0].get("/catalogs/seeded/items").json()["items"]) == 50

    def test_restores_copy_a_large_snapshot(self) -> None:
        """Twice in a row, so that the prepared copy cannot be ready."""
        with emulate() as emulation:
            client = emulation.client("/braze")
            control = emulation.control(client)
            control.post("/seed", json=SEED)
            control.put("/snapshots/s")
            for _ in range(2):
                client.delete("/catalogs/seeded")
                assert control.post("/snapshots/s/restore").status_code == 200

                assert names(client) == ["seeded"]

    def test_a_snapshot_that_is_gone_is_unknown(self) -> None:
        """It is deleted while its rows are copied."""
        with emulate() as emulation:
            client = emulation.client("/braze")
            control = emulation.control(client)
            control.post("/seed", json=SEED)
            control.put("/snapshots/s")
            runtime = emulation.runtime

            async def scene() -> None:
                sandbox = next(s for s in await runtime.sandboxes.all() if len(s.name) == 64)
                await asyncio.gather(
                    *(runtime.snapshots.restore(sandbox, "s") for _ in range(3)),
                    runtime.snapshots.delete(sandbox, "s"),
                    return_exceptions=True,
                )
                with pytest.raises(UnknownSnapshotError):
                    await runtime.snapshots.restore(sandbox, "s")

            emulation.run(scene)
            assert names(client) == ["seeded"]


def test_a_released_generation_takes_no_name(emulation: Emulation) -> None:
    """Its rows may be deleted already."""

    async def scene() -> None:
        sandbox = await emulation.runtime.sandboxes.open("released")
        async with emulation.runtime.database.transaction() as connection:
            hidden = await create_from(connection, None, sandbox.id, FILLING)
            assert hidden is not None
            await generations.release(connection, hidden)
        with pytest.raises(ReleasedError):
            async with emulation.runtime.database.transaction() as connection:
                await hidden_generations.take_over(connection, "released", hidden)
        async with emulation.runtime.database.transaction() as connection:
            row = await generations.find(connection, "released")
        assert row is not None
        assert row.id == sandbox.id

    emulation.run(scene)
