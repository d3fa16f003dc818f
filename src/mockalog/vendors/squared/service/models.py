"""Models: list, get, create, update, delete (docs/vendors/squared.md#10-models)."""

from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import ApplicationError, PlainError
from mockalog.vendors.squared.repository import MODELS, models
from mockalog.vendors.squared.repository.connectors import catalogs, connectors
from mockalog.vendors.squared.repository.syncs import syncs
from mockalog.vendors.squared.rules import models as rules
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.rules.rows import ModelRow
from mockalog.vendors.squared.rules.validation import Values, check_present
from mockalog.vendors.squared.schemas.base import Resource
from mockalog.vendors.squared.schemas.models import model_of
from mockalog.vendors.squared.schemas.paging import Listing, PageRequest
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.lookups import database_id, require_row


async def _find(call: Call, caller: Caller, model_id: int) -> ModelRow:
    """Return a model of the workspace; raises `NoWorkspaceError`, or kind D."""
    workspace_id, id_ = caller.workspace_id, database_id(model_id)
    row = await models.get_model(call.repository, workspace_id, id_)
    return require_row(row, _not_found(model_id))


def _not_found(model_id: int) -> PlainError:
    where = '[WHERE "models"."workspace_id" = $1]'
    return PlainError(404, f"Couldn't find Model with 'id'=\"{model_id}\" {where}")


async def list_models(
    call: Call, caller: Caller, types: frozenset[str] | None, request: PageRequest
) -> Listing:
    """Return one page, with its links."""
    workspace_id = caller.authorised_workspace(call)
    page = request.page()
    found = await models.list_models(call.repository, workspace_id, types, page.limit, page.offset)
    resources = [
        model_of(
            row,
            found.connectors[row.connector_id],
            request.dialect,
            found.catalogs.get(row.connector_id),
        )
        for row in found.rows
        if row.connector_id in found.connectors  # it may have been deleted between two queries
    ]
    return request.listing(resources, page, found.total)


async def get_model(call: Call, caller: Caller, model_id: int) -> Resource:
    """Return one model."""
    row = await _find(call, caller, model_id)
    caller.authorise(call)
    return await _resource(call, row)


async def _resource(call: Call, row: ModelRow) -> Resource:
    """Return a model with its connector; raises kind D if the connector was deleted."""
    found = await connectors.get_connector(call.repository, row.workspace_id, row.connector_id)
    connector = require_row(found, _not_found(row.id))
    catalog = None
    if row.query_type == "ai_ml":
        catalog = await catalogs.get_catalog(call.repository, row.connector_id)
    return model_of(row, connector, call.setting("squared.dialect"), catalog)


async def create_model(call: Call, caller: Caller, values: Values) -> Resource:
    """Store a model of an existing connector; names may repeat."""
    connector = await _lock_connector(call, caller, values["connector_id"])
    if connector is None:
        where = '[WHERE "connectors"."workspace_id" = $1]'
        raise PlainError(404, f"Couldn't find Connector with 'id'={values['connector_id']} {where}")
    caller.authorise(call)
    await _check_catalog(call, connector)
    rules.check_assignable(values)
    columns = _columns(call, "creation", {"configuration": None, **values}, connected=True)
    id_ = await call.repository.next_number(MODELS)
    row = await models.create_model(
        call.repository, id=id_, workspace_id=caller.workspace_id, created_at=call.now, **columns
    )
    return await _resource(call, row)


async def _lock_connector(call: Call, caller: Caller, connector_id: int) -> ConnectorRow | None:
    """Return a connector that cannot be deleted until the model is stored."""
    workspace_id, id_ = caller.workspace_id, database_id(connector_id)
    return await connectors.lock_connector(call.repository, workspace_id, id_)


async def _check_catalog(call: Call, connector: ConnectorRow) -> None:
    """Raise `ApplicationError` for an AI model without a catalog."""
    if connector.category != rules.AI_MODEL:
        return
    if await catalogs.get_catalog(call.repository, connector.id) is None:
        raise ApplicationError(422, rules.NO_CATALOG)


async def update_model(call: Call, caller: Caller, model_id: int, values: Values) -> Resource:
    """Replace columns of a model."""
    row = await _find(call, caller, model_id)
    caller.authorise(call)
    check_present(values, "model")
    rules.check_assignable(values)
    stored = {name: getattr(row, name) for name in rules.COLUMNS}
    stored["configuration"] = None if row.configuration is None else loads(row.configuration)
    merged = {**stored, **values}
    connected = await _lock_connector(call, caller, merged["connector_id"]) is not None
    columns = _columns(call, "update", merged, connected=connected)
    changed = await models.update_model(call.repository, caller.workspace_id, model_id, columns)
    return await _resource(call, require_row(changed, _not_found(model_id)))


def _columns(call: Call, action: str, values: Values, *, connected: bool) -> dict[str, object]:
    """Return the columns that an update replaces; raises the refusals of the record."""
    rules.check_record(action, values, connected=connected)
    configuration = values["configuration"]
    text = None if configuration is None else dumps(configuration).decode()
    columns = {name: values[name] for name in rules.COLUMNS}
    return {**columns, "configuration": text, "updated_at": call.now}


async def delete_model(call: Call, caller: Caller, model_id: int) -> None:
    """Delete a model with its syncs."""
    await lock_sandbox(call.repository)
    await _find(call, caller, model_id)
    caller.authorise(call)
    await syncs.delete_syncs_of(call.repository, "model", model_id)
    deleted = await models.delete_model(call.repository, caller.workspace_id, model_id)
    require_row(deleted, _not_found(model_id))
