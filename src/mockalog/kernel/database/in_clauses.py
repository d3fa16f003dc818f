"""IN conditions: find rows by many values, with a statement that is built once."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, SQLColumnExpression, bindparam


def one_of(column: SQLColumnExpression[object], count: int) -> ColumnElement[bool]:
    """Return the condition that a column has one of `count` values; `chosen` binds them."""
    return column.in_([bindparam(f"choice{number}") for number in range(count)])


def chosen(wanted: Sequence[object], count: int) -> dict[str, object]:
    """Return the values that `one_of` binds, at most `count`.

    NULL fills the unused places, because NULL equals no value.
    """
    values = [*wanted, *[None] * (count - len(wanted))]
    return {f"choice{number}": value for number, value in enumerate(values)}
