"""Streaming items into a catalog (attraqt.md, section 6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockalog.kernel.call import Call
from mockalog.kernel.jobs import Job
from mockalog.kernel.repository import Repository
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import CATALOG_NOT_FOUND, INTERNAL, ITEM_TENANT_ENV, Rejected
from mockalog.vendors.attraqt.repository import feedback, ledgers
from mockalog.vendors.attraqt.rules import items as rules
from mockalog.vendors.attraqt.rules.items import Kind, Message, Operation
from mockalog.vendors.attraqt.rules.merging import FAILURE, PENDING, Outcome
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, is_true
from mockalog.vendors.attraqt.rules.values import misfits
from mockalog.vendors.attraqt.service.intake import contents_of, record, take_in
from mockalog.vendors.attraqt.service.tenancy import tenancy_of

# The job that takes streamed items in, if that is to be later than the answer.
TAKE_IN = "attraqt.take_in"

_GONE = Outcome(FAILURE, "The catalog does not exist any more")


async def send_items(call: Call, kind: Kind) -> list[dict[str, Any]]:
    """Check a message of items and carry it out, now or later; return the receipts.

    All is checked before anything is stored. A catalog's schemas never change, so that this
    needs no lock; under the lock only its being there is looked at once more.
    """
    tenancy = tenancy_of(call, ITEM_TENANT_ENV)
    message = Message(kind, tenancy, call.now, fhr=is_true(call.query.get("fhrValidation")))
    found = rules.operations(call.json, message)
    grouped = rules.versions(found)
    await _check(call.repository, tenancy, grouped)
    uuids = {version: call.runtime.new_uuid() for version in grouped}
    due_at = call.after("attraqt.ingestion_delay")
    waiting = due_at > call.now
    if waiting:
        await _schedule(call, tenancy, grouped, uuids, due_at)
    receipts = {
        version: iter(await _do(call, tenancy, version, listed, uuids[version], waiting))
        for version, listed in grouped.items()
    }
    return [schemas.receipt_out(item, version, next(receipts[version])) for version, item in found]


async def _check(
    rows: Repository, tenancy: Tenancy, grouped: Mapping[int, Sequence[Operation]]
) -> None:
    """Hold every item against its catalog; raises `Rejected`."""
    problems = []
    for version, operations in grouped.items():
        ledger = _found(await ledgers.find_open(rows, tenancy, version), version)
        contents = await contents_of(rows, tenancy, ledger.document)
        problems += [
            f"{operation.id}: {misfit.where} {misfit.what}"
            for operation in operations
            for misfit in misfits(contents, operation)
        ]
    rules.check(problems)


def _found(ledger: Any | None, version: int) -> Any:
    """Return the ledger of a catalog; it can also go between the first look and the lock."""
    if ledger is None:
        raise Rejected(CATALOG_NOT_FOUND, f"The catalog {version} does not exist")
    return ledger


async def _do(
    call: Call,
    tenancy: Tenancy,
    version: int,
    operations: Sequence[Operation],
    uuid: str,
    waiting: bool,
) -> list[str]:
    """Carry operations on one catalog out, or record that they wait; return their receipts."""
    ledger = _found(await ledgers.lock(call.repository, tenancy, version), version)
    if waiting:
        outcomes, ended = [Outcome(PENDING)] * len(operations), None
    else:
        outcomes, ended = await take_in(call.repository, ledger, operations), call.now
    return await record(
        call.repository, ledger, operations, outcomes, uuid=uuid, began=call.now, ended=ended
    )


async def _schedule(
    call: Call,
    tenancy: Tenancy,
    grouped: Mapping[int, Sequence[Operation]],
    uuids: Mapping[int, str],
    due_at: int,
) -> None:
    for version, operations in grouped.items():
        payload = {
            **tenancy._asdict(),
            "version": version,
            "uuid": uuids[version],
            "operations": [list(operation) for operation in operations],
        }
        await call.schedule(TAKE_IN, payload, due_at=due_at)


async def run_take_in(rows: Repository, job: Job) -> str:
    """Carry out what waited, at the job's due time; return how many items that were."""
    tenancy = Tenancy(job.payload["tenant"], job.payload["environment"])
    version = job.payload["version"]
    operations = [Operation(*listed) for listed in job.payload["operations"]]
    ledger = await ledgers.lock(rows, tenancy, version)
    if ledger is None:
        outcomes = [_GONE] * len(operations)
        ledger = await ledgers.find(rows, tenancy, version)
    else:
        outcomes = await take_in(rows, ledger, operations)
    await _end(rows, ledger, job, outcomes)
    return f"{len(operations)} taken in"


async def fail_take_in(rows: Repository, job: Job, reason: str) -> None:
    """Record that nothing of a message was taken in (inferred)."""
    tenancy = Tenancy(job.payload["tenant"], job.payload["environment"])
    ledger = await ledgers.find(rows, tenancy, job.payload["version"])
    outcomes = [Outcome(FAILURE, INTERNAL.text)] * len(job.payload["operations"])
    await _end(rows, ledger, job, outcomes)


async def _end(rows: Repository, ledger: Any, job: Job, outcomes: Sequence[Outcome]) -> None:
    """Record what became of a message: its updates began with the job, others may have too."""
    waiting = await feedback.waiting_updates(rows, ledger.id, job.created_at)
    tail = job.payload["uuid"][8:]
    positions = [row.position for row in waiting if row.receipt_id.endswith(tail)]
    await feedback.end_many(
        rows,
        [
            {
                "ledger": ledger.id,
                "number": position,
                "new_state": outcome.state,
                "new_message": outcome.message,
                "new_ended_at": job.due_at,
            }
            for position, outcome in zip(positions, outcomes, strict=True)
        ],
    )
