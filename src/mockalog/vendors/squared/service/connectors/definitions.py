"""Connector definitions (docs/vendors/squared.md#7-connector-definitions).

Definitions belong to no workspace, but each operation needs one.
"""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.rules.connectors import connections
from mockalog.vendors.squared.rules.connectors import definitions as rules
from mockalog.vendors.squared.rules.connectors.registry import load_registry
from mockalog.vendors.squared.service.access import Caller


def list_definitions(call: Call, caller: Caller, filters: rules.DefinitionFilters) -> object:
    """Return the definitions of the registry that match the filters, as JSON values."""
    caller.authorised_workspace(call)
    return rules.list_definitions(load_registry(), filters, call.setting("squared.dialect"))


def get_definition(call: Call, caller: Caller, connector_type: str, name: str) -> dict[str, object]:
    """Return one definition of a type."""
    caller.authorised_workspace(call)
    dialect = call.setting("squared.dialect")
    return rules.find_definition(load_registry(), connector_type, name, dialect)


def check_connection(call: Call, caller: Caller, attempt: connections.Attempt) -> dict[str, object]:
    """Return the result of a connection attempt."""
    caller.authorised_workspace(call)
    failure = connections.connection_failure(attempt)
    return connections.connection_status(failure, call.setting("squared.dialect"))
