"""Key ranges: a sandbox's rows of a table, cut into slices in the order of the primary key.

A range goes from the parameters `last_…` (exclusive) to `end_…` (inclusive). The sandbox is the
parameter `source`.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Table, bindparam, select, tuple_

from mockalog.kernel.database.interfaces import Query, Values


class KeyRanges:
    """The conditions of ranges in a table, and the queries that find their ends."""

    def __init__(self, table: Table, size: int) -> None:
        self.key: list[Column[Any]] = [c for c in table.primary_key if c.name != "sandbox_id"]
        self.own = table.c.sandbox_id == bindparam("source", type_=Integer)
        self.after: ColumnElement[bool] = tuple_(*self.key) > self._parameters("last")
        self.until: ColumnElement[bool] = tuple_(*self.key) <= self._parameters("end")
        ends = select(*self.key).where(self.own).order_by(*self.key).limit(1).offset(size - 1)
        self._ends = Query(ends, tuple), Query(ends.where(self.after), tuple)

    # Any: SQLAlchemy types no comparison of tuples.
    def _parameters(self, prefix: str) -> Any:
        return tuple_(*(bindparam(f"{prefix}_{c.name}", type_=c.type) for c in self.key))

    def find_end(self, last: Values | None) -> Query[tuple[object, ...]]:
        """Return the query for the last key of a full slice. It returns no row at the rest."""
        return self._ends[last is not None]

    def named(self, prefix: str, key: Sequence[object]) -> Values:
        """Return a key as values of the parameters with a prefix, `last` or `end`."""
        return {f"{prefix}_{c.name}": value for c, value in zip(self.key, key, strict=False)}
