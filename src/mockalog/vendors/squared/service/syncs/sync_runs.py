"""Runs and records of a sync (docs/vendors/squared.md#114-runs-and-records)."""

from mockalog.kernel.errors import ApiError
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import RunNotFoundError, not_found
from mockalog.vendors.squared.repository.syncs import sync_records as records
from mockalog.vendors.squared.repository.syncs import sync_runs as runs
from mockalog.vendors.squared.repository.syncs import syncs
from mockalog.vendors.squared.rules.syncs.rows import SyncRow, SyncRunRow
from mockalog.vendors.squared.schemas.base import Resource
from mockalog.vendors.squared.schemas.paging import Listing, PageRequest
from mockalog.vendors.squared.schemas.syncs.sync_runs import record_of, run_of
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.lookups import database_id, require_row


async def list_sync_runs(
    call: Call, caller: Caller, sync_id: int, status: str | None, request: PageRequest
) -> Listing:
    """Return one page of a sync's runs, with its links."""
    sync = await find_sync(call, caller, sync_id)
    caller.authorise(call)
    page = request.page()
    rows, total = await runs.list_runs(call.repository, sync.id, status, page.limit, page.offset)
    return request.listing([run_of(row) for row in rows], page, total)


async def get_sync_run(call: Call, caller: Caller, sync_id: int, run_id: int) -> Resource:
    """Return one run."""
    row = await _find_run(call, caller, sync_id, run_id, "Sync Run")
    caller.authorise(call)
    return run_of(row)


async def list_sync_records(
    call: Call,
    caller: Caller,
    sync_id: int,
    run_id: int,
    status: str | None,
    request: PageRequest,
) -> Listing:
    """Return one page of a run's records, with its links."""
    run = await _find_run(call, caller, sync_id, run_id, "SyncRun")
    caller.authorise(call)
    page = request.page()
    rows, total = await records.list_records(
        call.repository, run.id, status, page.limit, page.offset
    )
    return request.listing([record_of(row, request.dialect) for row in rows], page, total)


async def find_sync(call: Call, caller: Caller, sync_id: int) -> SyncRow:
    """Return a sync of the workspace; raises `NoWorkspaceError`, or the dialect's 404."""
    workspace_id, id_ = caller.workspace_id, database_id(sync_id)
    row = await syncs.get_sync(call.repository, workspace_id, id_)
    return require_row(row, _missing(call, "Sync"))


async def _find_run(call: Call, caller: Caller, sync_id: int, run_id: int, name: str) -> SyncRunRow:
    """Return a run of a sync; `name`: of a run in the text of the error."""
    sync = await find_sync(call, caller, sync_id)
    row = await runs.get_run(call.repository, sync.id, database_id(run_id))
    return require_row(row, _missing(call, name))


def _missing(call: Call, name: str) -> ApiError:
    """Return the dialect's 404: docs/vendors/squared.md#1-contradictions, row 20."""
    if call.setting("squared.dialect") == "docs":
        return RunNotFoundError(f"{name} not found")
    return not_found(name)
