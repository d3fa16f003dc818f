"""Ingestions: a batch taken into a catalog by a job (attraqt.md, section 7)."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any

from mockalog.kernel.call import Call
from mockalog.kernel.jobs import Job
from mockalog.kernel.repository import Repository
from mockalog.kernel.wire import dumps, loads
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import (
    BATCH_IMPORT_TENANT_ENV,
    CATALOG_NOT_FOUND,
    INGESTION_NOT_FOUND,
    INTERNAL,
    Rejected,
)
from mockalog.vendors.attraqt.repository import batches, catalogs, ingestions, items, ledgers
from mockalog.vendors.attraqt.rules import batches as rules
from mockalog.vendors.attraqt.rules.batches import Configuration
from mockalog.vendors.attraqt.rules.items import Operation
from mockalog.vendors.attraqt.rules.merging import FAILURE, SUCCESS, Outcome
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.values import Contents, Misfit, misfits
from mockalog.vendors.attraqt.service.activations import promote
from mockalog.vendors.attraqt.service.intake import contents_of, record, take_in
from mockalog.vendors.attraqt.service.tenancy import tenancy_of

# The job that carries an ingestion out.
INGEST = "attraqt.ingest"

# Operations that a job holds in memory at once.
STRIDE = 1000

CANCELLED = "Cancelled"


async def create_ingestion(call: Call) -> str:
    """Start an ingestion and return its id; how it ends is seen later."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    wanted = rules.configuration(call.json)
    if await ledgers.find_open(call.repository, tenancy, wanted.version) is None:
        raise Rejected(CATALOG_NOT_FOUND)
    batch = await batches.find(call.repository, tenancy, wanted.batch)
    if batch is None:
        raise rules.unknown_batch(wanted.batch)
    rules.check_life(batch.created_at, call.now)
    name = call.runtime.new_uuid()
    due_at = call.after("attraqt.ingestion_delay")
    await _schedule(call, tenancy, name, due_at)
    await ingestions.create(
        call.repository,
        tenancy,
        name,
        configuration=dumps(list(wanted)).decode(),
        result=schemas.result_out(),
        now=call.now,
        due_at=due_at,
    )
    return name


async def _schedule(call: Call, tenancy: Tenancy, name: str, due_at: int) -> None:
    """Store the job, with what only a call knows: random receipts and the set delay."""
    payload = {
        **tenancy._asdict(),
        "name": name,
        "uuid": call.runtime.new_uuid(),
        "receipt": call.runtime.new_uuid(),
        "activation_delay": call.setting("attraqt.activation_delay"),
    }
    await call.schedule(INGEST, payload, due_at=due_at)


async def list_ingestions(call: Call) -> list[dict[str, Any]]:
    """Return the ingestions, the newest first, by age and status if so wanted."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    since = rules.since(call.query.get("lookback_duration"), call.now)
    status = rules.status_filter(call.query.get("status"))
    rows = await ingestions.list_since(call.repository, tenancy, since)
    shown = [schemas.ingestion_out(row, call.now) for row in rows]
    return [ingestion for ingestion in shown if status in (None, ingestion["status"])]


async def get_ingestion(call: Call, name: str) -> dict[str, Any]:
    """Return one ingestion."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    row = await ingestions.find(call.repository, tenancy, _name(name))
    if row is None:
        raise Rejected(INGESTION_NOT_FOUND)
    return schemas.ingestion_out(row, call.now)


