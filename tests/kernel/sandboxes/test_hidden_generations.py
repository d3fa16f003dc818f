"""Hidden generations: they are kept or released, and never both."""

from typing import NamedTuple

import pytest
from sqlalchemy import bindparam, select

from mockalog.kernel.database.interfaces import Connection, Query
from mockalog.kernel.database.models import sandboxes as table
from mockalog.kernel.sandboxes import generations, hidden_generations
from mockalog.kernel.sandboxes.hidden_generations import ReleasedError
from tests.emulation import Emulation


class PurposeRow(NamedTuple):
    """Why a generation is kept."""

    purpose: str | None


def test_a_generation_that_is_not_hidden_cannot_be_kept(emulation: Emulation) -> None:
    """Another server has released it."""

    async def keep() -> None:
        async with emulation.runtime.database.transaction() as connection:
            await hidden_generations.keep(connection, [10**9])

    with pytest.raises(ReleasedError):
        emulation.run(keep)


def test_an_error_releases_only_what_no_snapshot_keeps(emulation: Emulation) -> None:
    """A save that fails in the middle loses no row of its first part."""
    emulation.control().get("/clock")
    database = emulation.runtime.database

    made: list[int] = []

    async def fail() -> None:
        async with hidden_generations.releasing(database) as hidden:
            async with database.reading() as reader:
                row = await generations.read(reader, "*")
            assert row is not None
            async with database.transaction() as connection:
                for _ in range(2):
                    hidden.append(await hidden_generations.create_hidden(connection, row))
                await hidden_generations.keep(connection, hidden[:1])
            made.extend(hidden)
            raise ZeroDivisionError

    async def purposes() -> list[str | None]:
        async with database.transaction() as connection:
            return [await purpose_of(connection, one) for one in made]

    with pytest.raises(ZeroDivisionError):
        emulation.run(fail)

    assert emulation.run(purposes) == ["snapshot", None]


async def purpose_of(connection: Connection, sandbox_id: int) -> str | None:
    """Return why a generation is kept."""
    query = Query(select(table.c.purpose).where(table.c.id == bindparam("wanted")), PurposeRow)
    row = await connection.first(query, {"wanted": sandbox_id})
    assert row is not None
    return row.purpose
