"""Connector definitions (docs/vendors/squared.md#7-connector-definitions)."""

from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.rules import connections
from mockalog.vendors.squared.rules import definitions as rules
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.service.identity import Caller


def list_definitions(call: Call, caller: Caller, wanted: rules.Wanted) -> Any:
    """Return the registry, narrowed; nothing of it is the workspace's, yet there must be one."""
    _ = caller.workspace_id
    caller.authorise(call)
    return rules.listed(registry(), wanted, call.setting("squared.dialect"))


def get_definition(call: Call, caller: Caller, kind: str, name: str) -> Any:
    """Return one definition of a type."""
    _ = caller.workspace_id
    caller.authorise(call)
    return rules.shown(registry(), kind, name, call.setting("squared.dialect"))


def check_connection(call: Call, caller: Caller, wanted: connections.Attempt) -> dict[str, Any]:
    """Return how a connection went."""
    _ = caller.workspace_id
    caller.authorise(call)
    return connections.outcome(connections.failure_of(wanted), call.setting("squared.dialect"))
