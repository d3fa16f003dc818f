"""Lookups of records by the ids of a request."""

from typing import TypeVar

from mockalog.kernel.errors import ApiError
from mockalog.vendors.squared.rules.validation import is_id

Row = TypeVar("Row")

# An id that no record has.
NO_ID = 0


def database_id(id_: int | None) -> int:
    """Return an id that fits its column: `NO_ID` for any number that is no id."""
    return id_ if id_ is not None and is_id(id_) else NO_ID


def require_row(row: Row | None, error: ApiError) -> Row:
    """Return the row of a record; raises the error if the record does not exist."""
    if row is None:
        raise error
    return row
