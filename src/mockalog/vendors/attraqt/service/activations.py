"""Activations: from INACTIVE over ACTIVATING to ACTIVE, or back.

Source: docs/vendors/attraqt.md#32-lifecycle.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mockalog.kernel.clock import delayed
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, schedule
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import CATALOG_FHR_FAILED, CATALOG_TENANT_ENV, Rejected
from mockalog.vendors.attraqt.repository import catalogs, feedback, ledgers
from mockalog.vendors.attraqt.rules import catalogs as rules
from mockalog.vendors.attraqt.rules import feedback as words
from mockalog.vendors.attraqt.rules.merging import FAILURE, SUCCESS
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, integer
from mockalog.vendors.attraqt.service.catalogs import check_fhr, states
from mockalog.vendors.attraqt.service.tenancy import tenancy_of

# The job that ends an activation.
ACTIVATE = "attraqt.activate"


async def activate_catalog(call: Call, version: str) -> None:
    """Make an INACTIVE catalog ACTIVATING; a job ends that after the set delay.

    Looked at twice: without a lock, so that most refusals write nothing, and under it.
    """
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    stored = await catalogs.all_of(call.repository, tenancy)
    found = rules.check_activation(states(stored), integer(version))
    wanted = rules.min_item_count(call.query.get("minItemCount"))
    check_fhr(call)
    receipt = call.runtime.new_uuid()
    payload = activation(tenancy, found, wanted, receipt)
    # The job is stored before the tenancy is locked, because whoever runs jobs takes these two
    # in that order as well: the other way round each could wait for the other.
    await call.schedule(ACTIVATE, payload, due_at=call.after("attraqt.activation_delay"))
    await _begin(call.repository, tenancy, found, receipt, call.now)


def activation(
    tenancy: Tenancy, version: int, min_item_count: int, receipt: str
) -> Mapping[str, Any]:
    """Return what the job of an activation has to know."""
    counted = {"version": version, "min_item_count": min_item_count}
    return {**tenancy._asdict(), **counted, "receipt": receipt}


async def _begin(rows: Repository, tenancy: Tenancy, version: int, receipt: str, now: int) -> None:
    """Bring a catalog into ACTIVATING and record it; raises `Rejected`."""
    await catalogs.lock(rows, tenancy)
    stored = await catalogs.all_of(rows, tenancy)
    rules.check_activation(states(stored), version)
    await _move(rows, tenancy, stored, version, rules.ACTIVATING, now)
    ledger: Any = await ledgers.find(rows, tenancy, version)
    message = words.started(version, receipt)
    await feedback.begin_attempt(rows, ledger.id, receipt=receipt, message=message, now=now)


async def promote(rows: Repository, tenancy: Tenancy, version: int, job: Job) -> str:
    """Activate a catalog after its ingestion; return why not, "" if it is or will be ACTIVE.

    If the Fredhopper side fails, nobody is there to be answered with it: feedback has the FAILURE
    (docs/vendors/attraqt.md#32-lifecycle). This runs in the ingestion's job, whose sandbox is
    locked already.
    """
    receipt, now = job.payload["receipt"], job.due_at
    stored = await catalogs.all_of(rows, tenancy)
    if states(stored)[version] == rules.ACTIVE:
        return ""
    try:
        await _begin(rows, tenancy, version, receipt, now)
    except Rejected as rejection:
        return f"Not promoted: {rejection.text}"
    if job.settings["attraqt.fhr_fails"]:
        why = CATALOG_FHR_FAILED.text
        await _give_up(rows, tenancy, version, receipt, words.activation_failed(version, why), now)
        return f"Not promoted: {why}"
    due_at = delayed(now, job.settings["attraqt.activation_delay"])
    await schedule(rows, ACTIVATE, activation(tenancy, version, 0, receipt), now=now, due_at=due_at)
    return ""


async def run_activation(rows: Repository, job: Job) -> str:
    """End an activation at the job's due time; return what became of it.

    It fails if the Fredhopper side fails by then (inferred) or items are too few. The old ACTIVE
    catalog steps back first: there is never more than one.
    """
    tenancy = Tenancy(job.payload["tenant"], job.payload["environment"])
    version, wanted = job.payload["version"], job.payload["min_item_count"]
    await catalogs.lock(rows, tenancy)
    ledger: Any = await ledgers.find(rows, tenancy, version)
    message = rules.activation_outcome(version, wanted=wanted, found=ledger.num_items)
    fhr_fails = job.settings["attraqt.fhr_fails"]
    if fhr_fails:
        message = words.activation_failed(version, CATALOG_FHR_FAILED.text)
    if fhr_fails or ledger.num_items < wanted:
        await _give_up(rows, tenancy, version, job.payload["receipt"], message, job.due_at)
        return message
    stored = await catalogs.all_of(rows, tenancy)
    for old in (row for row in stored if row.state == rules.ACTIVE):
        await _move(rows, tenancy, stored, old.version, rules.INACTIVE, job.due_at)
    await _move(rows, tenancy, stored, version, rules.ACTIVE, job.due_at)
    told = {"state": SUCCESS, "message": message}
    await feedback.end_attempt(rows, ledger.id, job.payload["receipt"], **told, now=job.due_at)
    return message


async def fail_activation(rows: Repository, job: Job, reason: str) -> None:
    """Bring a catalog back to INACTIVE whose activation broke."""
    tenancy = Tenancy(job.payload["tenant"], job.payload["environment"])
    version = job.payload["version"]
    await catalogs.lock(rows, tenancy)
    message = words.activation_failed(version, words.broken(job.error))
    await _give_up(rows, tenancy, version, job.payload["receipt"], message, job.due_at)


async def _give_up(
    rows: Repository, tenancy: Tenancy, version: int, receipt: str, message: str, at: int
) -> None:
    """Bring an ACTIVATING catalog back to INACTIVE, with a FAILURE in the feedback."""
    stored = await catalogs.all_of(rows, tenancy)
    await _move(rows, tenancy, stored, version, rules.INACTIVE, at)
    ledger: Any = await ledgers.find(rows, tenancy, version)
    told = {"state": FAILURE, "message": message}
    await feedback.end_attempt(rows, ledger.id, receipt, **told, now=at)


async def _move(
    rows: Repository, tenancy: Tenancy, stored: Sequence[Any], version: int, state: str, at: int
) -> None:
    """Bring one of the stored catalogs into a state."""
    document = next(row.document for row in stored if row.version == version)
    document = schemas.catalog_in_state(document, state, at)
    await catalogs.change(rows, tenancy, version, state=state, document=document)
