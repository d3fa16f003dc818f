"""Operations that begin and cancel runs."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect, ResponseDoc
from mockalog.vendors.squared.router.access import API, WORKSPACE, SquaredRouter
from mockalog.vendors.squared.router.params import body_of, reply
from mockalog.vendors.squared.router.paths import LenientSyncId, SyncId
from mockalog.vendors.squared.rules.syncs import syncs as rules
from mockalog.vendors.squared.rules.syncs.sync_runs import lenient_id
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas.accounts.workspaces import WorkspaceIn
from mockalog.vendors.squared.schemas.syncs.sync_requests import ScheduledSyncIn, ScheduleSyncIn
from mockalog.vendors.squared.schemas.syncs.sync_runs import MessageOut
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.syncs import manual_runs

router = SquaredRouter(tag="Sync runs", bucket=API, headers=WORKSPACE, responses={200: MessageOut})


@router.post(
    "/api/v1/schedule_syncs",
    permission="sync:create",
    may_schedule_jobs=True,
    body=ScheduleSyncIn | ScheduledSyncIn,
    errors=("validation", "sync-not-found", "failed-dependency"),
)
async def schedule_sync(call: Call, caller: Caller) -> Response:
    """Begin a run of a sync whose schedule is manual.

    `sync_id` may stand in `schedule_sync` or at the top of the body.
    """
    sync_id = rules.sync_to_run(body_of(call, "schedule_sync", ("sync_id",)))
    await manual_runs.schedule_sync(call, caller, sync_id)
    return reply({"message": "Sync scheduled successfully"})


@router.delete(
    "/api/v1/schedule_syncs/{sync_id}",
    permission="sync:delete",
    # It runs before immediate jobs, so that a run without a delay can be cancelled.
    runs_before_immediate_jobs=True,
    errors=("sync-not-found", "failed-dependency"),
)
async def cancel_sync(call: Call, caller: Caller, sync_id: LenientSyncId) -> Response:
    """Cancel the active run of a sync whose schedule is manual."""
    await manual_runs.cancel_sync(call, caller, lenient_id(sync_id))
    return reply({"message": "Sync cancelled successfully"})


# docs/vendors/squared.md#1-contradictions, row 29: an operation of the docs alone.
@router.post(
    "/enterprise/api/v1/syncs/{sync_id}/test",
    permission="sync:create",
    may_schedule_jobs=True,
    headers=ByDialect(docs=WorkspaceIn),
    responses=ByDialect(docs={200: MessageOut}, server={404: ResponseDoc(media_type=None)}),
    errors=ByDialect(
        docs=("validation", "run-not-found", "failed-dependency"),
        server=("validation", "unknown-operation"),
    ),
)
async def test_sync(call: Call, caller: Caller, sync_id: SyncId) -> Response:
    """Begin a test run, which sends the first row only. The open-source server has no such call."""
    await manual_runs.test_sync(call, caller, path_id(sync_id))
    return reply({"message": "Sync test triggered successfully"})
