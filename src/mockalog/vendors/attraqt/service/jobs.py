"""The jobs of Attraqt: activations, ingestions, and items that are written later.

Sources: docs/vendors/attraqt.md#32-lifecycle, docs/vendors/attraqt.md#6-items and
docs/vendors/attraqt.md#7-batch-imports.
"""

from collections.abc import Sequence

from mockalog.kernel.clock import delayed
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, schedule
from mockalog.vendors.attraqt.errors import CATALOG_FHR_FAILED, AttraqtError
from mockalog.vendors.attraqt.json_columns import Activation, Ingestion, ItemMessage, Operation
from mockalog.vendors.attraqt.repository import catalog_history, catalogs, feedback
from mockalog.vendors.attraqt.rules.feedback import FAILURE, job_failure_message
from mockalog.vendors.attraqt.rules.merging import Outcome
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.service import activations, ingestion_runs
from mockalog.vendors.attraqt.service.ingestion_runs import CANCELLED, DELETED, IngestionRun
from mockalog.vendors.attraqt.service.item_writer import write_items

# The kinds of jobs, as databases store them. The payload of ACTIVATE is an `Activation`.
ACTIVATE = "attraqt.activate"
INGEST = "attraqt.ingest"
WRITE_ITEMS = "attraqt.take_in"


async def run_activation(repository: Repository, job: Job) -> str:
    """End an activation and return its message."""
    fhr_fails = job.settings["attraqt.fhr_fails"]
    activation = Activation(**job.payload)
    return await activations.finish(repository, activation, job.due_at, fhr_fails=fhr_fails)


async def fail_activation(repository: Repository, job: Job, reason: str) -> None:
    """Make a catalog INACTIVE whose activation broke."""
    activation = Activation(**job.payload)
    await catalogs.lock(repository, activations.tenancy_of(activation))
    await activations.fail(repository, activation, job_failure_message(job.error), job.due_at)


async def run_ingestion(repository: Repository, job: Job) -> str:
    """Carry an ingestion out and return its status."""
    payload = Ingestion(**job.payload)
    run = await _begin_run(repository, job)
    if run is None:
        return CANCELLED
    if reason := await run.write(payload.uuid, fhr=job.settings["attraqt.fhr"]):
        return await run.refuse(reason)
    return await run.complete(await _promote(repository, run, payload.receipt, job))


async def fail_ingestion(repository: Repository, job: Job, reason: str) -> None:
    """Make an ingestion `failed` that broke; its changes are rolled back."""
    run = await _begin_run(repository, job)
    if run is not None:
        await run.refuse(job_failure_message(job.error))


async def run_write_items(repository: Repository, job: Job) -> str:
    """Write the items of a message and return their number."""
    payload = ItemMessage(**job.payload)
    operations = [Operation(**operation) for operation in job.payload["operations"]]
    history = await catalog_history.lock_open(repository, _tenancy_of(job), payload.version)
    if history is None:
        outcomes = [Outcome(FAILURE, DELETED)] * len(operations)
    else:
        outcomes = await write_items(repository, history, operations)
    await _end_updates(repository, job, outcomes)
    return f"{len(operations)} taken in"


async def fail_write_items(repository: Repository, job: Job, reason: str) -> None:
    """Record that no item of a message was written."""
    failure = Outcome(FAILURE, job_failure_message(job.error))
    await _end_updates(repository, job, [failure] * len(job.payload["operations"]))


async def _begin_run(repository: Repository, job: Job) -> IngestionRun | None:
    name = job.payload["name"]
    return await ingestion_runs.begin(repository, _tenancy_of(job), name, job.due_at)


async def _promote(repository: Repository, run: IngestionRun, receipt: str, job: Job) -> str:
    """Activate the catalog of an ingestion if its configuration says so.

    Return the reason if that fails, otherwise "". A failure of the Fredhopper side is recorded in
    the feedback only, because no call can show it (docs/vendors/attraqt.md#32-lifecycle).
    """
    if not run.configuration.promote or await run.is_into_active():
        return ""
    activation = Activation(*run.tenancy, run.configuration.version, 0, receipt)
    now = job.due_at
    try:
        await activations.begin(repository, activation, now)
    except AttraqtError as error:
        return f"Not promoted: {error.text}"
    if job.settings["attraqt.fhr_fails"]:
        reason = CATALOG_FHR_FAILED.text
        await activations.fail(repository, activation, reason, now)
        return f"Not promoted: {reason}"
    due_at = delayed(now, job.settings["attraqt.activation_delay"])
    await schedule(repository, ACTIVATE, activation._asdict(), now=now, due_at=due_at)
    return ""


async def _end_updates(repository: Repository, job: Job, outcomes: Sequence[Outcome]) -> None:
    """Record the outcomes of a message, whose updates are consecutive."""
    history = await catalog_history.get(repository, _tenancy_of(job), job.payload["version"])
    first = job.payload["first_update"]
    await feedback.end_updates(repository, history.id, first, outcomes, job.due_at)


def _tenancy_of(job: Job) -> Tenancy:
    return Tenancy(job.payload["tenant"], job.payload["environment"])
