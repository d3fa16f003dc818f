"""Runs of ingestions: a job takes a batch into a catalog.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads_stored
from mockalog.kernel.jobs.queue import Job
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.repository import catalogs, ingestions, items, ledgers
from mockalog.vendors.attraqt.rules import batches as rules
from mockalog.vendors.attraqt.rules.batches import Configuration
from mockalog.vendors.attraqt.rules.feedback import broken, receipts
from mockalog.vendors.attraqt.rules.items import Operation
from mockalog.vendors.attraqt.rules.merging import CHANGED, FAILURE, Outcome
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.trials import Trial, rejection
from mockalog.vendors.attraqt.rules.values import Contents
from mockalog.vendors.attraqt.service.activations import promote
from mockalog.vendors.attraqt.service.intake import contents_of, record, stored_items, take_in
from mockalog.vendors.attraqt.service.portions import STRIDE, Portion, portions

# The job that carries an ingestion out.
INGEST = "attraqt.ingest"

CANCELLED = "Cancelled"
_GONE = "The catalog does not exist any more"


async def run_ingestion(rows: Repository, job: Job) -> str:
    """Carry an ingestion out at the job's due time; return how it ended."""
    run = await _begin(rows, _tenancy(job), job.payload["name"], job.due_at)
    return CANCELLED if run is None else await run.carry_out(job)


async def fail_ingestion(rows: Repository, job: Job, reason: str) -> None:
    """End an ingestion as failed that broke; what it had done is undone."""
    run = await _begin(rows, _tenancy(job), job.payload["name"], job.due_at)
    if run is not None:
        await run.refuse(broken(job.error))


async def cancel(rows: Repository, tenancy: Tenancy, name: str, now: int) -> None:
    """End an ingestion before its job does; nothing happens to one that has ended."""
    run = await _begin(rows, tenancy, name, now)
    if run is not None:
        await run.refuse(CANCELLED)


async def _begin(rows: Repository, tenancy: Tenancy, name: str, now: int) -> "_Run | None":
    """Return the run of an ingestion, None if it has ended.

    The tenancy's catalogs are locked first, as everywhere: it may end in an activation. Nobody
    else changes the catalog's items from here on to the end.
    """
    await catalogs.lock(rows, tenancy)
    row: Any = await ingestions.lock(rows, tenancy, name)
    if row.status != rules.PENDING:
        return None
    version = Configuration(**loads_stored(row.configuration)).version
    await ledgers.lock(rows, tenancy, version)
    return _Run(rows, tenancy, row, await ledgers.find(rows, tenancy, version), now)


def _tenancy(job: Job) -> Tenancy:
    return Tenancy(job.payload["tenant"], job.payload["environment"])


