"""The result of a query, as DuckDB gives it."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Result(NamedTuple):
    """The names and DuckDB types of a result's columns, and its rows."""

    names: Sequence[str]
    types: Sequence[str]
    # Any: DuckDB's values.
    rows: Sequence[Sequence[Any]]
