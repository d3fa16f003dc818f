"""Pages of lists and the number of rows of the whole list.

Statements of pages bind their limit as `most` and their offset as `skipped`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, select

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository


class TotalRow(NamedTuple):
    """The number of rows that a list has."""

    total: int


def latest_page(table: Table, *conditions: ColumnElement[bool]) -> Select[object]:
    """Return the statement of a page of a table's rows, latest change first."""
    rows = select(table).where(*conditions)
    latest = rows.order_by(table.c.updated_at.desc(), table.c.id.desc())
    return latest.limit(bindparam("most")).offset(bindparam("skipped"))


def total_of(table: Table, *conditions: ColumnElement[bool]) -> Query[TotalRow]:
    """Return the query of the number of a table's rows."""
    total = select(func.count().label("total")).select_from(table)
    return Query(total.where(*conditions), TotalRow)


# Any: the values that a query binds differ in type.
async def count_total(
    repository: Repository,
    total: Query[TotalRow],
    rows: Sequence[object],
    values: Mapping[str, Any],
) -> int:
    """Return the number that `total` selects; a first page with room left needs no statement.

    `rows`: the page. `values`: the values of the page's statement, `most` and `skipped` included.
    """
    if values["skipped"] == 0 and len(rows) < values["most"]:
        return len(rows)
    row = await repository.one(total, **values)
    return row.total
