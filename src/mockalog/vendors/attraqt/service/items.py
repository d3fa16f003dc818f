"""Streaming items into a catalog (docs/vendors/attraqt.md#6-items)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import CATALOG_NOT_FOUND, ITEM_TENANT_ENV, Rejected
from mockalog.vendors.attraqt.repository import feedback, ledgers
from mockalog.vendors.attraqt.rules import items as rules
from mockalog.vendors.attraqt.rules.feedback import broken, receipts
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
    due_at = call.after("attraqt.ingestion_delay")
    do = _do
    if due_at > call.now or call.sandbox.armed:  # what is armed may let a job fail
        # Whoever runs jobs has this lock before a ledger's: so has who adds one.
        await lock_sandbox(call.repository)
        do = partial(_defer, due_at=due_at)
    given = {
        version: iter(await do(call, tenancy, version, listed))
        for version, listed in grouped.items()
    }
    return [schemas.receipt_out(item, version, next(given[version])) for version, item in found]


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
    call: Call, tenancy: Tenancy, version: int, operations: Sequence[Operation]
) -> list[str]:
    """Carry operations on one catalog out; return their receipts."""
    ledger = _found(await ledgers.lock(call.repository, tenancy, version), version)
    outcomes = await take_in(call.repository, ledger, operations)
    return await _record(call, ledger, operations, outcomes, call.now)


async def _defer(
    call: Call, tenancy: Tenancy, version: int, operations: Sequence[Operation], *, due_at: int
) -> list[str]:
    """Record that operations on one catalog wait, and for when; return their receipts."""
    ledger = _found(await ledgers.lock(call.repository, tenancy, version), version)
    payload = {
        **tenancy._asdict(),
        "version": version,
        "first_update": ledger.last_update,
        "operations": [operation._asdict() for operation in operations],
    }
    await call.schedule(TAKE_IN, payload, due_at=due_at)
    return await _record(call, ledger, operations, [Outcome(PENDING)] * len(operations), None)


async def _record(
    call: Call,
    ledger: Any,
    operations: Sequence[Operation],
    outcomes: Sequence[Outcome],
    ended: int | None,
) -> list[str]:
    given = receipts(ledger.last_update, len(operations), call.runtime.new_uuid())
    names = [operation.id for operation in operations]
    await record(call.repository, ledger, names, given, outcomes, began=call.now, ended=ended)
    return given


async def run_take_in(rows: Repository, job: Job) -> str:
    """Carry out what waited, at the job's due time; return how many items that were."""
    operations = [Operation(**one) for one in job.payload["operations"]]
    ledger = await ledgers.lock(rows, _tenancy(job), job.payload["version"])
    if ledger is None:
        outcomes = [_GONE] * len(operations)
    else:
        outcomes = await take_in(rows, ledger, operations)
    await _end(rows, job, outcomes)
    return f"{len(operations)} taken in"


async def fail_take_in(rows: Repository, job: Job, reason: str) -> None:
    """Record that nothing of a message was taken in."""
    failed = Outcome(FAILURE, broken(job.error))
    await _end(rows, job, [failed] * len(job.payload["operations"]))


async def _end(rows: Repository, job: Job, outcomes: Sequence[Outcome]) -> None:
    """Record what became of a message, whose updates stand one after the other."""
    ledger: Any = await ledgers.find(rows, _tenancy(job), job.payload["version"])
    ended = [
        {
            "ledger": ledger.id,
            "number": position,
            "new_state": outcome.state,
            "new_message": outcome.message,
            "new_ended_at": job.due_at,
        }
        for position, outcome in enumerate(outcomes, job.payload["first_update"])
    ]
    await feedback.end_many(rows, ended)


def _tenancy(job: Job) -> Tenancy:
    return Tenancy(job.payload["tenant"], job.payload["environment"])
