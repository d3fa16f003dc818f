"""Syncs: list, get, create, update, delete, enable and disable.

A call that changes syncs or runs takes the lock of the sandbox's jobs first: jobs advance runs,
and the lock keeps them apart.

Sources: docs/vendors/squared.md#111-create-a-sync and docs/vendors/squared.md#112-other-sync-calls.
"""

from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import BadRequestError, PlainError
from mockalog.vendors.squared.models import DISABLED, PENDING, SCHEDULED_RUN
from mockalog.vendors.squared.repository import SYNCS, models
from mockalog.vendors.squared.repository.connectors import catalogs, connectors
from mockalog.vendors.squared.repository.syncs import syncs
from mockalog.vendors.squared.repository.syncs.syncs import SyncPage
from mockalog.vendors.squared.rules.syncs import sync_configurations
from mockalog.vendors.squared.rules.syncs import syncs as rules
from mockalog.vendors.squared.rules.syncs.rows import SyncRow
from mockalog.vendors.squared.rules.syncs.schedules import first_run
from mockalog.vendors.squared.rules.syncs.state_machines import SYNC, next_status
from mockalog.vendors.squared.rules.validation import Values, check_present
from mockalog.vendors.squared.schemas.base import Resource
from mockalog.vendors.squared.schemas.paging import Listing, PageRequest
from mockalog.vendors.squared.schemas.syncs.syncs import sync_of
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.lookups import database_id, require_row
from mockalog.vendors.squared.service.syncs import run_steps


async def _find(call: Call, caller: Caller, sync_id: int) -> SyncRow:
    """Return a sync of the workspace; raises `NoWorkspaceError`, or kind D."""
    workspace_id, id_ = caller.workspace_id, database_id(sync_id)
    row = await syncs.get_sync(call.repository, workspace_id, id_)
    return require_row(row, _not_found(sync_id))


def _not_found(sync_id: int) -> PlainError:
    where = '[WHERE "syncs"."discarded_at" IS NULL AND "syncs"."workspace_id" = $1]'
    return PlainError(404, f"Couldn't find Sync with 'id'=\"{sync_id}\" {where}")


async def list_syncs(call: Call, caller: Caller, request: PageRequest) -> Listing:
    """Return one page, with its links."""
    workspace_id = caller.authorised_workspace(call)
    page = request.page()
    found, total = await syncs.list_syncs(call.repository, workspace_id, page.limit, page.offset)
    return request.listing(_resources(found, request.dialect), page, total)


def _resources(page: SyncPage, dialect: str) -> list[Resource]:
    """Return the syncs of a page without those whose parts were deleted between two queries."""
    return [_resource(row, page, dialect) for row in page.rows if _is_whole(row, page)]


def _is_whole(row: SyncRow, page: SyncPage) -> bool:
    """Return whether the page has the model and the connectors of a sync."""
    model = page.models.get(row.model_id)
    if model is None:
        return False
    return {row.source_id, row.destination_id, model.connector_id} <= page.connectors.keys()


def _resource(row: SyncRow, page: SyncPage, dialect: str) -> Resource:
    model = page.models[row.model_id]
    catalog = page.catalogs.get(model.connector_id)
    return sync_of(row, model, page.connectors, catalog, dialect)


def get_configurations(call: Call, caller: Caller) -> dict[str, object]:
    """Return the parts of a sync's configuration, a constant."""
    caller.authorised_workspace(call)
    types = sync_configurations.mapping_types(call.setting("squared.dialect"))
    return {"configurations": {"catalog_mapping_types": types}}


async def get_sync(call: Call, caller: Caller, sync_id: int) -> Resource:
    """Return one sync."""
    await _find(call, caller, sync_id)
    caller.authorise(call)
    return await _stored(call, caller, sync_id)


async def _stored(call: Call, caller: Caller, sync_id: int) -> Resource:
    """Return a stored sync with its parts; raises kind D if one of them was deleted."""
    page = await syncs.get_sync_page(call.repository, caller.workspace_id, sync_id)
    resources = _resources(page, call.setting("squared.dialect"))
    return require_row(next(iter(resources), None), _not_found(sync_id))


