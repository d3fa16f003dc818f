"""Runs and records of a sync: to look at, to begin and to cancel.

Sources: docs/vendors/squared.md#113-manual-runs, docs/vendors/squared.md#114-runs-and-records,
docs/vendors/squared.md#117-enterprise-operations.
"""

from typing import Any, NoReturn

from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import Declined, Missing, not_found
from mockalog.vendors.squared.repository import sync_records as records
from mockalog.vendors.squared.repository import sync_runs as runs
from mockalog.vendors.squared.repository import syncs
from mockalog.vendors.squared.rules import paging
from mockalog.vendors.squared.rules.runs import DISABLED, GENERAL, TEST
from mockalog.vendors.squared.rules.schedules import MANUAL
from mockalog.vendors.squared.rules.validation import MAX_ID
from mockalog.vendors.squared.schemas.sync_runs import record_of, run_of
from mockalog.vendors.squared.service.chains import ADVANCE_RUN, begin, cancel_active
from mockalog.vendors.squared.service.identity import Caller

_FAILED_DEPENDENCY = 424


async def list_runs(call: Call, caller: Caller, sync_id: int, status: str | None) -> dict[str, Any]:
    """Return one page of a sync's runs, with its links."""
    sync = await _find_sync(call, caller, sync_id)
    caller.authorise(call)
    page = paging.page_of(call.query, call.setting("squared.dialect"))
    rows, total = await runs.list_runs(call.repository, sync.id, status, page.limit, page.offset)
    url = call.base_url + call.exchange.raw_path
    links = paging.links(url, call.query, page, total)
    return {"data": [run_of(row) for row in rows], "links": links}


async def get_run(call: Call, caller: Caller, sync_id: int, run_id: int) -> dict[str, Any]:
    """Return one run."""
    row = await _find_run(call, caller, sync_id, run_id, "Sync Run")
    caller.authorise(call)
    return run_of(row)


async def list_records(
    call: Call, caller: Caller, sync_id: int, run_id: int, status: str | None
) -> dict[str, Any]:
    """Return one page of a run's records, with its links."""
    run = await _find_run(call, caller, sync_id, run_id, "SyncRun")
    caller.authorise(call)
    page = paging.page_of(call.query, call.setting("squared.dialect"))
    found = await records.list_records(call.repository, run.id, status, page.limit, page.offset)
    url = call.base_url + call.exchange.raw_path
    links = paging.links(url, call.query, page, found[1])
    return {"data": [record_of(row) for row in found[0]], "links": links}


async def _find(call: Call, caller: Caller, sync_id: int) -> Any | None:
    workspace_id = caller.workspace_id
    if not 0 < sync_id <= MAX_ID:
        return None
    return await syncs.get_sync(call.repository, workspace_id, sync_id)


async def _find_sync(call: Call, caller: Caller, sync_id: int) -> Any:
    return await _find(call, caller, sync_id) or _refuse(call, "Sync")


async def _find_run(call: Call, caller: Caller, sync_id: int, run_id: int, what: str) -> Any:
    sync = await _find_sync(call, caller, sync_id)
    run = None
    if 0 < run_id <= MAX_ID:
        run = await runs.get_run(call.repository, sync.id, run_id)
    return run or _refuse(call, what)


def _refuse(call: Call, what: str) -> NoReturn:
    """Raise 404 in the words of the dialect: docs/vendors/squared.md#1-contradictions, row 20."""
    if call.setting("squared.dialect") == "docs":
        raise Missing(f"{what} not found")
    raise not_found(what)


async def schedule_sync(call: Call, caller: Caller, sync_id: int) -> None:
    """Begin a run of a manual sync."""
    sync = await _find_manual(call, caller, sync_id)
    await _begin(call, sync, GENERAL)


async def cancel_sync(call: Call, caller: Caller, sync_id: int) -> None:
    """Cancel the run of a manual sync that is under way."""
    sync = await _find_manual(call, caller, sync_id)
    if not await cancel_active(call.repository, sync.id, call.now):
        text = "Sync cannot be cancelled due to no active sync run"
        raise Declined(_FAILED_DEPENDENCY, text)


async def _find_manual(call: Call, caller: Caller, sync_id: int) -> Any:
    """Return a sync that can be started by hand; the right is looked at last."""
    await lock_sandbox(call.repository)
    sync = await _find(call, caller, sync_id)
    if sync is None:
        raise not_found("Sync")
    _check_enabled(sync)
    if sync.schedule_type != MANUAL:
        raise Declined(_FAILED_DEPENDENCY, "Sync Schedule type should be manual")
    caller.authorise(call)
    return sync


def _check_enabled(sync: Any) -> None:
    if sync.status == DISABLED:
        raise Declined(_FAILED_DEPENDENCY, "Sync is disabled")


async def test_sync(call: Call, caller: Caller, sync_id: int) -> None:
    """Begin a test run, whatever the schedule's type: of the docs alone.

    Its refusals are those of a manual run (inferred).

    Source: docs/vendors/squared.md#1-contradictions, row 29.
    """
    if call.setting("squared.dialect") == "server":
        raise UnknownOperationError
    await lock_sandbox(call.repository)
    sync = await _find_sync(call, caller, sync_id)
    _check_enabled(sync)
    caller.authorise(call)
    await _begin(call, sync, TEST)


async def _begin(call: Call, sync: Any, kind: str) -> None:
    if await runs.active_of(call.repository, sync.id) is not None:
        text = "Sync cannot be scheduled due to active sync run"
        raise Declined(_FAILED_DEPENDENCY, text)
    run = await begin(call.repository, sync, kind, call.now)
    due_at = call.after("squared.sync_delay")
    await call.schedule(ADVANCE_RUN, {"run": run.id}, due_at=due_at)
