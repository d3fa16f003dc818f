"""Snapshots: named copies of a sandbox or of the whole server, which resets do not delete."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from mockalog.kernel.clock import machine_now
from mockalog.kernel.database.interfaces import Connection, Database, Query
from mockalog.kernel.database.models import SNAPSHOT, TEMPLATE, snapshots
from mockalog.kernel.sandboxes import credentials, generations
from mockalog.kernel.sandboxes.sandboxes import Sandbox, Sandboxes

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


class _DeletedRow(NamedTuple):
    identity_id: int


_list = (
    select(snapshots.c.name, snapshots.c.created_at)
    .distinct()
    .where(_owned, snapshots.c.name != BASELINE)
    .order_by(snapshots.c.name)
)
_LIST = Query(_list, SnapshotRow)
_FIND = Query(select(snapshots).where(*_one).order_by(snapshots.c.member), MemberRow)
_STORE = upsert(snapshots).values({column.name: bindparam(column.name) for column in snapshots.c})
_delete_all = delete(snapshots).where(*_one).returning(snapshots.c.identity_id)
_DELETE = Query(_delete_all, _DeletedRow)
_DELETE_MEMBER = Query(_delete_all.where(snapshots.c.member == bindparam("left")), _DeletedRow)


class UnknownSnapshotError(Exception):
    """A snapshot of that name does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"snapshot {name!r} does not exist")


class Snapshots:
    """Takes, restores and deletes snapshots. `sandbox` None means the whole server.

    Each of these holds the template's lock, so no call finds a snapshot that another one exchanges.
    """

    def __init__(self, database: Database, sandboxes: Sandboxes) -> None:
        self._database = database
        self._sandboxes = sandboxes

    async def all(self, sandbox: Sandbox | None) -> Sequence[SnapshotRow]:
        """Return name and instant of each snapshot, by name."""
        async with self._database.transaction() as connection:
            return await connection.all(_LIST, {"of": _owner(sandbox)})

    async def save(self, sandbox: Sandbox | None, name: str) -> int:
        """Copy the sandbox or server under a name, in place of the old copy; return the instant."""
        kept = await self._save(_owner(sandbox), name, await self._members(sandbox))
        if sandbox is not None:
            self._sandboxes.prepared_copies.prepare(kept[0]["identity_id"])
        return int(kept[0]["created_at"])

    async def save_baseline(self, members: Sequence[str]) -> None:
        """Store the template, and the other sandboxes of the seed, as the baseline."""
        await self._save(TEMPLATE, BASELINE, members)

    async def rebase(self, connection: Connection, template_id: int) -> None:
        """Replace the template's part of the baseline, because a seed has changed the template.

        Faults that were armed meanwhile are no part of it. Other sandboxes of the baseline stay as
        they were. The caller holds the template's lock.
        """
        copied = await generations.create_copy(
            connection, None, template_id, SNAPSHOT, inheriting=True
        )
        old = {"of": TEMPLATE, "named": BASELINE, "left": TEMPLATE}
        for row in await connection.all(_DELETE_MEMBER, old):
            await generations.release(connection, row.identity_id)
        baseline = {
            "owner": TEMPLATE,
            "name": BASELINE,
            "member": TEMPLATE,
            "identity_id": copied,
            # No credential opens the template.
            "credentials": "[]",
            "created_at": machine_now(),
        }
        await connection.run(_STORE, baseline)

    async def has_baseline(self) -> bool:
        """Return whether the server was seeded."""
        async with self._database.transaction() as connection:
            return bool(await _find(connection, TEMPLATE, BASELINE))

    async def restore_baseline(self) -> None:
        """Restore the whole server to its baseline; without a baseline it is empty."""
        await self.restore(None, BASELINE)

    async def restore(self, sandbox: Sandbox | None, name: str) -> None:
        """Restore a snapshot; raises `UnknownSnapshotError`."""
        async with self._database.transaction() as connection:
            await generations.lock_template(connection)
            found = await _find(connection, _owner(sandbox), name)
            if not found and name != BASELINE:
                raise UnknownSnapshotError(name)
            if sandbox is None:
                await generations.retire_all(connection)
            for row in found:
                await self._restore(connection, row)
            self._sandboxes.forget()
        if sandbox is None:
            self._sandboxes.prepared_copies.prepare()
        if len(found) == 1:  # a copy of each sandbox of a server would be too much
            self._sandboxes.prepared_copies.prepare(found[0].identity_id)

    async def delete(self, sandbox: Sandbox | None, name: str) -> None:
        """Delete a snapshot; raises `UnknownSnapshotError`."""
        async with self._database.transaction() as connection:
            await generations.lock_template(connection)
            was_there = await _delete(connection, _owner(sandbox), name)
        if not was_there:
            raise UnknownSnapshotError(name)

    async def _members(self, sandbox: Sandbox | None) -> list[str]:
        if sandbox is not None:
            return [sandbox.name]
        await self._sandboxes.open(TEMPLATE)
        return [member.name for member in await self._sandboxes.all()]

    async def _save(self, owner: str, name: str, members: Sequence[str]) -> list[dict[str, Any]]:
        """Copy first and exchange afterwards: the copy needs one moment, the exchange the latest
        state.

        Return the rows of the members.
        """
        created_at = machine_now()
        async with self._database.transaction() as connection:
            await connection.snapshot_isolation()
            copies = [await _copy(connection, member) for member in members]
        rows = [
            {**copied, "owner": owner, "name": name, "created_at": created_at}
            for copied in copies
            if copied is not None
        ]
        if not rows:  # reset at this moment
            raise UnknownSnapshotError(name)
        async with self._database.transaction() as connection:
            await generations.lock_template(connection)
            await _delete(connection, owner, name)
            await connection.many(_STORE, rows)
        return rows

    async def _restore(self, connection: Connection, row: MemberRow) -> None:
        await generations.replace(connection, row.member, row.identity_id)
        known = json.loads(row.credentials)
        await credentials.put_back(connection, [{**one, "sandbox": row.member} for one in known])


def _owner(sandbox: Sandbox | None) -> str:
    return TEMPLATE if sandbox is None else sandbox.name


async def _find(connection: Connection, owner: str, name: str) -> Sequence[MemberRow]:
    return await connection.all(_FIND, {"of": owner, "named": name})


async def _copy(connection: Connection, member: str) -> dict[str, Any] | None:
    """Copy a sandbox to a generation of its own; return None if it is gone."""
    row = await generations.find(connection, member)
    if row is None:
        return None
    return {
        "member": member,
        "identity_id": await generations.create_copy(connection, None, row.id, SNAPSHOT),
        "credentials": json.dumps(await credentials.of_sandbox(connection, member)),
    }


async def _delete(connection: Connection, owner: str, name: str) -> bool:
    gone = await connection.all(_DELETE, {"of": owner, "named": name})
    for row in gone:
        await generations.release(connection, row.identity_id)
    return bool(gone)
