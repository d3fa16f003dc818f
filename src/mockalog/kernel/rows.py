"""Rows in the order in which they came, and looking for many of them in one statement.

A row's id may be its owner's id and its position there in one number: the table itself is then
in the order of the pages and needs no second index for it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Table, bindparam

# Integers of 64 bits that SQLite takes for the row's own number.
Long = BigInteger().with_variant(Integer, "sqlite")

# The positions that an owner has: 32 bits of them.
_SHIFT = 32


def row_id(owner: int, position: int) -> int:
    """Return the id of the row at a position; rows of an owner stand in order of position."""
    return (owner << _SHIFT) + position


def in_range(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Return the condition for the sandbox's rows from id `:first` to before `:end`."""
    return (
        table.c.id >= bindparam("first"),
        table.c.id < bindparam("end"),
        # Not the bare column: SQLite would take an index by it and sort all of the owner's rows.
        table.c.sandbox_id + 0 == bindparam("sandbox_id"),
    )


def one_of(column: ColumnElement[Any], count: int) -> ColumnElement[bool]:
    """Return the condition that a column has one of `count` values, which `chosen` binds."""
    return column.in_([bindparam(f"choice{number}") for number in range(count)])


def chosen(wanted: Sequence[Any], count: int) -> dict[str, Any]:
    """Return the values of `one_of`: null equals nothing, so it fills the places that are left."""
    values = [*wanted, *[None] * (count - len(wanted))]
    return {f"choice{number}": value for number, value in enumerate(values)}