async def cancel_ingestion(call: Call, name: str) -> None:
    """Stop an ingestion that has not ended; to one that has nothing happens (inferred)."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    row = await ingestions.lock(call.repository, tenancy, _name(name))
    if row is None:
        raise Rejected(INGESTION_NOT_FOUND)
    if row.status == rules.PENDING:
        result = schemas.result_out(reason=CANCELLED)
        await _end(call.repository, tenancy, row, rules.FAILED, result, call.now)


def _name(text: str) -> str:
    name = rules.batch_name(text)
    if name is None:
        raise Rejected(INGESTION_NOT_FOUND)
    return name


async def _end(
    rows: Repository, tenancy: Tenancy, row: Any, status: str, result: str, now: int
) -> None:
    await ingestions.end(rows, tenancy, row.name, status=status, result=result, now=now)


async def run_ingestion(rows: Repository, job: Job) -> str:
    """Carry an ingestion out at the job's due time; return how it ended.

    The tenancy's catalogs are locked first, as everywhere: it may end in an activation.
    """
    tenancy = Tenancy(job.payload["tenant"], job.payload["environment"])
    await catalogs.lock(rows, tenancy)
    row: Any = await ingestions.lock(rows, tenancy, job.payload["name"])
    if row.status != rules.PENDING:
        return CANCELLED
    work = _Work(rows, tenancy, row, job)
    status, result = await work.run()
    await _end(rows, tenancy, row, status, result, job.due_at)
    return status


async def fail_ingestion(rows: Repository, job: Job, reason: str) -> None:
    """End an ingestion that broke off; nothing of it was taken in (inferred)."""
    tenancy = Tenancy(job.payload["tenant"], job.payload["environment"])
    row: Any = await ingestions.lock(rows, tenancy, job.payload["name"])
    if row.status == rules.PENDING:
        result = schemas.result_out(reason=INTERNAL.text)
        await _end(rows, tenancy, row, rules.FAILED, result, job.due_at)


class _Work:
    """One ingestion at work: twice through the batch, some operations at a time.

    First it is counted what passes, for a shortfall changes nothing; then that is taken in.
    """

    def __init__(self, rows: Repository, tenancy: Tenancy, row: Any, job: Job) -> None:
        self._rows = rows
        self._tenancy = tenancy
        self._id = row.id
        self._began = row.created_at
        self._wanted = Configuration(*loads(row.configuration))
        self._job = job
        self._errors: Counter[str] = Counter()
        self._upserted = self._deleted = 0

    async def run(self) -> tuple[str, str]:
        """Return the status and the result as JSON."""
        ledger = await ledgers.find_open(self._rows, self._tenancy, self._wanted.version)
        if ledger is None:
            return rules.FAILED, self._result("The catalog does not exist any more")
        self._contents: Contents = await contents_of(self._rows, self._tenancy, ledger.document)
        if reason := await self._count():
            return rules.FAILED, self._result(reason)
        self._errors.clear()
        async for operations in self._operations():
            await self._take_in(operations)
        if self._wanted.delete_missing:
            await self._delete_missing(ledger.id)
        return rules.COMPLETED, self._result(await self._promote())

    async def _operations(self) -> AsyncIterator[list[Operation]]:
        """Yield what the batch holds at this moment; others may be adding to it."""
        batch: Any = await batches.find(self._rows, self._tenancy, self._wanted.batch)
        for first in range(0, batch.last_item, STRIDE):
            end = min(first + STRIDE, batch.last_item)
            found = await batches.slice_of(self._rows, batch.id, first, end)
            yield [Operation(*loads(row.operation)) for row in found]

    def _misfit(self, operation: Operation) -> Misfit | None:
        return next(iter(misfits(self._contents, operation)), None)

    async def _count(self) -> str:
        """Return why too few items pass their schemas, "" if enough do."""
        valid = total = 0
        async for operations in self._operations():
            for operation in operations:
                if operation.kind == "delete":
                    continue
                total += 1
                misfit = self._misfit(operation)
                valid += misfit is None
                if misfit is not None:
                    self._errors[misfit.what] += 1
        return rules.shortfall(self._wanted, valid=valid, total=total)

    async def _take_in(self, operations: Sequence[Operation]) -> None:
        """Take in what passes, and record what became of each."""
        ledger: Any = await ledgers.lock(self._rows, self._tenancy, self._wanted.version)
        wrong = {n: m for n, o in enumerate(operations) if (m := self._misfit(o)) is not None}
        right = [o for n, o in enumerate(operations) if n not in wrong]
        taken = iter(
            await take_in(self._rows, ledger, right, source=self._wanted.source, ingestion=self._id)
        )
        if self._wanted.delete_missing:
            keys = [(o.id, o.type) for o in operations if o.kind != "delete"]
            await items.name_many(self._rows, ledger.id, self._id, keys)
        outcomes = [
            _rejected(wrong[n]) if n in wrong else next(taken) for n in range(len(operations))
        ]
        self._tally(operations, outcomes, wrong)
        await record(
            self._rows,
            ledger,
            operations,
            outcomes,
            uuid=self._job.payload["uuid"],
            began=self._began,
            ended=self._job.due_at,
        )

    def _tally(
        self,
        operations: Sequence[Operation],
        outcomes: Sequence[Outcome],
        wrong: dict[int, Misfit],
    ) -> None:
        for number, (operation, outcome) in enumerate(zip(operations, outcomes, strict=True)):
            if outcome.state == SUCCESS:
                self._upserted += operation.kind != "delete"
                self._deleted += operation.kind == "delete"
            else:
                self._errors[wrong[number].what if number in wrong else outcome.message] += 1

    async def _delete_missing(self, ledger: int) -> None:
        missing = await items.delete_missing(
            self._rows,
            ledger,
            source=self._wanted.source,
            ingestion=self._id,
            now=self._job.due_at,
        )
        await ledgers.count(self._rows, ledger, items=-missing)
        self._deleted += missing

    async def _promote(self) -> str:
        """Activate the catalog if that is wanted; return why it was not, "" if it was."""
        if not self._wanted.promote:
            return ""
        return await promote(
            self._rows,
            self._tenancy,
            self._wanted.version,
            receipt=self._job.payload["receipt"],
            delay=self._job.payload["activation_delay"],
            now=self._job.due_at,
        )

    def _result(self, reason: str) -> str:
        return schemas.result_out(
            reason=reason, errors=self._errors, upserted=self._upserted, deleted=self._deleted
        )


def _rejected(misfit: Misfit) -> Outcome:
    # PostgreSQL has no NUL in a text, and a name that was sent may hold one.
    return Outcome(FAILURE, f"{misfit.where} {misfit.what}".replace("\0", "\\u0000"))
