"""Queries on the tables of connectors, which hold their rows as JSON texts."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, delete, literal, select, union_all, update

from mockalog.kernel.database.interfaces import Query, Values
from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.squared.models import source_rows, source_tables
from mockalog.vendors.squared.rules.connectors.source_tables import index_key


class TablesRow(NamedTuple):
    """The tables of a connector; `tables` is JSON text, `StoredTables`."""

    sandbox_id: int
    connector_id: int
    tables: str
    # The last number that a row got.
    last: int


_OF_CONNECTOR = (
    source_tables.c.sandbox_id == bindparam("sandbox_id"),
    source_tables.c.connector_id == bindparam("of_connector"),
)
_ROWS_OF_CONNECTOR = (
    source_rows.c.sandbox_id == bindparam("sandbox_id"),
    source_rows.c.connector_id == bindparam("of_connector"),
)
_ROWS_OF_TABLE = (*_ROWS_OF_CONNECTOR, source_rows.c.stream == bindparam("of_stream"))

_one = select(source_tables).where(*_OF_CONNECTOR)
_GET = Query(_one, TablesRow)
_LOCK = Query(_one.with_for_update(), TablesRow)
_new_tables = upsert(source_tables).values(
    sandbox_id=bindparam("sandbox_id"),
    connector_id=bindparam("connector_id"),
    tables=bindparam("tables"),
    last=0,
)
_CREATE_IF_MISSING = _new_tables.on_conflict_do_nothing(
    index_elements=["sandbox_id", "connector_id"]
)
_UPDATE = (
    update(source_tables)
    .where(*_OF_CONNECTOR)
    .values(tables=bindparam("new_tables"), last=bindparam("new_last"))
)
_DELETE = delete(source_tables).where(*_OF_CONNECTOR)
# In one statement, so that tables and rows are of one instant; the tables come first.
_GET_WITH_ROWS: Query[tuple[str, str, int]] = Query(
    union_all(
        select(
            literal("").label("stream"),
            source_tables.c.tables.label("document"),
            literal(0).label("number"),
        ).where(*_OF_CONNECTOR),
        select(source_rows.c.stream, source_rows.c.document, source_rows.c.number).where(
            *_ROWS_OF_CONNECTOR
        ),
    ).order_by("number"),
    # Plain tuples: named ones would double the time of 20,000 rows.
    tuple,
)
_new_row = upsert(source_rows).values(
    {column.name: bindparam(column.name) for column in source_rows.c}
)
_UPSERT_ROW = _new_row.on_conflict_do_update(
    index_elements=["sandbox_id", "connector_id", "stream", "key"],
    set_={"document": _new_row.excluded.document},
)
_DELETE_ROWS = delete(source_rows).where(*_ROWS_OF_CONNECTOR)
_DELETE_ROWS_OF_TABLE = delete(source_rows).where(*_ROWS_OF_TABLE)


class NewRow(NamedTuple):
    """A row to store; it replaces the row with its key, a row without one replaces none."""

    stream: str
    number: int
    key: str | None
    document: str


class TablesWithRows(NamedTuple):
    """A connector's tables, and the rows of each as JSON, oldest first."""

    tables: str
    documents: dict[str, list[str]]

    def rows(self, stream: str) -> str:
        """Return a table's rows as a JSON array."""
        return f"[{','.join(self.documents.get(index_key(stream), ()))}]"


async def get_tables(repository: Repository, connector_id: int) -> TablesRow | None:
    """Return a connector's tables, None before anything was loaded or written."""
    return await repository.first(_GET, of_connector=connector_id)


async def lock_tables(repository: Repository, connector_id: int, tables: str) -> TablesRow:
    """Lock a connector's tables until commit; `tables` are stored if it has none yet."""
    await repository.run(_CREATE_IF_MISSING, connector_id=connector_id, tables=tables)
    row = await repository.locked(_LOCK, of_connector=connector_id)
    assert row is not None  # created above
    return row


async def update_tables(repository: Repository, connector_id: int, tables: str, last: int) -> None:
    """Store a connector's tables and the last number of a row."""
    values = {"new_tables": tables, "new_last": last}
    await repository.run(_UPDATE, of_connector=connector_id, **values)


async def get_tables_with_rows(repository: Repository, connector_id: int) -> TablesWithRows | None:
    """Return a connector's tables with rows, None before anything was loaded or written."""
    found = await repository.all(_GET_WITH_ROWS, of_connector=connector_id)
    if not found:
        return None
    documents: dict[str, list[str]] = {}
    for stream, document, _ in found[1:]:
        documents.setdefault(stream, []).append(document)
    return TablesWithRows(found[0][1], documents)


def values_of(connector_id: int, rows: Iterable[NewRow]) -> list[Values]:
    """Return the values of rows for `upsert_rows`."""
    return [
        {
            "connector_id": connector_id,
            "stream": index_key(row.stream),
            "number": row.number,
            "key": row.key,
            "document": row.document,
        }
        for row in rows
    ]


async def upsert_rows(repository: Repository, rows: Iterable[Values]) -> None:
    """Store rows; each replaces the row with its key."""
    await repository.many(_UPSERT_ROW, rows)


async def delete_rows_of_table(repository: Repository, connector_id: int, stream: str) -> None:
    """Delete a table's rows."""
    await repository.run(
        _DELETE_ROWS_OF_TABLE, of_connector=connector_id, of_stream=index_key(stream)
    )


async def delete_rows(repository: Repository, connector_id: int) -> None:
    """Delete the rows of all of a connector's tables."""
    await repository.run(_DELETE_ROWS, of_connector=connector_id)


async def delete_tables(repository: Repository, connector_id: int) -> None:
    """Delete a connector's tables with their rows."""
    await delete_rows(repository, connector_id)
    await repository.run(_DELETE, of_connector=connector_id)
