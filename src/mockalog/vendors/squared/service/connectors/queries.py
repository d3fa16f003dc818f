"""Queries of sources: SQL of a database, a payload of a model.

Sources: docs/vendors/squared.md#87-query-a-source and docs/vendors/squared.md#88-execute-a-model.
"""

from collections.abc import Sequence

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import loads
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import NULL_BYTE, ApplicationError, SourceError
from mockalog.vendors.squared.repository.connectors import catalogs
from mockalog.vendors.squared.rules.connectors import queries as rules
from mockalog.vendors.squared.rules.connectors.connectors import AI_MODEL
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.rules.connectors.source_tables import Row
from mockalog.vendors.squared.rules.models import NO_CATALOG
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.connectors import connectors, source_tables
from mockalog.vendors.squared.sql.limits import add_limit

# The table of a model's connector with the rows that the model returns.
RESPONSES = "responses"


async def query_source(call: Call, caller: Caller, query: rules.SourceQuery) -> Sequence[Row]:
    """Return the rows of a query; raises `ApplicationError` with the source's own text."""
    connector = await connectors.find(call, caller, query.connector_id)
    caller.authorise(call)
    rules.check_source(connector)
    if connector.category == AI_MODEL:
        return await model_rows(call.repository, connector, _payload(query.query))
    sql = add_limit(query.query, query.limit)
    if "\0" in sql:  # Ruby's driver refuses it (inferred)
        raise SourceError(NULL_BYTE)
    return await source_tables.select(call.repository, connector, sql, now=call.now)


async def execute_model(
    call: Call, caller: Caller, connector_id: int, payload: object
) -> Sequence[Row]:
    """Return the rows of a model; raises `ApplicationError` for a connector of another kind."""
    connector = await connectors.find(call, caller, connector_id)
    caller.authorise(call)
    rules.check_model(connector)
    return await model_rows(call.repository, connector, payload)


async def model_rows(
    repository: Repository, connector: ConnectorRow, payload: object
) -> Sequence[Row]:
    """Return the loaded rows of a model, or the response of its configuration.

    Raises `ApplicationError` without a catalog, and `SourceError` if the model cannot be reached.
    """
    if await catalogs.get_catalog(repository, connector.id) is None:
        raise ApplicationError(422, NO_CATALOG)
    source_tables.check_reachable(connector)
    for table, rows in await source_tables.tables_with_rows(repository, connector):
        if table.name == RESPONSES:
            return rows
    return [rules.model_response(connector, payload)]


def _payload(query: str) -> object:
    """Return a query as a model's payload: its JSON value, or the text itself."""
    try:
        return loads(query)
    except MalformedBodyError:
        return query
