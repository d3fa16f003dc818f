"""The data world: what sources read and destinations write, with no network in between.

Job handlers use it as endpoints do: it needs the sandbox's repository and a connector's row.
"""

from collections.abc import Sequence, Set
from typing import Any

from mockalog.kernel.clock import to_datetime
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import SourceFailed, not_found
from mockalog.vendors.squared.repository import connectors, worlds
from mockalog.vendors.squared.repository.worlds import Kept
from mockalog.vendors.squared.rules import connections, demo, engine, queries, rewriting
from mockalog.vendors.squared.rules import worlds as rules
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.rules.sources import presented, source_of
from mockalog.vendors.squared.rules.validation import MAX_ID
from mockalog.vendors.squared.rules.wording import FAILURES, worded
from mockalog.vendors.squared.rules.worlds import Load, Row, Table


def check_reachable(connector: Any) -> None:
    """Raise `SourceFailed` if the configuration names a machine that is not there."""
    failure = connections.unresolved(loads(connector.configuration))
    if failure is not None:
        raise SourceFailed(failure)


def is_reachable(connector: Any) -> bool:
    """Say whether the configuration names no machine that is not there."""
    return connections.unresolved(loads(connector.configuration)) is None


async def tables_of(rows: Repository, connector: Any) -> dict[str, Table]:
    """Return a connector's tables by name, in the order in which they were made."""
    world = await worlds.get_world(rows, connector.id)
    if world is None:
        return {loaded.table.name: loaded.table for loaded in _initial(connector)}
    return rules.unpacked(loads(world.tables))


async def contents(rows: Repository, connector: Any, named: Set[str] | None = None) -> list[Load]:
    """Return a connector's tables with all their rows; those that are named, in lower case."""
    found = await worlds.contents(rows, connector.id)
    if found is None:
        return [one for one in _initial(connector) if _is_named(one.table.name, named)]
    tables = rules.unpacked(loads(found.tables))
    return [
        Load(table, loads(found.rows(name)))
        for name, table in tables.items()
        if _is_named(name, named)
    ]


def _is_named(name: str, named: Set[str] | None) -> bool:
    return named is None or name.lower() in named


def _initial(connector: Any) -> list[Load]:
    definition = registry().nearest(connector.connector_type, connector.connector_name)
    return demo.initial(connector.connector_type, definition)


async def select(rows: Repository, connector: Any, query: str, *, now: int) -> list[Row]:
    """Return what a source's own SQL finds in its tables.

    `now`: what its clock says, in microseconds. Raises `SourceFailed`, in the source's words, if
    it cannot be reached or the query fails.
    """
    check_reachable(connector)
    source = source_of(connector.connector_name)
    try:
        tree = queries.read(query, source)
        loaded = await contents(rows, connector, queries.tables_of(tree))
        tables = [one.table for one in loaded]
        sql, truths = rewriting.rewritten(tree, source, to_datetime(now), tables)
        found = engine.answer(loaded, sql, truths, exact_like=source.exact_like)
    except FAILURES as error:
        raise SourceFailed(worded(error, query, source)) from None
    return [{name: presented(value, source) for name, value in row.items()} for row in found]


async def write(
    rows: Repository, connector: Any, stream: str, changes: Sequence[tuple[str, Row]]
) -> None:
    """Write records to a destination's table, which is made if it is not there.

    Each comes with its primary key and takes the place of the one that has it. Raises
    `SourceFailed` if the destination cannot be reached.
    """
    check_reachable(connector)
    tables, last = await _lock(rows, connector)
    if stream not in tables:
        tables[stream] = Table(stream, rules.inferred(record for _, record in changes))
    table = tables[stream]
    kept = [
        Kept(stream, last + n, rules.key_of(table, record, key), dumps(record).decode())
        for n, (key, record) in enumerate(changes, 1)
    ]
    await worlds.keep_rows(rows, connector.id, kept)
    await worlds.update_world(rows, connector.id, rules.packed(tables.values()), last + len(kept))


async def empty(rows: Repository, connector: Any, stream: str) -> None:
    """Delete the rows of a destination's table, as a full refresh may begin."""
    check_reachable(connector)
    await _lock(rows, connector)
    await worlds.empty(rows, connector.id, stream)


async def _lock(rows: Repository, connector: Any) -> tuple[dict[str, Table], int]:
    """Return the tables and the last number of a row; nobody else writes until the commit."""
    initial = rules.packed(loaded.table for loaded in _initial(connector))
    world = await worlds.lock_world(rows, connector.id, initial)
    return rules.unpacked(loads(world.tables)), world.last


async def load(call: Call, connector_id: int, wanted: Sequence[Load]) -> dict[str, Any]:
    """Give a connector other tables in place of all it had, and return them."""
    connector = await _find(call, connector_id)
    await _lock(call.repository, connector)
    await worlds.delete_rows(call.repository, connector_id)
    kept = [
        Kept(table.name, number, rules.key_of(table, row), dumps(row).decode())
        for table, rows in wanted
        for number, row in enumerate(rows, 1)
    ]
    await worlds.keep_rows(call.repository, connector_id, kept)
    packed = rules.packed(table for table, _ in wanted)
    await worlds.update_world(call.repository, connector_id, packed, rules.MAX_ROWS)
    return {table.name: _shown(table, rows) for table, rows in wanted}


async def show_all(call: Call, connector_id: int) -> dict[str, Any]:
    """Return a connector's tables as `load` takes them."""
    connector = await _find(call, connector_id)
    found = await contents(call.repository, connector)
    return {table.name: _shown(table, rows) for table, rows in found}


async def show(call: Call, connector_id: int, stream: str) -> dict[str, Any]:
    """Return one table; raises 404 if the connector has none of that name."""
    connector = await _find(call, connector_id)
    found = await contents(call.repository, connector)
    for table, rows in found:
        if table.name == stream:
            return _shown(table, rows)
    raise not_found("Table")


def _shown(table: Table, rows: Sequence[Row]) -> dict[str, Any]:
    return {**rules.described(table), "rows": rows}


async def _find(call: Call, connector_id: int) -> Any:
    """Return a connector of any workspace, which nobody deletes meanwhile; raises 404."""
    if not 0 < connector_id <= MAX_ID:
        raise not_found("Connector")
    connector = await connectors.lock_any(call.repository, connector_id)
    if connector is None:
        raise not_found("Connector")
    return connector
