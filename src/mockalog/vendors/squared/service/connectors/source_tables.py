"""Source tables: the rows that sources read and destinations write, without a network.

Job handlers use this module too: it needs the sandbox's repository and a connector's row.
"""

import atexit
from collections.abc import Sequence, Set
from functools import cache, partial

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.late_results import compute_late, take_result
from mockalog.vendors.squared.errors import SourceError
from mockalog.vendors.squared.repository.connectors import source_tables
from mockalog.vendors.squared.repository.connectors.source_tables import NewRow, TablesWithRows
from mockalog.vendors.squared.rules.connectors import connections, demo_tables, discovery
from mockalog.vendors.squared.rules.connectors import source_tables as rules
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.rules.connectors.source_tables import LoadedTable, Row, Table
from mockalog.vendors.squared.sql.background import run_alone
from mockalog.vendors.squared.sql.errors.texts import timeout_text
from mockalog.vendors.squared.sql.process.client import QueryProcess, Tables
from mockalog.vendors.squared.sql.sources import source_of

# The queries of this server run one at a time.
_process = QueryProcess()
atexit.register(_process.stop)


def check_reachable(connector: ConnectorRow) -> None:
    """Raise `SourceError` if a host of the configuration cannot be reached."""
    failure = connections.host_failure(loads(connector.configuration))
    if failure is not None:
        raise SourceError(failure)


async def tables_of(repository: Repository, connector: ConnectorRow) -> dict[str, Table]:
    """Return the tables of a connector by name, oldest first."""
    stored = await source_tables.get_tables(repository, connector.id)
    if stored is None:
        return {loaded.table.name: loaded.table for loaded in _initial_tables(connector)}
    return rules.unpack_tables(loads(stored.tables))


async def tables_with_rows(
    repository: Repository, connector: ConnectorRow, names: Set[str] | None = None
) -> list[LoadedTable]:
    """Return the tables of a connector with their rows.

    `names`: the tables to return, in lower case; None: all.
    """
    stored = await source_tables.get_tables_with_rows(repository, connector.id)
    return _load(connector, stored, names)


def _load(
    connector: ConnectorRow, stored: TablesWithRows | None, names: Set[str] | None = None
) -> list[LoadedTable]:
    if stored is None:
        loaded = _initial_tables(connector)
        return [one for one in loaded if _is_selected(one.table.name, names)]
    tables = rules.unpack_tables(loads(stored.tables))
    return [
        LoadedTable(table, loads(stored.rows(name)))
        for name, table in tables.items()
        if _is_selected(name, names)
    ]


def _is_selected(name: str, names: Set[str] | None) -> bool:
    return names is None or name.lower() in names


def _initial_tables(connector: ConnectorRow) -> list[LoadedTable]:
    catalog = discovery.fixed_catalog(connector)
    return demo_tables.initial_tables(connector.connector_type, catalog)


async def select(
    repository: Repository, connector: ConnectorRow, query: str, *, now: int
) -> list[Row]:
    """Return the rows of a query in the source's own SQL.

    `now`: the source's clock in microseconds. Raises `SourceError` with the source's text if the
    source cannot be reached or the query fails.
    """
    check_reachable(connector)
    inputs = connector, query, now
    result = take_result(inputs)
    if result is None:
        stored = await source_tables.get_tables_with_rows(repository, connector.id)
        refusal = partial(timeout_text, source_of(connector.connector_name))
        run = partial(run_alone, refusal=refusal)
        result = compute_late(inputs, partial(_run, connector, stored, query, now), run)
    if isinstance(result.value, str):
        raise SourceError(result.value)
    rows: list[Row] = result.value
    return rows


def _run(
    connector: ConnectorRow, stored: TablesWithRows | None, query: str, now: int
) -> list[Row] | str:
    """Return the rows of a query, or the source's text if it fails; it runs in a thread."""
    return _process.run(query, connector.connector_name, now, _query_tables(connector, stored))


@cache
def _demo_tables() -> Tables:
    """Return the demo's tables, which never change."""
    return _as_texts(demo_tables.demo_tables())


def _as_texts(loaded: Sequence[LoadedTable]) -> Tables:
    described = {table.name: rules.describe_table(table) for table, _ in loaded}
    return Tables(described, {table.name: dumps(rows).decode() for table, rows in loaded})


def _query_tables(connector: ConnectorRow, stored: TablesWithRows | None) -> Tables:
    if stored is None:
        is_demo = connector.connector_type == "source" and not discovery.fixed_catalog(connector)
        return _demo_tables() if is_demo else _as_texts(_initial_tables(connector))
    described = loads(stored.tables)
    return Tables(described, {name: stored.rows(name) for name in described})


async def write(
    repository: Repository,
    connector: ConnectorRow,
    stream: str,
    records: Sequence[tuple[str, Row]],
) -> None:
    """Write records to a destination's table; a missing table is created.

    `records`: each with its primary key; it replaces the row of that key. Raises `SourceError` if
    the destination cannot be reached.
    """
    check_reachable(connector)
    tables, last = await lock_tables(repository, connector)
    name = discovery.table_of_stream(connector, stream, tables)
    if name not in tables:
        tables[name] = Table(name, rules.infer_columns(record for _, record in records))
    table = tables[name]
    rows = [
        NewRow(name, last + n, rules.row_key(table, record, key), dumps(record).decode())
        for n, (key, record) in enumerate(records, 1)
    ]
    await source_tables.upsert_rows(repository, source_tables.values_of(connector.id, rows))
    await source_tables.update_tables(
        repository, connector.id, rules.pack_tables(tables.values()), last + len(rows)
    )


async def empty(repository: Repository, connector: ConnectorRow, stream: str) -> None:
    """Delete the rows of a destination's table, before a full refresh."""
    check_reachable(connector)
    tables, _ = await lock_tables(repository, connector)
    name = discovery.table_of_stream(connector, stream, tables)
    await source_tables.delete_rows_of_table(repository, connector.id, name)


async def lock_tables(
    repository: Repository, connector: ConnectorRow
) -> tuple[dict[str, Table], int]:
    """Lock the tables of a connector until the commit; return them and the last row's number."""
    initial = rules.pack_tables(loaded.table for loaded in _initial_tables(connector))
    stored = await source_tables.lock_tables(repository, connector.id, initial)
    return rules.unpack_tables(loads(stored.tables)), stored.last
