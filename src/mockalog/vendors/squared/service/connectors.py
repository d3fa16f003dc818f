"""Connectors: list, get, create, update, delete (docs/vendors/squared.md#8-connectors).

Each use case asks for the workspace first, then for the record, then for the right.
"""

from collections.abc import Mapping
from typing import Any

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import Declined, not_found
from mockalog.vendors.squared.repository import (
    CONNECTORS,
    catalogs,
    connectors,
    models,
    syncs,
    worlds,
)
from mockalog.vendors.squared.rules import configuration as configurations
from mockalog.vendors.squared.rules import connectors as rules
from mockalog.vendors.squared.rules import paging
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.rules.validation import MAX_ID, check_present
from mockalog.vendors.squared.schemas.connectors import connector_of
from mockalog.vendors.squared.service.identity import Caller


async def find(call: Call, caller: Caller, connector_id: int) -> Any:
    """Return a connector's row; raises kind C without a workspace, 404 without the record."""
    workspace_id = caller.workspace_id
    if not 0 < connector_id <= MAX_ID:
        raise not_found("Connector")
    return _existing(await connectors.get_connector(call.repository, workspace_id, connector_id))


async def locked(call: Call, caller: Caller, connector_id: int) -> Any:
    """Return the row of a connector that was found, and lock it; raises 404 if it is gone."""
    row = await connectors.lock_connector(call.repository, caller.workspace_id, connector_id)
    return _existing(row)


def _existing(row: Any | None) -> Any:
    """Return the row; raises 404 if there is none, or no longer."""
    if row is None:
        raise not_found("Connector")
    return row


async def list_connectors(call: Call, caller: Caller, wanted: rules.Filters) -> dict[str, Any]:
    """Return one page, with its links."""
    workspace_id = caller.workspace_id
    caller.authorise(call)
    rules.check_categories(wanted)
    page = paging.page_of(call.query, call.setting("squared.dialect"))
    rows, total = await connectors.list_connectors(
        call.repository, workspace_id, wanted, page.limit, page.offset
    )
    url = call.base_url + call.exchange.raw_path
    links = paging.links(url, call.query, page, total)
    return {"data": [connector_of(row) for row in rows], "links": links}


async def get_connector(call: Call, caller: Caller, connector_id: int) -> Any:
    """Return one connector."""
    row = await find(call, caller, connector_id)
    caller.authorise(call)
    return connector_of(row)


async def create_connector(call: Call, caller: Caller, values: Mapping[str, Any]) -> Any:
    """Store a connector; name and type must be new to the workspace."""
    workspace_id = caller.workspace_id
    caller.authorise(call)
    rules.check_assignable(values)
    # The number's lock holds off everybody else who would create, until this one is committed.
    id_ = await call.repository.next_number(CONNECTORS)
    name, kind = values["name"], values["connector_type"]
    if await connectors.is_taken(call.repository, workspace_id, name, kind):
        raise Declined(422, "A connector with the same name already exists.")
    columns, sent = _columns(call, "creation", {"description": None, **values})
    row = await connectors.create_connector(
        call.repository, id=id_, workspace_id=workspace_id, created_at=call.now, **columns
    )
    return connector_of(row, sent)


async def update_connector(
    call: Call, caller: Caller, connector_id: int, values: Mapping[str, Any]
) -> Any:
    """Replace the columns that are given; a name may be given twice here (measured)."""
    row = await find(call, caller, connector_id)
    caller.authorise(call)
    check_present(values.keys() & set(rules.COLUMNS), "connector")
    rules.check_assignable(values)
    kept = {name: getattr(row, name) for name in rules.COLUMNS}
    kept["configuration"] = configurations.parsed(row.configuration)
    columns, sent = _columns(call, "update", {**kept, **values})
    changed = await connectors.update_connector(
        call.repository, caller.workspace_id, connector_id, columns
    )
    return connector_of(_existing(changed), sent)


def _columns(call: Call, action: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return all columns that follow from a connector's own, and what to answer of the secrets.

    Raises what the record refuses.
    """
    dialect, known = call.setting("squared.dialect"), registry()
    kind, connector_name = values["connector_type"], values["connector_name"]
    configuration = values["configuration"]
    definition = rules.definition_of(kind, connector_name, dialect, known)
    rules.check_model(action, values["name"], configuration, definition, dialect)
    category, sub_category = rules.categories(configuration, definition)
    icon = known.icon_of_unknown(kind, connector_name) if definition is None else definition.icon
    shown = configurations.masked(configuration, definition)
    columns = {
        **{name: values[name] for name in rules.COLUMNS},
        "category": category,
        "sub_category": sub_category,
        "icon": icon,
        "configuration": dumps(configuration).decode(),
        "masked": dumps(configurations.in_stored_order(shown)).decode(),
        "updated_at": call.now,
    }
    return columns, dumps(shown).decode()


async def delete_connector(call: Call, caller: Caller, connector_id: int) -> None:
    """Delete a connector with its catalog, its models, its syncs and its tables."""
    await lock_sandbox(call.repository)
    await find(call, caller, connector_id)
    caller.authorise(call)
    # Whoever is about to store something that hangs on the connector holds this lock.
    await locked(call, caller, connector_id)
    await catalogs.delete_catalog_of(call.repository, connector_id)
    await syncs.delete_of(call.repository, "connector", connector_id)
    await models.delete_models_of(call.repository, connector_id)
    await worlds.delete_world(call.repository, connector_id)
    await connectors.delete_connector(call.repository, caller.workspace_id, connector_id)
