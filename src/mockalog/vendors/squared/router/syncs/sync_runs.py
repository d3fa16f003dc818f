"""Operations that read runs and their records."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.router.access import API, WORKSPACE, SquaredRouter
from mockalog.vendors.squared.router.params import page_request, reply
from mockalog.vendors.squared.router.paths import RunId, SyncId
from mockalog.vendors.squared.rules.syncs import sync_runs as rules
from mockalog.vendors.squared.schemas.syncs import sync_runs as schemas
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.syncs import sync_runs

router = SquaredRouter(tag="Sync runs", bucket=API, headers=WORKSPACE)


# docs/vendors/squared.md#1-contradictions, row 20: the dialects' errors of a missing record.
@router.get(
    "/api/v1/syncs/{sync_id}/sync_runs",
    permission="sync_run:read",
    query=ByDialect(docs=schemas.SyncRunsQueryIn, server=schemas.ServerSyncRunsQueryIn),
    responses={200: schemas.SyncRunsOut},
    errors=ByDialect(
        docs=("validation", "exception", "run-not-found"),
        server=("validation", "exception", "sync-not-found"),
    ),
)
async def list_sync_runs(call: Call, caller: Caller, sync_id: SyncId) -> Response:
    """List the runs of a sync by pages."""
    request = page_request(call)
    id_, status = rules.runs_query(request.query, request.dialect, sync_id)
    return reply(await sync_runs.list_sync_runs(call, caller, id_, status, request))


@router.get(
    "/api/v1/syncs/{sync_id}/sync_runs/{run_id}",
    permission="sync_run:read",
    responses={200: schemas.SyncRunOut},
    errors=ByDialect(
        docs=("validation", "run-not-found"),
        server=("validation", "sync-not-found", "sync-run-not-found"),
    ),
)
async def get_sync_run(call: Call, caller: Caller, sync_id: SyncId, run_id: RunId) -> Response:
    """Return one run."""
    ids = rules.run_ids(sync_id, run_id)
    return reply({"data": await sync_runs.get_sync_run(call, caller, *ids)})


@router.get(
    "/api/v1/syncs/{sync_id}/sync_runs/{run_id}/sync_records",
    permission="sync_record:read",
    query=ByDialect(docs=schemas.SyncRecordsQueryIn, server=schemas.ServerSyncRecordsQueryIn),
    responses=ByDialect(
        docs={200: schemas.SyncRecordsOut}, server={200: schemas.ServerSyncRecordsOut}
    ),
    errors=ByDialect(
        docs=("validation", "exception", "run-not-found"),
        server=("validation", "exception", "sync-not-found", "sync-run-not-found"),
    ),
)
async def list_sync_records(call: Call, caller: Caller, sync_id: SyncId, run_id: RunId) -> Response:
    """List the records of a run by pages."""
    request = page_request(call)
    query = rules.records_query(request.query, request.dialect, sync_id, run_id)
    return reply(await sync_runs.list_sync_records(call, caller, *query, request))