async def create_sync(call: Call, caller: Caller, values: Values) -> Resource:
    """Store a sync and begin its schedule."""
    workspace_id = caller.authorised_workspace(call)
    rules.check_assignable(values, call.setting("squared.dialect"))
    await lock_sandbox(call.repository)
    columns = await _columns(call, workspace_id, "creation", values)
    row = await syncs.create_sync(
        call.repository,
        id=await call.repository.next_number(SYNCS),
        workspace_id=workspace_id,
        status=PENDING,
        current_cursor_field=None,
        next_run_at=None,
        created_at=call.now,
        updated_at=call.now,
        **columns,
    )
    await _begin_schedule(call, row)
    return await _stored(call, caller, row.id)


async def _columns(call: Call, workspace_id: int, action: str, values: Values) -> dict[str, object]:
    """Return the columns that a body decides; raises the refusals of the record."""
    columns = rules.storable_columns(values)
    missing = await _missing_parts(call, workspace_id, columns)
    streams = await _streams(call, columns["destination_id"])
    rules.check_record(action, columns, missing=missing, streams=streams)
    return {**columns, "configuration": dumps(columns["configuration"]).decode()}


async def _missing_parts(call: Call, workspace_id: int, columns: Values) -> list[str]:
    """Return the parts of a sync that the workspace does not have."""
    finders = {
        "source": connectors.get_connector,
        "destination": connectors.get_connector,
        "model": models.get_model,
    }
    found = {
        name: await finder(call.repository, workspace_id, database_id(columns[f"{name}_id"]))
        for name, finder in finders.items()
    }
    return [name for name, row in found.items() if row is None]


async def _streams(call: Call, connector_id: int) -> list[str] | None:
    """Return the stream names of a connector's catalog, None without a catalog."""
    catalog = await catalogs.get_catalog(call.repository, database_id(connector_id))
    return None if catalog is None else rules.stream_names(loads(catalog.catalog))


async def _begin_schedule(call: Call, row: SyncRow) -> None:
    """Plan the first run of a sync's schedule, in place of a planned one."""
    at = None if row.status == DISABLED else first_run(rules.schedule_of(row), call.now)
    await syncs.update_sync(call.repository, row, next_run_at=at)
    if at is not None:
        await call.schedule(SCHEDULED_RUN, {"sync": row.id}, due_at=at, recurring=True)


async def update_sync(call: Call, caller: Caller, sync_id: int, values: Values) -> Resource:
    """Replace columns of a sync, except its cursor field; a new schedule begins now."""
    await lock_sandbox(call.repository)
    row = await _find(call, caller, sync_id)
    caller.authorise(call)
    check_present(values, "sync")
    rules.check_assignable(values, call.setting("squared.dialect"))
    stored = {name: getattr(row, name) for name in rules.COLUMNS}
    stored["configuration"] = loads(row.configuration)
    merged = {**stored, **values, "cursor_field": row.cursor_field}
    columns = await _columns(call, row.workspace_id, "update", merged)
    changed = await _change(call, row, columns)
    if rules.schedule_of(changed) != rules.schedule_of(row):
        await _begin_schedule(call, changed)
    return await _stored(call, caller, sync_id)


async def _change(call: Call, row: SyncRow, columns: dict[str, object]) -> SyncRow:
    """Store new columns of a sync and return its new row."""
    await syncs.update_sync(call.repository, row, **columns, updated_at=call.now)
    changed = await syncs.get_sync_by_id(call.repository, row.id)
    return require_row(changed, _not_found(row.id))


async def enable_sync(call: Call, caller: Caller, sync_id: int, *, enable: bool) -> Resource:
    """Enable or disable a sync; disabling ends its schedule and cancels its run (inferred)."""
    await lock_sandbox(call.repository)
    row = await _find(call, caller, sync_id)
    caller.authorise(call)
    event = "enable" if enable else "disable"
    status = next_status(SYNC, event, row.status)
    if status is None:
        raise BadRequestError(f"Event '{event}' cannot transition from '{row.status}'.")
    changed = await _change(call, row, {"status": status})
    if not enable:
        await run_steps.cancel_active(call.repository, sync_id, call.now)
    await _begin_schedule(call, changed)
    return await _stored(call, caller, sync_id)


async def delete_sync(call: Call, caller: Caller, sync_id: int) -> None:
    """Delete a sync with its runs."""
    await lock_sandbox(call.repository)
    await _find(call, caller, sync_id)
    caller.authorise(call)
    await syncs.delete_syncs_of(call.repository, "sync", sync_id)
