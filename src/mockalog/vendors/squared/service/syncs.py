"""Syncs: list, get, create, update, delete, enable and disable.

Who changes syncs or runs takes the lock of the sandbox's jobs before anything else: a run is
brought on by jobs, and no two of them may meet.

Sources: docs/vendors/squared.md#111-create-a-sync and docs/vendors/squared.md#112-other-sync-calls.
"""

from collections.abc import Mapping
from typing import Any

from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import BadRequest, Bare
from mockalog.vendors.squared.repository import SYNCS, catalogs, connectors, models, syncs
from mockalog.vendors.squared.repository.syncs import Page
from mockalog.vendors.squared.rules import paging
from mockalog.vendors.squared.rules import syncs as rules
from mockalog.vendors.squared.rules.runs import DISABLED, PENDING, SYNC, moved
from mockalog.vendors.squared.rules.schedules import first_run
from mockalog.vendors.squared.rules.validation import MAX_ID, check_present
from mockalog.vendors.squared.schemas.syncs import sync_of
from mockalog.vendors.squared.service import chains
from mockalog.vendors.squared.service.identity import Caller
from mockalog.vendors.squared.service.schedules import SCHEDULED_RUN


async def find(call: Call, caller: Caller, sync_id: int) -> Any:
    """Return a sync's row; raises kind C without a workspace, kind D without the record."""
    workspace_id = caller.workspace_id
    row = await syncs.get_sync(call.repository, workspace_id, _known(sync_id))
    if row is None:
        raise _not_found(sync_id)
    return row


def _not_found(sync_id: int) -> Bare:
    where = '[WHERE "syncs"."discarded_at" IS NULL AND "syncs"."workspace_id" = $1]'
    return Bare(404, f"Couldn't find Sync with 'id'=\"{sync_id}\" {where}")


async def list_syncs(call: Call, caller: Caller) -> dict[str, Any]:
    """Return one page, with its links."""
    workspace_id = caller.workspace_id
    caller.authorise(call)
    dialect = call.setting("squared.dialect")
    wanted = paging.page_of(call.query, dialect)
    page, total = await syncs.list_syncs(call.repository, workspace_id, wanted.limit, wanted.offset)
    url = call.base_url + call.exchange.raw_path
    shown = [sync_of(row, page, dialect) for row in page.rows if _is_whole(row, page)]
    return {"data": shown, "links": paging.links(url, call.query, wanted, total)}


def check_reading(call: Call, caller: Caller) -> None:
    """Raise what a call is refused with that reads nothing of the workspace's."""
    _ = caller.workspace_id
    caller.authorise(call)


async def get_sync(call: Call, caller: Caller, sync_id: int) -> dict[str, Any]:
    """Return one sync."""
    await find(call, caller, sync_id)
    caller.authorise(call)
    return await _shown(call, caller, sync_id)


async def _shown(call: Call, caller: Caller, sync_id: int) -> dict[str, Any]:
    page = await syncs.show_sync(call.repository, caller.workspace_id, sync_id)
    whole = [row for row in page.rows if _is_whole(row, page)]
    if not whole:
        raise _not_found(sync_id)
    return sync_of(whole[0], page, call.setting("squared.dialect"))


def _is_whole(row: Any, page: Page) -> bool:
    """Return whether all that a sync shows is there, and nothing was deleted a moment ago."""
    model = page.models.get(row.model_id)
    ends = {row.source_id, row.destination_id, getattr(model, "connector_id", None)}
    return ends <= page.connectors.keys()


async def create_sync(call: Call, caller: Caller, values: Mapping[str, Any]) -> dict[str, Any]:
    """Store a sync and begin its schedule."""
    workspace_id = caller.workspace_id
    caller.authorise(call)
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
    return await _shown(call, caller, row.id)


async def _columns(
    call: Call, workspace_id: int, action: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the columns that a body decides; raises what the record refuses."""
    columns = rules.settled(values)
    missing = await _missing(call, workspace_id, columns)
    streams = await _streams(call, columns["destination_id"])
    rules.check_record(action, columns, missing=missing, streams=streams)
    return {**columns, "configuration": dumps(columns["configuration"]).decode()}


async def _missing(call: Call, workspace_id: int, columns: Mapping[str, Any]) -> list[str]:
    """Return which of a sync's parts the workspace does not have."""
    finders = {
        "source": connectors.get_connector,
        "destination": connectors.get_connector,
        "model": models.get_model,
    }
    found = {
        name: await finder(call.repository, workspace_id, _known(columns[f"{name}_id"]))
        for name, finder in finders.items()
    }
    return [name for name, row in found.items() if row is None]


def _known(id_: int | None) -> int:
    """Return an id that the database takes: 0, which nothing has, for one that is none."""
    return id_ if id_ is not None and 0 < id_ <= MAX_ID else 0


async def _streams(call: Call, connector_id: int) -> list[str] | None:
    """Return the names in a connector's catalog, None if it has none."""
    catalog = await catalogs.catalog_of(call.repository, _known(connector_id))
    return None if catalog is None else rules.stream_names(loads(catalog.catalog))


async def _begin_schedule(call: Call, row: Any) -> None:
    """Plan the first run of a sync's schedule in place of any that was planned."""
    at = None if row.status == DISABLED else first_run(rules.schedule_of(row), call.now)
    await syncs.change(call.repository, row, next_run_at=at)
    if at is not None:
        await call.schedule(SCHEDULED_RUN, {"sync": row.id}, due_at=at, recurring=True)


async def update_sync(
    call: Call, caller: Caller, sync_id: int, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Replace the columns that are given but the cursor field; a new schedule begins now."""
    await lock_sandbox(call.repository)
    row = await find(call, caller, sync_id)
    caller.authorise(call)
    check_present(values, "sync")
    rules.check_assignable(values, call.setting("squared.dialect"))
    kept = {name: getattr(row, name) for name in rules.COLUMNS}
    kept["configuration"] = loads(row.configuration)
    wanted = {**kept, **values, "cursor_field": row.cursor_field}
    columns = await _columns(call, row.workspace_id, "update", wanted)
    await syncs.change(call.repository, row, **columns, updated_at=call.now)
    changed: Any = await syncs.get(call.repository, sync_id)
    if rules.schedule_of(changed) != rules.schedule_of(row):
        await _begin_schedule(call, changed)
    return await _shown(call, caller, sync_id)


async def enable_sync(call: Call, caller: Caller, sync_id: int, *, enable: bool) -> dict[str, Any]:
    """Enable or disable a sync; disabling ends its schedule and cancels its run (inferred)."""
    await lock_sandbox(call.repository)
    row = await find(call, caller, sync_id)
    caller.authorise(call)
    event = "enable" if enable else "disable"
    status = moved(SYNC, event, row.status)
    if status is None:
        raise BadRequest(f"Event '{event}' cannot transition from '{row.status}'.")
    await syncs.change(call.repository, row, status=status, updated_at=call.now)
    if not enable:
        await chains.cancel_active(call.repository, sync_id, call.now)
    await _begin_schedule(call, await syncs.get(call.repository, sync_id))
    return await _shown(call, caller, sync_id)


async def delete_sync(call: Call, caller: Caller, sync_id: int) -> None:
    """Delete a sync with its runs, for good."""
    await lock_sandbox(call.repository)
    await find(call, caller, sync_id)
    caller.authorise(call)
    await syncs.delete_of(call.repository, "sync", sync_id)
