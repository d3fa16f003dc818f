"""Models: list, get, create, update, delete (docs/vendors/squared.md#10-models)."""

from collections.abc import Mapping
from typing import Any

from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import Bare, Declined
from mockalog.vendors.squared.repository import MODELS, catalogs, connectors, models, syncs
from mockalog.vendors.squared.rules import models as rules
from mockalog.vendors.squared.rules import paging
from mockalog.vendors.squared.rules.validation import MAX_ID, check_present
from mockalog.vendors.squared.schemas.models import model_of
from mockalog.vendors.squared.service.identity import Caller


async def find(call: Call, caller: Caller, model_id: int) -> Any:
    """Return a model's row; raises kind C without a workspace, kind D without the record."""
    workspace_id = caller.workspace_id
    if not 0 < model_id <= MAX_ID:
        raise _not_found(model_id)
    return _existing(await models.get_model(call.repository, workspace_id, model_id), model_id)


def _existing(row: Any | None, model_id: int) -> Any:
    if row is None:
        raise _not_found(model_id)
    return row


def _not_found(model_id: int) -> Bare:
    where = '[WHERE "models"."workspace_id" = $1]'
    return Bare(404, f"Couldn't find Model with 'id'=\"{model_id}\" {where}")


async def list_models(call: Call, caller: Caller, types: frozenset[str] | None) -> dict[str, Any]:
    """Return one page, with its links."""
    workspace_id = caller.workspace_id
    caller.authorise(call)
    dialect = call.setting("squared.dialect")
    page = paging.page_of(call.query, dialect)
    found = await models.list_models(call.repository, workspace_id, types, page.limit, page.offset)
    shown = [
        model_of(
            row, found.connectors[row.connector_id], dialect, found.catalogs.get(row.connector_id)
        )
        for row in found.rows
        if row.connector_id in found.connectors  # or it was deleted a moment ago
    ]
    url = call.base_url + call.exchange.raw_path
    return {"data": shown, "links": paging.links(url, call.query, page, found.total)}


async def get_model(call: Call, caller: Caller, model_id: int) -> dict[str, Any]:
    """Return one model."""
    row = await find(call, caller, model_id)
    caller.authorise(call)
    return await _shown(call, row)


async def _shown(call: Call, row: Any) -> dict[str, Any]:
    found = await connectors.get_connector(call.repository, row.workspace_id, row.connector_id)
    connector = _existing(found, row.id)  # a model goes with its connector
    catalog = None
    if row.query_type == "ai_ml":
        catalog = await catalogs.catalog_of(call.repository, row.connector_id)
    return model_of(row, connector, call.setting("squared.dialect"), catalog)


async def create_model(call: Call, caller: Caller, values: Mapping[str, Any]) -> dict[str, Any]:
    """Store a model; its connector must be there, names may repeat."""
    connector = await _connector(call, caller, values["connector_id"])
    if connector is None:
        where = '[WHERE "connectors"."workspace_id" = $1]'
        raise Bare(404, f"Couldn't find Connector with 'id'={values['connector_id']} {where}")
    caller.authorise(call)
    await _check_catalog(call, connector)
    rules.check_assignable(values)
    columns = _columns(call, "creation", {"configuration": None, **values}, connected=True)
    id_ = await call.repository.next_number(MODELS)
    row = await models.create_model(
        call.repository, id=id_, workspace_id=caller.workspace_id, created_at=call.now, **columns
    )
    return await _shown(call, row)


async def _connector(call: Call, caller: Caller, connector_id: int) -> Any | None:
    """Return the connector, which nobody deletes until the model is stored."""
    workspace_id = caller.workspace_id
    if not 0 < connector_id <= MAX_ID:
        return None
    return await connectors.lock_connector(call.repository, workspace_id, connector_id)


async def _check_catalog(call: Call, connector: Any) -> None:
    if connector.category != rules.AI_MODEL:
        return
    if await catalogs.catalog_of(call.repository, connector.id) is None:
        raise Declined(422, rules.NO_CATALOG)


async def update_model(
    call: Call, caller: Caller, model_id: int, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Replace the columns that are given."""
    row = await find(call, caller, model_id)
    caller.authorise(call)
    check_present(values, "model")
    rules.check_assignable(values)
    kept = {name: getattr(row, name) for name in rules.COLUMNS}
    kept["configuration"] = None if row.configuration is None else loads(row.configuration)
    wanted = {**kept, **values}
    connected = await _connector(call, caller, wanted["connector_id"]) is not None
    columns = _columns(call, "update", wanted, connected=connected)
    changed = await models.update_model(call.repository, caller.workspace_id, model_id, columns)
    return await _shown(call, _existing(changed, model_id))


def _columns(
    call: Call, action: str, values: Mapping[str, Any], *, connected: bool
) -> dict[str, Any]:
    """Return all columns but those that never change; raises what the record refuses."""
    rules.check_record(action, values, connected=connected)
    configuration = values["configuration"]
    text = None if configuration is None else dumps(configuration).decode()
    columns = {name: values[name] for name in rules.COLUMNS}
    return {**columns, "configuration": text, "updated_at": call.now}


async def delete_model(call: Call, caller: Caller, model_id: int) -> None:
    """Delete a model with its syncs."""
    await lock_sandbox(call.repository)
    await find(call, caller, model_id)
    caller.authorise(call)
    await syncs.delete_of(call.repository, "model", model_id)
    _existing(await models.delete_model(call.repository, caller.workspace_id, model_id), model_id)
