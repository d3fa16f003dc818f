"""The key that signs access tokens: one for the server, whatever the sandbox."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from mockalog.kernel.database.interfaces import NO_VALUES, Connection, Query
from mockalog.kernel.database.repository import upsert
from mockalog.vendors.attraqt.models import signing_keys


class _KeyRow(NamedTuple):
    private_key: str


_FIND = Query(select(signing_keys.c.private_key).where(signing_keys.c.id == 1), _KeyRow)
_ADD = (
    upsert(signing_keys)
    .values(id=1, private_key=bindparam("private_key"))
    .on_conflict_do_nothing(index_elements=["id"])
)


async def find_key(connection: Connection) -> str | None:
    """Return the private key in PEM, None before the first use."""
    row = await connection.first(_FIND, NO_VALUES)
    return None if row is None else row.private_key


async def add_key(connection: Connection, private_key: str) -> str:
    """Store a key if none is stored; return the stored one, so that all workers agree."""
    await connection.run(_ADD, {"private_key": private_key})
    stored = await find_key(connection)
    assert stored is not None
    return stored
