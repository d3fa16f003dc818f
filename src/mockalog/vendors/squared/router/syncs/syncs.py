"""Operations on syncs."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.router.access import (
    API,
    UPDATE,
    WORKSPACE,
    SquaredRouter,
    update_errors,
)
from mockalog.vendors.squared.router.params import NO_CONTENT, body_of, page_request, reply
from mockalog.vendors.squared.router.paths import SyncId
from mockalog.vendors.squared.rules import paging
from mockalog.vendors.squared.rules.syncs import syncs as rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas.paging import DocsPageIn, ServerPageIn
from mockalog.vendors.squared.schemas.syncs import sync_configurations as configuration_schemas
from mockalog.vendors.squared.schemas.syncs import sync_requests as requests
from mockalog.vendors.squared.schemas.syncs import syncs as schemas
from mockalog.vendors.squared.schemas.syncs.syncs import updated_sync
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.syncs import syncs

router = SquaredRouter(tag="Syncs", bucket=API, headers=WORKSPACE)


@router.get(
    "/api/v1/syncs",
    permission="sync:read",
    query=ByDialect(docs=DocsPageIn, server=ServerPageIn),
    responses=ByDialect(docs={200: schemas.SyncsOut}, server={200: schemas.ServerSyncsOut}),
    errors=("validation", "exception"),
)
async def list_syncs(call: Call, caller: Caller) -> Response:
    """List syncs by pages."""
    paging.check_page(call.query, call.setting("squared.dialect"))
    return reply(await syncs.list_syncs(call, caller, page_request(call)))


# docs/vendors/squared.md#1-contradictions, rows 15 to 17: the frames of a single sync.
@router.post(
    "/api/v1/syncs",
    permission="sync:create",
    may_schedule_jobs=True,
    imports=("croniter",),
    body=ByDialect(
        docs=requests.CreateSyncIn | requests.NewSyncIn, server=requests.ServerCreateSyncIn
    ),
    responses=ByDialect(docs={200: schemas.SyncResourceOut}, server={201: schemas.ServerSyncOut}),
    errors=("validation", "exception", "unstorable-value", "unprocessable"),
)
async def create_sync(call: Call, caller: Caller) -> Response:
    """Create a sync of a model to a destination, and begin its schedule.

    The destination needs a catalog with the stream. The keys may stand in `sync` or at the top of
    the body.
    """
    dialect = call.setting("squared.dialect")
    values = rules.new_sync(body_of(call, "sync", rules.COLUMNS), dialect)
    sync = await syncs.create_sync(call, caller, values)
    return reply(sync) if dialect == "docs" else reply({"data": sync}, 201)


@router.get(
    "/api/v1/syncs/configurations",
    permission="sync:read",
    responses=ByDialect(
        docs={200: configuration_schemas.SyncConfigurationsOut},
        server={200: configuration_schemas.ServerSyncConfigurationsOut},
    ),
)
async def get_configurations(call: Call, caller: Caller) -> Response:
    """Return the parts that the configuration of a sync may be made of: a constant."""
    return reply({"data": syncs.get_configurations(call, caller)})


@router.get(
    "/api/v1/syncs/{sync_id}",
    permission="sync:read",
    responses=ByDialect(docs={200: schemas.SyncResourceOut}, server={200: schemas.ServerSyncOut}),
    errors=("validation", "record-not-found"),
)
async def get_sync(call: Call, caller: Caller, sync_id: SyncId) -> Response:
    """Return one sync."""
    sync = await syncs.get_sync(call, caller, path_id(sync_id))
    return reply(sync if call.setting("squared.dialect") == "docs" else {"data": sync})


@router.declare(
    UPDATE,
    "/api/v1/syncs/{sync_id}",
    permission="sync:update",
    may_schedule_jobs=True,
    imports=("croniter",),
    body=ByDialect(
        docs=requests.UpdateSyncIn | requests.SyncChangesIn, server=requests.ServerUpdateSyncIn
    ),
    responses=ByDialect(docs={200: schemas.UpdatedSyncOut}, server={200: schemas.ServerSyncOut}),
    errors=update_errors("record-not-found"),
)
async def update_sync(call: Call, caller: Caller, sync_id: SyncId) -> Response:
    """Replace parts of a sync; another schedule begins at once.

    The keys may stand in `sync` or at the top of the body. PUT and PATCH do the same.
    """
    dialect = call.setting("squared.dialect")
    id_, values = rules.changes(body_of(call, "sync", rules.COLUMNS), sync_id, dialect)
    sync = await syncs.update_sync(call, caller, id_, values)
    return reply(updated_sync(sync, dialect))


@router.patch(
    "/api/v1/syncs/{sync_id}/enable",
    permission="sync:update",
    may_schedule_jobs=True,
    imports=("croniter",),
    body=requests.EnableSyncIn,
    responses=ByDialect(docs={200: schemas.SyncOut}, server={200: schemas.ServerSyncOut}),
    errors=("validation", "exception", "record-not-found"),
)
async def enable_sync(call: Call, caller: Caller, sync_id: SyncId) -> Response:
    """Enable or disable a sync. Disabling ends its schedule and cancels its active run."""
    id_, enable = rules.enable_request(body_of(call), sync_id)
    return reply({"data": await syncs.enable_sync(call, caller, id_, enable=enable)})


@router.delete(
    "/api/v1/syncs/{sync_id}",
    permission="sync:delete",
    responses={204: None},
    errors=("validation", "record-not-found"),
)
async def delete_sync(call: Call, caller: Caller, sync_id: SyncId) -> Response:
    """Delete a sync with its runs."""
    await syncs.delete_sync(call, caller, path_id(sync_id))
    return NO_CONTENT
