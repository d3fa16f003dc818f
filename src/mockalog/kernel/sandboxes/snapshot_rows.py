"""The rows of snapshots: one for each sandbox that a snapshot holds."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from mockalog.kernel.database.interfaces import Connection, Query
from mockalog.kernel.database.models import snapshots
from mockalog.kernel.sandboxes import credentials, generations
from mockalog.kernel.sandboxes.handovers import PART
from mockalog.kernel.sandboxes.hidden_generations import ReleasedError, keep

# The whole server as it was seeded. No call can name it, because its name is empty.
BASELINE = ""


_owned = snapshots.c.owner == bindparam("of")
_one = (_owned, snapshots.c.name == bindparam("named"))


class SnapshotRow(NamedTuple):
    """A snapshot; `created_at` in microseconds."""

    name: str
    created_at: int


class MemberRow(NamedTuple):
    """A sandbox's part of a snapshot; `credentials` is JSON."""

    owner: str
    name: str
    member: str
    identity_id: int
    credentials: str
    created_at: int


class MemberCopy(NamedTuple):
    """A copied sandbox: its name, the hidden generation, and its credentials as JSON."""

    member: str
    identity_id: int
    credentials: str


class _DeletedRow(NamedTuple):
    identity_id: int


_list = (
    # While a large snapshot is replaced, it has rows of two instants.
    select(snapshots.c.name, func.max(snapshots.c.created_at).label("created_at"))
    .where(_owned, snapshots.c.name != BASELINE)
    .group_by(snapshots.c.name)
    .order_by(snapshots.c.name)
)
LIST = Query(_list, SnapshotRow)
_rest = select(snapshots).where(*_one, snapshots.c.member > bindparam("last"))
FIND = Query(_rest.order_by(snapshots.c.member).limit(PART), MemberRow)
_STORE = upsert(snapshots).values({column.name: bindparam(column.name) for column in snapshots.c})
_OWNED = Query(select(snapshots).where(_owned), MemberRow)
_delete = (
    delete(snapshots)
    .where(*_one, snapshots.c.member == bindparam("left"))
    .returning(snapshots.c.identity_id)
)
_DELETE = Query(_delete, _DeletedRow)
_MEMBER = Query(select(snapshots).where(*_one, snapshots.c.member == bindparam("left")), MemberRow)
_others = select(snapshots).where(*_one, snapshots.c.created_at != bindparam("instant"))
OTHERS = Query(_others.limit(PART), MemberRow)


# Any: the columns of a row differ in type.
async def store(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store members in place of the old ones of the same names; raises `ReleasedError`."""
    for row in rows:
        old = {**named(row["owner"], row["name"]), "left": row["member"]}
        for gone in await connection.all(_DELETE, old):
            await generations.release(connection, gone.identity_id)
    await keep(connection, [row["identity_id"] for row in rows])
    await connection.many(_STORE, rows)


async def delete_members(connection: Connection, rows: Sequence[MemberRow]) -> None:
    """Delete members and release their generations to cleanup."""
    for row in rows:
        await connection.all(_DELETE, {**named(row.owner, row.name), "left": row.member})
        await generations.release(connection, row.identity_id)


async def take_over_member(row: MemberRow, connection: Connection) -> None:
    """Restore a member; raises `ReleasedError` if the snapshot was replaced meanwhile."""
    owned = {**named(row.owner, row.name), "left": row.member}
    if await connection.all(_MEMBER, owned) != [row]:
        raise ReleasedError
    await generations.replace(connection, row.member, row.identity_id)
    known = json.loads(row.credentials)
    await credentials.put_back(connection, [{**one, "sandbox": row.member} for one in known])


def named(owner: str, name: str) -> dict[str, object]:
    """Return the parameters of a snapshot's name."""
    return {"of": owner, "named": name}


async def delete_all(connection: Connection, owner: str) -> None:
    """Delete every snapshot of a sandbox."""
    await delete_members(connection, await connection.all(_OWNED, {"of": owner}))
