"""The data world: each connector's tables, and their rows as JSON."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, literal, select, union_all, update

from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.squared.models import rows, worlds
from mockalog.vendors.squared.rules.worlds import short

_WORLD = (
    worlds.c.sandbox_id == bindparam("sandbox_id"),
    worlds.c.connector_id == bindparam("of_connector"),
)
_OWN = (
    rows.c.sandbox_id == bindparam("sandbox_id"),
    rows.c.connector_id == bindparam("of_connector"),
)
_OF_STREAM = (*_OWN, rows.c.stream == bindparam("of_stream"))

_GET = select(worlds).where(*_WORLD)
_LOCK = _GET.with_for_update()
_first = upsert(worlds).values(
    sandbox_id=bindparam("sandbox_id"),
    connector_id=bindparam("connector_id"),
    tables=bindparam("tables"),
    last=0,
)
_BEGIN = _first.on_conflict_do_nothing(index_elements=["sandbox_id", "connector_id"])
_UPDATE = (
    update(worlds).where(*_WORLD).values(tables=bindparam("new_tables"), last=bindparam("new_last"))
)
_DELETE = delete(worlds).where(*_WORLD)
# In one statement, so that tables and rows are of one moment; the tables come first.
_CONTENTS = union_all(
    select(
        literal("").label("stream"), worlds.c.tables.label("document"), literal(0).label("number")
    ).where(*_WORLD),
    select(rows.c.stream, rows.c.document, rows.c.number).where(*_OWN),
).order_by("number")
_row = upsert(rows).values({column.name: bindparam(column.name) for column in rows.c})
_KEEP = _row.on_conflict_do_update(
    index_elements=["sandbox_id", "connector_id", "stream", "key"],
    set_={"document": _row.excluded.document},
)
_DELETE_ROWS = delete(rows).where(*_OWN)
_EMPTY = delete(rows).where(*_OF_STREAM)


class Kept(NamedTuple):
    """A row to store; one without a key is always another."""

    stream: str
    number: int
    key: str | None
    document: str


class Contents(NamedTuple):
    """A connector's tables, and the rows of each as JSON, oldest first."""

    tables: str
    documents: dict[str, list[str]]

    def rows(self, stream: str) -> str:
        """Return a table's rows as a JSON array."""
        return f"[{','.join(self.documents.get(short(stream), ()))}]"


async def get_world(repository: Repository, connector_id: int) -> Any | None:
    """Return a connector's tables, None if nothing was loaded or written yet."""
    return await repository.first(_GET, of_connector=connector_id)


async def lock_world(repository: Repository, connector_id: int, tables: str) -> Any:
    """Return a connector's tables for writing, begun with those given if there are none."""
    await repository.run(_BEGIN, connector_id=connector_id, tables=tables)
    return await repository.locked(_LOCK, of_connector=connector_id)


async def update_world(repository: Repository, connector_id: int, tables: str, last: int) -> None:
    """Store which tables there are, and the last number that a row got."""
    values = {"new_tables": tables, "new_last": last}
    await repository.run(_UPDATE, of_connector=connector_id, **values)


async def contents(repository: Repository, connector_id: int) -> Contents | None:
    """Return a connector's tables with their rows, None if nothing was loaded or written yet."""
    found = await repository.all(_CONTENTS, of_connector=connector_id)
    if not found:
        return None
    documents: dict[str, list[str]] = {}
    for row in found[1:]:
        documents.setdefault(row.stream, []).append(row.document)
    return Contents(found[0].document, documents)


async def keep_rows(repository: Repository, connector_id: int, kept: Iterable[Kept]) -> None:
    """Store rows, each in place of the one that has its key."""
    own = {"connector_id": connector_id}
    await repository.many(
        _KEEP, [{**row._asdict(), **own, "stream": short(row.stream)} for row in kept]
    )


async def empty(repository: Repository, connector_id: int, stream: str) -> None:
    """Delete a table's rows."""
    await repository.run(_EMPTY, of_connector=connector_id, of_stream=short(stream))


async def delete_rows(repository: Repository, connector_id: int) -> None:
    """Delete the rows of all of a connector's tables."""
    await repository.run(_DELETE_ROWS, of_connector=connector_id)


async def delete_world(repository: Repository, connector_id: int) -> None:
    """Delete a connector's tables with their rows."""
    await delete_rows(repository, connector_id)
    await repository.run(_DELETE, of_connector=connector_id)
