"""Imports: documents become the state of sandboxes.

A document fills a hidden generation in many short transactions, so that a million rows delay no
other call. One transaction then gives it the sandbox's name. So a call sees the old state or the
new one, and an error changes nothing.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from mockalog.kernel.clock import Clock
from mockalog.kernel.database.interfaces import Connection, DatabaseUnavailableError
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.documents.errors import within
from mockalog.kernel.sandboxes import credentials, generations
from mockalog.kernel.sandboxes.generations import SandboxRow
from mockalog.kernel.sandboxes.handovers import PART, Successor, hand_over
from mockalog.kernel.sandboxes.hidden_generations import (
    ReleasedError,
    copy_hidden,
    create_hidden,
    releasing,
    take_over,
)
from mockalog.kernel.state.contents import Contents
from mockalog.kernel.state.schema import Document
from mockalog.kernel.turns import Turns
from mockalog.kernel.vendor.faults import move_faults
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor

# The values of a new sandbox's own row.
_NEW = SandboxRow(0, "", "real", 0, "{}", None, 0, 0, False, None, None, False)


class Importer:
    """Applies documents. `turns` are those of the call, whose client may leave."""

    def __init__(self, runtime: Runtime, vendors: Mapping[str, Vendor], turns: Turns) -> None:
        self._runtime = runtime
        self._database = runtime.database
        self._turns = turns
        self._contents = Contents(runtime, vendors, turns)

    async def begin(
        self, found: Mapping[str, Document], unnamed: str, *, retires_others: bool = False
    ) -> set[str]:
        """Give sandboxes new generations with the state of their documents; return their names.

        `unnamed` is the sandbox of the document without a name. With `retires_others` no other
        sandbox stays. Raises `InvalidDocumentError`, and `ClientLeftError` before the handover.
        """
        known = await self._contents.credentials(found, unnamed)
        like = _NEW if unnamed == TEMPLATE else await self._like_template()
        async with self._hidden() as hidden:
            successors = []
            for key, document in found.items():
                name = key or unnamed
                with within(("sandboxes", key) if key else ()):
                    sandbox_id = await self._build(name, document, like, hidden)
                step = partial(_take_over, name, sandbox_id, known[name][:PART])
                successors.append(Successor(name, step))
            await hand_over(
                self._database, self._runtime.sandboxes, successors, retires_others=retires_others
            )
        for rows in known.values():
            await self._contents.register(rows[PART:])
        return set(known)

    async def add_to_template(self, document: Document, *, rebases: bool) -> None:
        """Add a document to the template; new sandboxes copy the old one until it is complete.

        With `rebases` the result becomes the server's baseline, without faults. Raises
        `InvalidDocumentError` and `ClientLeftError`.
        """
        known = await self._contents.credentials({"": document}, TEMPLATE)
        async with self._database.transaction() as connection:
            row = await generations.lock_template(connection)
        async with self._database.hold(row.id), self._hidden() as hidden:
            changed = await self._copy(row, hidden)
            await self._contents.fill(changed, TEMPLATE, document, _clock(row))
            baseline = None
            if rebases:
                async with self._database.transaction() as connection:
                    complete = await generations.find_by_id(connection, changed)
                baseline = await self._copy(complete, hidden)

            async def replace(connection: Connection) -> None:
                await move_faults(connection, row.id, changed)
                await _take_over(TEMPLATE, changed, known[TEMPLATE][:PART], connection)
                if baseline is not None:
                    await self._runtime.snapshots.rebase(connection, baseline)

            template = Successor(TEMPLATE, replace)
            await hand_over(self._database, self._runtime.sandboxes, [template])
        await self._contents.register(known[TEMPLATE][PART:])

    async def add(self, name: str, document: Document, *, is_large: bool) -> None:
        """Add a document to a sandbox, in one transaction if that delays no other call for long.

        Raises `InvalidDocumentError`, and `ClientLeftError` before anything is added.
        """
        known = await self._contents.credentials({"": document}, name)
        add = self._add_large if is_large and not self._database.shared else self._add_at_once
        while not await add(name, document):
            pass
        await self._contents.register(known[name])

    async def _add_at_once(self, name: str, document: Document) -> bool:
        """Return False if the sandbox is reset at the same time."""
        sandbox = await self._runtime.sandboxes.open(name)
        return await self._contents.fill_at_once(sandbox, document)

    async def _add_large(self, name: str, document: Document) -> bool:
        """Add a document in many transactions, while the sandbox's callers wait.

        A rehearsal on a hidden copy finds every error before the sandbox changes. Return False if
        the sandbox is reset at the same time.
        """
        sandbox = await self._runtime.sandboxes.open(name)
        async with self._database.hold(sandbox.id):
            async with self._database.transaction() as connection:
                row = await generations.find(connection, name)
            if row is None or row.id != sandbox.id:
                return False
            async with self._hidden() as hidden:
                rehearsal = await self._copy(row, hidden)
                await self._contents.fill(rehearsal, name, document, _clock(row))
            await self._release(rehearsal)
            complete = Contents(self._runtime, self._contents.vendors, Turns())
            await complete.fill(row.id, name, document, _clock(row))
        return True

    async def _like_template(self) -> SandboxRow:
        """Return a new row with the clock and the settings of the template."""
        async with self._database.transaction() as connection:
            row = await generations.lock_template(connection)
        return row._replace(next_due=None, last_job=0, seeded=False)

    async def _build(
        self, name: str, document: Document, like: SandboxRow, hidden: list[int]
    ) -> int:
        """Return a hidden generation with the state of a document."""
        async with self._database.transaction() as connection:
            sandbox_id = await create_hidden(connection, like)
        hidden.append(sandbox_id)
        await self._contents.load(sandbox_id, document)
        await self._contents.fill(sandbox_id, name, document, _clock(like))
        return sandbox_id

    async def _copy(self, row: SandboxRow, hidden: list[int]) -> int:
        """Copy a generation that is held, without its faults."""
        async with self._database.reading() as reader:
            return await copy_hidden(
                self._database, reader, row, hidden, self._turns, inheriting=True
            )

    async def _release(self, sandbox_id: int) -> None:
        async with self._database.transaction() as connection:
            await generations.release(connection, sandbox_id)

    @asynccontextmanager
    async def _hidden(self) -> AsyncIterator[list[int]]:
        """Release the hidden generations of the block after an error."""
        try:
            async with releasing(self._database) as hidden:
                yield hidden
        except ReleasedError:
            raise DatabaseUnavailableError(
                "another server started during the import: import again"
            ) from None


async def _take_over(
    name: str, sandbox_id: int, known: Sequence[Mapping[str, object]], connection: Connection
) -> None:
    await take_over(connection, name, sandbox_id)
    await credentials.put_back(connection, known)


def _clock(row: SandboxRow) -> Clock:
    return Clock(row.clock_mode, row.clock_value)
