"""Connectors: list, get, create, update, delete (docs/vendors/squared.md#8-connectors).

Each operation checks the workspace first, then the record, then the right.
"""

from orjson import Fragment

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import ApplicationError, not_found
from mockalog.vendors.squared.repository import CONNECTORS, models
from mockalog.vendors.squared.repository.connectors import catalogs, connectors, source_tables
from mockalog.vendors.squared.repository.syncs import syncs
from mockalog.vendors.squared.rules.connectors import connector_configuration as configurations
from mockalog.vendors.squared.rules.connectors import connectors as rules
from mockalog.vendors.squared.rules.connectors.registry import load_registry
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.rules.validation import Values, check_present
from mockalog.vendors.squared.schemas.base import Resource
from mockalog.vendors.squared.schemas.connectors.connectors import connector_of
from mockalog.vendors.squared.schemas.paging import Listing, PageRequest
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.lookups import database_id, require_row


async def find(call: Call, caller: Caller, connector_id: int) -> ConnectorRow:
    """Return a connector of the workspace; raises `NoWorkspaceError`, or 404."""
    workspace_id, id_ = caller.workspace_id, database_id(connector_id)
    row = await connectors.get_connector(call.repository, workspace_id, id_)
    return require_row(row, not_found("Connector"))


async def lock(call: Call, caller: Caller, connector_id: int) -> ConnectorRow:
    """Lock a connector until the commit and return it; raises 404 if it was deleted."""
    row = await connectors.lock_connector(call.repository, caller.workspace_id, connector_id)
    return require_row(row, not_found("Connector"))


async def list_connectors(
    call: Call, caller: Caller, filters: rules.Filters, request: PageRequest
) -> Listing:
    """Return one page, with its links."""
    workspace_id = caller.authorised_workspace(call)
    rules.check_categories(filters)
    page = request.page()
    rows, total = await connectors.list_connectors(
        call.repository, workspace_id, filters, page.limit, page.offset
    )
    return request.listing([connector_of(row) for row in rows], page, total)


async def get_connector(call: Call, caller: Caller, connector_id: int) -> Resource | Fragment:
    """Return one connector."""
    row = await find(call, caller, connector_id)
    caller.authorise(call)
    return connector_of(row)


async def create_connector(call: Call, caller: Caller, values: Values) -> Resource | Fragment:
    """Store a connector; no other of the workspace may have its name and type."""
    workspace_id = caller.authorised_workspace(call)
    rules.check_assignable(values)
    # The series is locked until the commit, so two connectors of one name cannot be created.
    id_ = await call.repository.next_number(CONNECTORS)
    name, kind = values["name"], values["connector_type"]
    if await connectors.is_name_taken(call.repository, workspace_id, name, kind):
        raise ApplicationError(422, "A connector with the same name already exists.")
    columns, sent = _columns(call, "creation", {"description": None, **values})
    row = await connectors.create_connector(
        call.repository, id=id_, workspace_id=workspace_id, created_at=call.now, **columns
    )
    return connector_of(row, sent)


async def update_connector(
    call: Call, caller: Caller, connector_id: int, values: Values
) -> Resource | Fragment:
    """Replace columns of a connector; its name may repeat another one (measured)."""
    row = await find(call, caller, connector_id)
    caller.authorise(call)
    check_present(values.keys() & set(rules.COLUMNS), "connector")
    rules.check_assignable(values)
    stored = {name: getattr(row, name) for name in rules.COLUMNS}
    stored["configuration"] = configurations.parse_configuration(row.configuration)
    columns, sent = _columns(call, "update", {**stored, **values})
    changed = await connectors.update_connector(
        call.repository, caller.workspace_id, connector_id, columns
    )
    return connector_of(require_row(changed, not_found("Connector")), sent)


def _columns(call: Call, action: str, values: Values) -> tuple[dict[str, object], str]:
    """Return all columns to store, and the masked configuration in the order sent.

    Raises the refusals of the record.
    """
    dialect, registry = call.setting("squared.dialect"), load_registry()
    kind, connector_name = values["connector_type"], values["connector_name"]
    configuration = values["configuration"]
    definition = rules.definition_of(kind, connector_name, dialect, registry)
    rules.check_model(action, values["name"], configuration, definition, dialect)
    category, sub_category = rules.categories(configuration, definition)
    masked = configurations.mask_secrets(configuration, definition)
    columns = {
        **{name: values[name] for name in rules.COLUMNS},
        "category": category,
        "sub_category": sub_category,
        "icon": "" if definition is None else definition.icon,
        "configuration": dumps(configuration).decode(),
        "masked": dumps(configurations.in_stored_order(masked)).decode(),
        "updated_at": call.now,
    }
    return columns, dumps(masked).decode()


async def delete_connector(call: Call, caller: Caller, connector_id: int) -> None:
    """Delete a connector with its catalog, its models, its syncs and its tables."""
    await lock_sandbox(call.repository)
    await find(call, caller, connector_id)
    caller.authorise(call)
    # A transaction that stores something of the connector holds the same lock.
    await lock(call, caller, connector_id)
    await catalogs.delete_catalog(call.repository, connector_id)
    await syncs.delete_syncs_of(call.repository, "connector", connector_id)
    await models.delete_models_of_connector(call.repository, connector_id)
    await source_tables.delete_tables(call.repository, connector_id)
    await connectors.delete_connector(call.repository, caller.workspace_id, connector_id)
