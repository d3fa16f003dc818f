"""Rows: turn the tuples of a driver into rows with attributes."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any, cast

RowMaker = Callable[[Sequence[object]], Any]


def row_maker(kind: type[Any] | None, names: Sequence[str]) -> RowMaker:
    """Return the function that makes a row of a tuple with the columns `names`.

    `kind` is the class of the rows; None stands for a new `namedtuple`. Raises `TypeError` if the
    fields of the class are not the columns.
    """
    if kind is tuple:
        return tuple
    if kind is not None and list(kind._fields) != list(names):
        raise TypeError(f"the fields of {kind} must be the columns {names}, in this order")
    make: RowMaker = (kind or cast(Any, namedtuple)("Row", names))._make
    return make
