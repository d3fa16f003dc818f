"""Looking for many rows in one statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam


def one_of(column: ColumnElement[Any], count: int) -> ColumnElement[bool]:
    """Return the condition that a column has one of `count` values, which `chosen` binds."""
    return column.in_([bindparam(f"choice{number}") for number in range(count)])


def chosen(wanted: Sequence[Any], count: int) -> dict[str, Any]:
    """Return the values of `one_of`: null equals nothing, so it fills the places that are left."""
    values = [*wanted, *[None] * (count - len(wanted))]
    return {f"choice{number}": value for number, value in enumerate(values)}
