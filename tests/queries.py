"""Queries of tests: statements whose rows need no class of their own."""

from collections import namedtuple
from typing import Any, cast

from sqlalchemy import Select

from mockalog.kernel.database.interfaces import Query


def query_of(statement: Select[*tuple[Any, ...]]) -> Query[Any]:
    """Return a query whose rows have the names of the statement's columns."""
    row = cast(Any, namedtuple)("Row", statement.selected_columns.keys())
    return Query(statement, row)
