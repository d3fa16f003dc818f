"""Operations that look at runs and their records."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router.declarations import KEY, WORKSPACE
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import listings as rules
from mockalog.vendors.squared.schemas import sync_runs as schemas
from mockalog.vendors.squared.schemas.paths import RunId, SyncId
from mockalog.vendors.squared.schemas.wire import reply
from mockalog.vendors.squared.service import sync_runs
from mockalog.vendors.squared.service.identity import identify

router = VendorRouter(tag="Sync runs", key=KEY, bucket=API, headers=WORKSPACE)


# docs/vendors/squared.md#1-contradictions, row 20: the dialects word a missing record differently.
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
async def list_sync_runs(call: Call, sync_id: SyncId) -> Response:
    """List the runs of a sync by pages."""
    caller = await identify(call)
    wanted = rules.of_runs(call.query, call.setting("squared.dialect"), sync_id)
    return reply(await sync_runs.list_runs(call, caller, *wanted))


@router.get(
    "/api/v1/syncs/{sync_id}/sync_runs/{run_id}",
    permission="sync_run:read",
    responses={200: schemas.SyncRunOut},
    errors=ByDialect(
        docs=("validation", "run-not-found"),
        server=("validation", "sync-not-found", "sync-run-not-found"),
    ),
)
async def get_sync_run(call: Call, sync_id: SyncId, run_id: RunId) -> Response:
    """Return one run."""
    caller = await identify(call)
    wanted = rules.of_run(sync_id, run_id)
    return reply({"data": await sync_runs.get_run(call, caller, *wanted)})


@router.get(
    "/api/v1/syncs/{sync_id}/sync_runs/{run_id}/sync_records",
    permission="sync_record:read",
    query=ByDialect(docs=schemas.SyncRecordsQueryIn, server=schemas.ServerSyncRecordsQueryIn),
    responses={200: schemas.SyncRecordsOut},
    errors=ByDialect(
        docs=("validation", "exception", "run-not-found"),
        server=("validation", "exception", "sync-not-found", "sync-run-not-found"),
    ),
)
async def list_sync_records(call: Call, sync_id: SyncId, run_id: RunId) -> Response:
    """List the records of a run by pages."""
    caller = await identify(call)
    wanted = rules.of_records(call.query, call.setting("squared.dialect"), sync_id, run_id)
    return reply(await sync_runs.list_records(call, caller, *wanted))
