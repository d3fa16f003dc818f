"""Operations on syncs."""

from mockalog.kernel.call import Call
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.router.index import UPDATE, router
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import configurations, paging
from mockalog.vendors.squared.rules import syncs as rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import NO_CONTENT, body_of, reply, shown_sync
from mockalog.vendors.squared.service import syncs
from mockalog.vendors.squared.service.identity import identify


@router.get("/api/v1/syncs", permission="sync:read", bucket=API)
async def list_syncs(call: Call) -> Answer:
    """List syncs by pages."""
    caller = await identify(call)
    paging.check_page(call.query, call.setting("squared.dialect"))
    return reply(await syncs.list_syncs(call, caller))


@router.post("/api/v1/syncs", permission="sync:create", bucket=API, schedules=True)
async def create_sync(call: Call) -> Answer:
    """Create a sync: row 15 of the contradictions."""
    caller = await identify(call)
    dialect = call.setting("squared.dialect")
    values = rules.new_sync(body_of(call, "sync", rules.COLUMNS), dialect)
    sync = await syncs.create_sync(call, caller, values)
    return reply(sync) if dialect == "docs" else reply({"data": sync}, 201)


@router.get("/api/v1/syncs/configurations", permission="sync:read", bucket=API)
async def get_configurations(call: Call) -> Answer:
    """Return what a configuration may be made of."""
    caller = await identify(call)
    syncs.check_reading(call, caller)
    types = configurations.mapping_types(call.setting("squared.dialect"))
    return reply({"data": {"configurations": {"catalog_mapping_types": types}}})


@router.get("/api/v1/syncs/{sync_id}", permission="sync:read", bucket=API)
async def get_sync(call: Call, sync_id: str) -> Answer:
    """Return one sync: row 16 of the contradictions."""
    caller = await identify(call)
    sync = await syncs.get_sync(call, caller, path_id(sync_id))
    return reply(sync if call.setting("squared.dialect") == "docs" else {"data": sync})


@router.declare(
    UPDATE, "/api/v1/syncs/{sync_id}", permission="sync:update", bucket=API, schedules=True
)
async def update_sync(call: Call, sync_id: str) -> Answer:
    """Update a sync: row 17 of the contradictions."""
    caller = await identify(call)
    dialect = call.setting("squared.dialect")
    wanted, values = rules.changes(body_of(call, "sync", rules.COLUMNS), sync_id, dialect)
    sync = await syncs.update_sync(call, caller, wanted, values)
    return reply(shown_sync(sync, dialect))


@router.patch(
    "/api/v1/syncs/{sync_id}/enable", permission="sync:update", bucket=API, schedules=True
)
async def enable_sync(call: Call, sync_id: str) -> Answer:
    """Enable or disable a sync."""
    caller = await identify(call)
    wanted, enable = rules.enabling(body_of(call), sync_id)
    return reply({"data": await syncs.enable_sync(call, caller, wanted, enable=enable)})


@router.delete("/api/v1/syncs/{sync_id}", permission="sync:delete", bucket=API)
async def delete_sync(call: Call, sync_id: str) -> Answer:
    """Delete a sync with its runs."""
    caller = await identify(call)
    await syncs.delete_sync(call, caller, path_id(sync_id))
    return NO_CONTENT
