"""The tables that a query sees."""

from collections.abc import Mapping
from typing import NamedTuple

# The columns of each table, by name.
Schema = Mapping[str, Mapping[str, str]]


class Tables(NamedTuple):
    """The loaded tables of a connector: the schema that holds them, and their columns' types."""

    schema: str
    columns: Schema
