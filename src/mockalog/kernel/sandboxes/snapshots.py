"""Snapshots: named copies of a sandbox or of the whole server, which resets do not delete."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from mockalog.kernel.clock import machine_now
from mockalog.kernel.database.interfaces import Connection, Database, Reader
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.sandboxes import credentials, generations
from mockalog.kernel.sandboxes.handovers import PART, Successor, hand_over
from mockalog.kernel.sandboxes.hidden_generations import (
    ReleasedError,
    copy_hidden,
    releasing,
)
from mockalog.kernel.sandboxes.sandboxes import Sandbox, Sandboxes
from mockalog.kernel.sandboxes.snapshot_rows import (
    BASELINE,
    FIND,
    LIST,
    OTHERS,
    MemberCopy,
    MemberRow,
    SnapshotRow,
    delete_members,
    named,
    store,
    take_over_member,
)
from mockalog.kernel.turns import Turns

logger = logging.getLogger(__name__)

T = TypeVar("T")


class UnknownSnapshotError(Exception):
    """A snapshot of that name does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"snapshot {name!r} does not exist")


class Snapshots:
    """Takes, restores and deletes snapshots. `sandbox` None means the whole server.

    Each exchange of names holds the template's lock, so no call finds half of one.
    """

    def __init__(self, database: Database, sandboxes: Sandboxes) -> None:
        self._database = database
        self._sandboxes = sandboxes

    async def all(self, sandbox: Sandbox | None) -> Sequence[SnapshotRow]:
        """Return name and instant of each snapshot, by name."""
        async with self._database.transaction() as connection:
            return await connection.all(LIST, {"of": _owner(sandbox)})

    async def save(self, sandbox: Sandbox | None, name: str, turns: Turns | None = None) -> int:
        """Copy the sandbox or server under a name, in place of the old copy; return the instant.

        Raises `ClientLeftError`; the old copy then stays.
        """
        turns = turns or Turns()
        members = await self._members(sandbox, turns)
        kept = await self._save(_owner(sandbox), name, members, turns)
        if sandbox is not None:
            self._sandboxes.prepared_copies.prepare(kept[0]["identity_id"])
        return int(kept[0]["created_at"])

    async def save_baseline(self, members: Sequence[str]) -> None:
        """Store the template, and the other sandboxes of the seed, as the baseline."""
        await self._save(TEMPLATE, BASELINE, members, Turns())

    async def rebase(self, connection: Connection, identity_id: int) -> None:
        """Make a hidden generation the template's part of the baseline.

        Other sandboxes of the baseline stay as they were. The caller holds the template's lock.
        Raises `ReleasedError`.
        """
        # No credential opens the template.
        part = {
            **MemberCopy(TEMPLATE, identity_id, "[]")._asdict(),
            "owner": TEMPLATE,
            "name": BASELINE,
        }
        await store(connection, [{**part, "created_at": machine_now()}])

    async def has_baseline(self) -> bool:
        """Return whether the server was seeded."""
        async with self._database.transaction() as connection:
            return bool(await connection.all(FIND, {**named(TEMPLATE, BASELINE), "last": ""}))

    async def restore_baseline(self) -> None:
        """Restore the whole server to its baseline; without a baseline it is empty."""
        await self.restore(None, BASELINE)

    async def restore(self, sandbox: Sandbox | None, name: str, turns: Turns | None = None) -> None:
        """Restore a snapshot; raises `UnknownSnapshotError`, and `ClientLeftError` before it.

        Many sandboxes are copied first, and then each changes at one instant.
        """
        turns, prepared_copies = turns or Turns(), self._sandboxes.prepared_copies
        found = await _again(lambda: self._restore(sandbox, name, turns))
        if sandbox is None:
            prepared_copies.prepare()
        if len(found) == 1:  # a copy of each sandbox of a server would be too much
            prepared_copies.prepare(found[0].identity_id)

    async def _restore(
        self, sandbox: Sandbox | None, name: str, turns: Turns
    ) -> Sequence[MemberRow]:
        """Restore the snapshot as it is found; raises `ReleasedError` if it is replaced then."""
        found = await self._find(_owner(sandbox), name, turns)
        if not found and name != BASELINE:
            raise UnknownSnapshotError(name)
        prepared_copies = self._sandboxes.prepared_copies
        for row in found if len(found) > PART else ():
            await prepared_copies.make(row.identity_id, beside_others=False)
            await turns.give_way()
        successors = [Successor(row.member, partial(take_over_member, row)) for row in found]
        if not found:
            successors.append(Successor(TEMPLATE, partial(generations.retire, name=TEMPLATE)))
        await prepared_copies.after_copies(
            lambda: hand_over(
                self._database, self._sandboxes, successors, retires_others=sandbox is None
            )
        )
        return found

    async def delete(self, sandbox: Sandbox | None, name: str) -> None:
        """Delete a snapshot; raises `UnknownSnapshotError`."""
        owner, turns, count = _owner(sandbox), Turns(), 0
        while True:
            async with self._database.transaction() as connection:
                await generations.lock_template(connection)
                rows = await connection.all(FIND, {**named(owner, name), "last": ""})
                await delete_members(connection, rows)
            count += len(rows)
            if len(rows) < PART:
                break
            await turns.give_way()
        if not count:
            raise UnknownSnapshotError(name)

    async def _members(self, sandbox: Sandbox | None, turns: Turns) -> list[str]:
        if sandbox is not None:
            return [sandbox.name]
        await self._sandboxes.open(TEMPLATE)
        return [member.name for member in await self._sandboxes.all(turns)]

    async def _find(self, owner: str, name: str, turns: Turns) -> list[MemberRow]:
        """Return the members of a snapshot by name, none if it does not exist."""
        found: list[MemberRow] = []
        last = ""
        while True:
            async with self._database.transaction() as connection:
                rows = await connection.all(FIND, {**named(owner, name), "last": last})
            found += rows
            if len(rows) < PART:
                return found
            last = rows[-1].member
            await turns.give_way()

    async def _save(
        self, owner: str, name: str, members: Sequence[str], turns: Turns
    ) -> list[dict[str, Any]]:
        return await _again(lambda: self._save_once(owner, name, members, turns))

    async def _save_once(
        self, owner: str, name: str, members: Sequence[str], turns: Turns
    ) -> list[dict[str, Any]]:
        """Copy first and exchange afterwards: the copies need time, the exchange the latest state.

        Return the rows of the members. Raises `ReleasedError`.
        """
        created_at = machine_now()
        async with releasing(self._database) as hidden:
            copies: list[MemberCopy] = []
            async with self._database.reading() as reader:
                for member in members:
                    copies += await self._copy(reader, member, hidden, turns)
                    await turns.give_way()
            rows = [
                {**one._asdict(), "owner": owner, "name": name, "created_at": created_at}
                for one in copies
            ]
            if not rows:  # reset at this moment
                raise UnknownSnapshotError(name)
            await self._exchange(owner, name, rows)
        return rows

    async def _copy(
        self, reader: Reader, member: str, hidden: list[int], turns: Turns
    ) -> "Sequence[MemberCopy]":
        """Copy a sandbox to a generation of its own; return nothing if it is gone."""
        while (row := await generations.read(reader, member)) is not None:
            async with reader.hold(row.id):
                known = json.dumps(await credentials.of_sandbox(reader, member))
                target = await copy_hidden(self._database, reader, row, hidden, turns)
                is_current = await generations.is_current(reader, row)
            if is_current:
                return [MemberCopy(member, target, known)]
        return []

    async def _exchange(self, owner: str, name: str, rows: Sequence[dict[str, Any]]) -> None:
        """Replace the members of a snapshot, `PART` of them in a transaction."""
        parts = [rows[first : first + PART] for first in range(0, len(rows), PART)]
        turns, values = Turns(), {**named(owner, name), "instant": rows[0]["created_at"]}
        for part in parts[:-1]:
            async with self._database.transaction() as connection:
                await generations.lock_template(connection)
                await store(connection, part)
            await turns.give_way()
        stored, has_more = parts[-1], True
        while has_more:
            async with self._database.transaction() as connection:
                await generations.lock_template(connection)
                await store(connection, stored)
                others = await connection.all(OTHERS, values)
                await delete_members(connection, others)
            stored, has_more = [], len(others) == PART
            await turns.give_way()


async def _again(action: Callable[[], Awaitable[T]]) -> T:
    """Run an action, and again whenever another call or server changes what it works on."""
    while True:
        try:
            return await action()
        except ReleasedError:
            logger.info("a snapshot changed meanwhile: its save or restore begins again")


def _owner(sandbox: Sandbox | None) -> str:
    return TEMPLATE if sandbox is None else sandbox.name
