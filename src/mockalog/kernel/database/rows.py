"""Rows: turn the tuples of a driver into rows of a query's class."""

from collections.abc import Callable, Sequence
from typing import Any

RowMaker = Callable[[Sequence[object]], Any]


# Any: the query decides the class of its rows.
def row_maker(row_class: Any, names: Sequence[str]) -> RowMaker:
    """Return the function that makes a row of a tuple with the columns `names`.

    Raises `TypeError` if the fields of the class, a `NamedTuple`, are not the columns.
    """
    if row_class is tuple:
        return tuple
    if list(row_class._fields) != list(names):
        raise TypeError(f"the fields of {row_class} must be the columns {names}, in this order")
    make: RowMaker = row_class._make
    return make
