"""The tables of connectors on the wire: calls of the emulator's own."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from mockalog.vendors.squared.rules import worlds as rules
from mockalog.vendors.squared.schemas.base import Anything, Out, absent, choice, exampled

_TABLE = {
    "primary_key": "id",
    "columns": {"id": "integer", "email": ["string", "null"]},
    "rows": [{"id": 1, "email": "a@x.io"}],
}

Column = Annotated[
    Annotated[str, choice(*rules.TYPES)]
    | Annotated[list[Annotated[str, choice(*rules.TYPES, "null")]], Field(min_length=1)],
    Field(description='The type of a column; with "null" it may be empty'),
]
TableName = Annotated[str, Field(min_length=1, max_length=rules.MAX_NAME)]
Columns = Annotated[dict[TableName, Column], Field(max_length=rules.MAX_COLUMNS)]


class TableIn(BaseModel):
    """A table with its rows. Without `columns` they follow from the rows."""

    model_config = ConfigDict(defer_build=True, extra="forbid", **exampled(_TABLE))

    primary_key: str | None = absent(description="Name of the column that tells rows apart")
    columns: Columns | None = absent()
    rows: list[Anything] = absent()


# Tables by name: the rows of each, or more about it.
TablesIn = Annotated[
    dict[TableName, list[Anything] | TableIn],
    Field(
        max_length=rules.MAX_TABLES,
        description=f"Tables by name, with at most {rules.MAX_ROWS} rows in all",
        examples=[{"users": _TABLE}],
    ),
]


class TableOut(Out):
    """A table with its rows."""

    model_config = exampled(_TABLE)

    primary_key: str | None
    columns: dict[str, Column]
    rows: list[Anything]


TablesOut = Annotated[
    dict[str, TableOut], Field(description="Tables by name", examples=[{"users": _TABLE}])
]
