"""Asking a source: SQL of a database, a payload of a model.

Sources: docs/vendors/squared.md#87-query-a-source and docs/vendors/squared.md#88-execute-a-model.
"""

from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import loads
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import NULL_BYTE, Declined, SourceFailed
from mockalog.vendors.squared.repository import catalogs
from mockalog.vendors.squared.rules import asking as rules
from mockalog.vendors.squared.rules.models import AI_MODEL, NO_CATALOG
from mockalog.vendors.squared.rules.queries import limited
from mockalog.vendors.squared.rules.worlds import Row
from mockalog.vendors.squared.service import connectors, worlds
from mockalog.vendors.squared.service.identity import Caller

# The table of a model's connector that a test loads with what the model is to answer.
RESPONSES = "responses"


async def query_source(call: Call, caller: Caller, wanted: rules.Question) -> list[Row]:
    """Return what a source finds; raises `Declined` with the source's own words."""
    connector = await connectors.find(call, caller, wanted.connector_id)
    caller.authorise(call)
    rules.check_source(connector)
    if connector.category == AI_MODEL:
        return await answered(call.repository, connector, _parsed(wanted.query))
    query = limited(wanted.query, wanted.limit)
    if "\0" in query:  # Ruby's driver refuses it (inferred)
        raise SourceFailed(NULL_BYTE)
    return await worlds.select(call.repository, connector, query, now=call.now)


async def execute_model(call: Call, caller: Caller, connector_id: int, payload: Any) -> list[Row]:
    """Return what a model answers; raises `Declined` for what is no model."""
    connector = await connectors.find(call, caller, connector_id)
    caller.authorise(call)
    rules.check_model(connector)
    return await answered(call.repository, connector, payload)


async def answered(rows: Repository, connector: Any, payload: Any) -> list[Row]:
    """Return a model's answer: what a test loaded for it, else what its connector suggests.

    Raises `Declined` without a catalog, and `SourceFailed` if the model cannot be reached.
    """
    if await catalogs.catalog_of(rows, connector.id) is None:
        raise Declined(422, NO_CATALOG)
    worlds.check_reachable(connector)
    for table, loaded in await worlds.contents(rows, connector):
        if table.name == RESPONSES:
            return list(loaded)
    return [rules.model_answer(connector, payload)]


def _parsed(query: str) -> Any:
    """Return a query as the payload that it is to a model; any other text stays one."""
    try:
        return loads(query)
    except MalformedBodyError:
        return query
