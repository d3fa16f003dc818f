"""The types of Squared's JSON columns."""

from typing import Annotated, Any

from pydantic import AfterValidator
from typing_extensions import TypedDict

from mockalog.kernel.formats.json_columns import Int64


class StoredCatalog(TypedDict):
    """A connector's streams, and other keys of the vendor."""

    streams: list[dict[str, Any]]


# The types of the columns of a connector's tables.
COLUMN_TYPES = ("string", "integer", "number", "boolean", "json", "vector")


def _check_column(wanted: object) -> object:
    """Check `"integer"` or `["integer", "null"]`, a type of JSON Schema."""
    types = wanted if isinstance(wanted, list) else [wanted]
    known = [one for one in types if one in COLUMN_TYPES]
    if len(known) != 1 or [one for one in types if one not in (known[0], "null")]:
        raise ValueError(f"must be one of {', '.join(COLUMN_TYPES)}")
    return wanted


class StoredTable(TypedDict):
    """A connector's table without its rows."""

    primary_key: str | None
    columns: dict[str, Annotated[Any, AfterValidator(_check_column)]]


# A connector's tables by name.
StoredTables = dict[str, StoredTable]


class StoredRun(TypedDict):
    """The payload of a job that advances a run."""

    run: Int64


class StoredSchedule(TypedDict):
    """The payload of a job that begins a run."""

    sync: Int64


# The configuration of a sync: an array of mappings, or an object of columns and paths.
StoredMapping = list[dict[str, Any]] | dict[str, Any]
