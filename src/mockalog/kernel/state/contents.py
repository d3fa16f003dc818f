"""The contents of a document: its rows, credentials, seeds, clock and settings."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from mockalog.kernel.clock import Clock
from mockalog.kernel.database.interfaces import Connection, ConstraintViolationError
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.documents import invariants, table_dumps
from mockalog.kernel.documents.errors import InvalidDocumentError, Path, within
from mockalog.kernel.documents.invariants import Invariant
from mockalog.kernel.http.responses import Response
from mockalog.kernel.late_imports import after_imports
from mockalog.kernel.late_results import computing_at_once
from mockalog.kernel.sandboxes import credentials, generations
from mockalog.kernel.sandboxes.handovers import PART
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.state.schema import Document
from mockalog.kernel.state.seeding import Seeder, Transactions
from mockalog.kernel.turns import Turns
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor

# The rows to store of the credentials of each sandbox.
Known = Mapping[str, Sequence[Mapping[str, object]]]


class Contents:
    """Stores the contents of documents in generations. `turns` are those of the call."""

    def __init__(self, runtime: Runtime, vendors: Mapping[str, Vendor], turns: Turns) -> None:
        self.vendors = vendors
        self._runtime = runtime
        self._database = runtime.database
        self._turns = turns

    async def credentials(self, found: Mapping[str, Document], unnamed: str) -> Known:
        """Return the credentials of documents by the name of their sandbox.

        Raises `InvalidDocumentError` for one that opens another sandbox.
        """
        known: dict[str, list[Mapping[str, object]]] = {}
        opening: dict[tuple[object, object], object] = {}
        for key, document in found.items():
            name = key or unnamed
            known[name] = []
            for number, credential in enumerate(document.credentials):
                row = credential.row(name)
                with within((*(("sandboxes", key) if key else ()), "credentials", number)):
                    _check_own(name, row)
                    await self._check_free(row, opening)
                known[name].append(row)
                await self._turns.give_way()
        return known

    async def register(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Register credentials, `PART` of them in a transaction."""
        for first in range(0, len(rows), PART):
            async with self._database.transaction() as connection:
                await credentials.put_back(connection, rows[first : first + PART])
                self._runtime.sandboxes.forget()
            await Turns().give_way()

    async def load(self, sandbox_id: int, document: Document) -> None:
        """Store the rows of a document in a hidden generation; raises `InvalidDocumentError`."""
        if not document.tables:
            return
        try:
            await table_dumps.load(self._database, sandbox_id, document.tables, self._turns)
        except ConstraintViolationError:
            raise InvalidDocumentError(
                "some rows violate a constraint", table_dumps.TABLES
            ) from None
        concerned = [one for one in self._invariants() if one.table.name in document.tables]
        await invariants.check(self._database, sandbox_id, concerned, self._turns)

    async def fill(self, sandbox_id: int, name: str, document: Document, clock: Clock) -> None:
        """Apply the vendors' sections, the clock and the settings in many transactions.

        No other call writes to the generation. `clock` is its present one.
        """
        sandbox = Sandbox(sandbox_id, name, _clock_of(document, clock))
        await self._seed(sandbox, document, self._in_turn)
        async with self._database.transaction() as connection:
            await self._set_up(connection, sandbox, document)

    async def fill_at_once(self, sandbox: Sandbox, document: Document) -> bool:
        """Apply the same in one transaction. Return False if the sandbox was reset meanwhile."""
        return await after_imports(lambda: self._fill_at_once(sandbox, document))

    async def _fill_at_once(self, sandbox: Sandbox, document: Document) -> bool:
        async with self._database.transaction(sandbox.id) as connection:
            row = await generations.lock(connection, sandbox.name)
            if row is not None:
                clock = _clock_of(document, Clock(row.clock_mode, row.clock_value))
                target = Sandbox(row.id, row.name, clock)
                with computing_at_once():
                    await self._seed(target, document, lambda work: work(connection))
                await self._set_up(connection, target, document)
            self._runtime.sandboxes.forget()
        return row is not None

    async def _seed(self, sandbox: Sandbox, document: Document, transactions: Transactions) -> None:
        """Apply the vendors' sections under default settings, without delays and rate limits."""
        for vendor in self.vendors.values():
            seed = getattr(document, vendor.name)
            if seed is not None:
                with within((vendor.name,)):
                    await seed.apply(Seeder(self._runtime, vendor, transactions, sandbox))

    async def _in_turn(self, work: Callable[[Connection], Awaitable[Response]]) -> Response:
        """Run a call's work in a transaction of its own, and give way."""

        async def run() -> Response:
            async with self._database.transaction() as connection:
                return await work(connection)

        response = await after_imports(run)
        await self._turns.give_way()
        return response

    async def _set_up(self, connection: Connection, sandbox: Sandbox, document: Document) -> None:
        await self._runtime.sandboxes.set_clock(connection, sandbox, sandbox.clock)
        checked = self._runtime.setting_registry.checked(document.settings)
        await self._runtime.sandboxes.change_settings(connection, sandbox, checked)
        if sandbox.name == TEMPLATE:
            await generations.mark_seeded(connection, sandbox.id)

    async def _check_free(
        self, row: Mapping[str, object], opening: dict[tuple[object, object], object]
    ) -> None:
        """Raise `InvalidDocumentError` for a credential that opens another sandbox already."""
        digest, own = str(row["digest"]), row["sandbox"]
        other = opening.setdefault((row["vendor"], digest), own)
        if other == own:
            stored = await self._runtime.sandboxes.credential(str(row["vendor"]), digest)
            other = own if stored is None else stored.sandbox
        if other != own:
            raise InvalidDocumentError("it opens another sandbox already")

    def _invariants(self) -> Iterator[Invariant]:
        yield from invariants.OF_THE_KERNEL
        for vendor in self.vendors.values():
            yield from vendor.api.invariants()


def _check_own(name: str, row: Mapping[str, object]) -> None:
    if name != TEMPLATE and row["sandbox"] != name:
        at: Path = ("sandbox",)
        raise InvalidDocumentError("it would open another sandbox", at)


def _clock_of(document: Document, present: Clock) -> Clock:
    return present if document.clock is None else document.clock.clock()
