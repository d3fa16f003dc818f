"""Manual runs of syncs: begin, cancel, test.

Sources: docs/vendors/squared.md#113-manual-runs and
docs/vendors/squared.md#117-enterprise-operations.
"""

from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import ApplicationError, not_found
from mockalog.vendors.squared.models import ADVANCE_RUN, DISABLED
from mockalog.vendors.squared.repository.syncs import sync_runs as runs
from mockalog.vendors.squared.repository.syncs import syncs
from mockalog.vendors.squared.rules.syncs.rows import SyncRow
from mockalog.vendors.squared.rules.syncs.schedules import runs_by_hand
from mockalog.vendors.squared.rules.syncs.state_machines import GENERAL, TEST
from mockalog.vendors.squared.rules.syncs.syncs import schedule_of
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.lookups import database_id, require_row
from mockalog.vendors.squared.service.syncs import run_steps
from mockalog.vendors.squared.service.syncs.sync_runs import find_sync

_FAILED_DEPENDENCY = 424


async def schedule_sync(call: Call, caller: Caller, sync_id: int) -> None:
    """Begin a run of a manual sync."""
    sync = await _find_manual(call, caller, sync_id)
    await _begin(call, sync, GENERAL)


async def cancel_sync(call: Call, caller: Caller, sync_id: int) -> None:
    """Cancel the active run of a manual sync."""
    sync = await _find_manual(call, caller, sync_id)
    if not await run_steps.cancel_active(call.repository, sync.id, call.now):
        text = "Sync cannot be cancelled due to no active sync run"
        raise ApplicationError(_FAILED_DEPENDENCY, text)


async def _find_manual(call: Call, caller: Caller, sync_id: int) -> SyncRow:
    """Return an enabled sync whose runs begin by hand; the right is checked last."""
    await lock_sandbox(call.repository)
    workspace_id, id_ = caller.workspace_id, database_id(sync_id)
    row = await syncs.get_sync(call.repository, workspace_id, id_)
    sync = require_row(row, not_found("Sync"))
    _check_enabled(sync)
    if not runs_by_hand(schedule_of(sync)):
        raise ApplicationError(_FAILED_DEPENDENCY, "Sync Schedule type should be manual")
    caller.authorise(call)
    return sync


def _check_enabled(sync: SyncRow) -> None:
    if sync.status == DISABLED:
        raise ApplicationError(_FAILED_DEPENDENCY, "Sync is disabled")


async def test_sync(call: Call, caller: Caller, sync_id: int) -> None:
    """Begin a test run, for any type of schedule, in the docs dialect.

    Its refusals are those of a manual run (inferred).

    Source: docs/vendors/squared.md#1-contradictions, row 29.
    """
    if call.setting("squared.dialect") == "server":
        raise UnknownOperationError
    await lock_sandbox(call.repository)
    sync = await find_sync(call, caller, sync_id)
    _check_enabled(sync)
    caller.authorise(call)
    await _begin(call, sync, TEST)


async def _begin(call: Call, sync: SyncRow, kind: str) -> None:
    """Store a run of a kind and schedule its first step; raises 424 beside an active run."""
    if await runs.get_active_run(call.repository, sync.id) is not None:
        text = "Sync cannot be scheduled due to active sync run"
        raise ApplicationError(_FAILED_DEPENDENCY, text)
    run = await run_steps.begin(call.repository, sync, kind, call.now)
    due_at = call.after("squared.sync_delay")
    await call.schedule(ADVANCE_RUN, {"run": run.id}, due_at=due_at)