class _Run:
    """One ingestion at work, some operations at a time: all of it in one transaction."""

    def __init__(self, rows: Repository, tenancy: Tenancy, row: Any, ledger: Any, now: int) -> None:
        self._rows = rows
        self._tenancy = tenancy
        self._row = row
        self._wanted = Configuration(**loads_stored(row.configuration))
        # The ledger as it was at the start: its counters move on.
        self._began = ledger
        # A clock may have been set back since.
        self._now = max(now, row.created_at)
        self._errors: Counter[str] = Counter()
        self._upserted = self._deleted = 0

    async def carry_out(self, job: Job) -> str:
        """Take the batch in unless it falls short; return how that ended."""
        found = await ledgers.find_open(self._rows, self._tenancy, self._wanted.version)
        if found is None:
            return await self.refuse(_GONE)
        contents = await contents_of(self._rows, self._tenancy, found.document)
        if reason := await self._try(contents):
            return await self.refuse(reason)
        self._errors.clear()
        async for portion in self._portions():
            await self._take_in(contents, portion)
        if self._wanted.delete_missing:
            await self._delete_missing(job.payload["uuid"])
        return await self._end(rules.COMPLETED, await self._promote(job))

    async def refuse(self, reason: str) -> str:
        """Take nothing in, and record that of each operation; return how that ended."""
        async for portion in self._portions():
            failed = [Outcome(FAILURE, reason)] * len(portion.operations)
            await self._record(portion.names, portion.receipts, failed)
        return await self._end(rules.FAILED, reason)

    def _portions(self) -> AsyncIterator[Portion]:
        return portions(self._rows, self._row.batch_id, self._row.size)

    async def _try(self, contents: Contents) -> str:
        """Return why too few items would pass, "" if enough do or nobody asks."""
        if not self._wanted.min_items and not self._wanted.min_success_percent:
            return ""
        trial = Trial(contents)
        async for portion in self._portions():
            ids = trial.unknown(portion.operations)
            trial.learn(ids, await stored_items(self._rows, self._began.id, ids))
            for operation in portion.operations:
                trial.take(operation)
        self._errors = trial.errors
        return rules.shortfall(self._wanted, valid=trial.valid, total=trial.total)

    async def _take_in(self, contents: Contents, portion: Portion) -> None:
        """Take in what passes, and record what became of each."""
        operations = portion.operations
        rejected = [rejection(contents, operation) for operation in operations]
        right = [o for o, outcome in zip(operations, rejected, strict=True) if outcome is None]
        taken = iter(await self._merge(right))
        outcomes = [outcome or next(taken) for outcome in rejected]
        if self._wanted.delete_missing:
            keys = [  # what changed was stored as named
                (operation.id, operation.type)
                for operation, outcome in zip(operations, outcomes, strict=True)
                if operation.kind != "delete" and outcome is not CHANGED
            ]
            await items.name_many(self._rows, self._began.id, self._row.id, keys)
        self._tally(operations, outcomes)
        await self._record(portion.names, portion.receipts, outcomes)

    async def _merge(self, operations: Sequence[Operation]) -> list[Outcome]:
        ledger: Any = await ledgers.find(self._rows, self._tenancy, self._wanted.version)
        source, ingestion = self._wanted.source, self._row.id
        return await take_in(self._rows, ledger, operations, source=source, ingestion=ingestion)

    def _tally(self, operations: Sequence[Operation], outcomes: Sequence[Outcome]) -> None:
        """Count what changed and what went wrong."""
        for operation, outcome in zip(operations, outcomes, strict=True):
            if outcome.state == FAILURE:
                self._errors[outcome.kind] += 1
            elif outcome is CHANGED:
                self._upserted += operation.kind != "delete"
                self._deleted += operation.kind == "delete"

    async def _delete_missing(self, uuid: str) -> None:
        """Delete what the source brought before and does not name now, and record each.

        What was streamed has no source, and what an ingestion brought that named none has an
        empty one (inferred).
        """
        which = items.Missing(self._wanted.source, self._row.id, self._now)
        ledger, first = self._began.id, 0
        while found := await items.missing(self._rows, ledger, which, first=first, limit=STRIDE):
            names, last = [row.item_id for row in found], found[-1].position
            await items.delete_missing(self._rows, ledger, which, first=first, last=last)
            await ledgers.count(self._rows, ledger, items=-len(names))
            await self._record(names, uuid, [CHANGED] * len(names))
            self._deleted += len(names)
            first = last + 1

    async def _record(
        self, names: Sequence[str], given: Sequence[str] | str, outcomes: Sequence[Outcome]
    ) -> None:
        """Record outcomes under the receipts that were given, or under new ones of a UUID."""
        ledger: Any = await ledgers.find(self._rows, self._tenancy, self._wanted.version)
        if isinstance(given, str):
            given = receipts(ledger.last_update, len(names), given)
        times = {"began": self._row.created_at, "ended": self._now}
        await record(self._rows, ledger, names, given, outcomes, **times)

    async def _promote(self, job: Job) -> str:
        """Activate the catalog if that is wanted; return why it was not, "" if it was."""
        if not self._wanted.promote:
            return ""
        return await promote(self._rows, self._tenancy, self._wanted.version, job)

    async def _end(self, status: str, reason: str) -> str:
        result = schemas.result_out(
            reason=reason, errors=self._errors, upserted=self._upserted, deleted=self._deleted
        )
        await ingestions.end(
            self._rows,
            self._tenancy,
            self._row.name,
            status=status,
            result=result,
            first_update=self._began.last_update,
            now=self._now,
        )
        return status
