"""The result of a query, as DuckDB gives it."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

# How a column's decimals print: with a number of places, as written, or as a quotient.
Places = int | Literal["written", "quotient"]


class Result(NamedTuple):
    """The names and DuckDB types of a result's columns, and its rows."""

    names: Sequence[str]
    types: Sequence[str]
    # Any: DuckDB's values.
    rows: Sequence[Sequence[Any]]
