"""A state document's `tables`: rows exactly as stored, without the sandbox that they belong to.

It is made from the metadata, as copies are, so that no table and no column can be forgotten.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Executable,
    Float,
    Integer,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from mockalog.kernel.clock import EARLIEST, LATEST
from mockalog.kernel.database.interfaces import Connection, Query
from mockalog.kernel.database.models import ONE_OF, STATE, JsonText, sandboxes
from mockalog.kernel.database.row_copies import copied_columns, copied_tables
from mockalog.kernel.documents.errors import InvalidDocumentError, Path
from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats import json_columns
from mockalog.kernel.formats.json import loads_stored

# What stands in a sandbox's own row has sections of its own in the document, but for this.
_SECTIONS = ("clock_mode", "clock_value", "settings", "seeded")
_OWN = tuple(column for column in STATE if column.name not in _SECTIONS)

AT: Path = ("tables",)


class Rows(BaseModel):
    """The rows of a table: each a list of values in the order of `columns`."""

    model_config = ConfigDict(extra="forbid")

    columns: list[str]
    rows: list[list[Any]]


async def dump(connection: Connection, sandbox_id: int) -> dict[str, Any]:
    """Return every row of a sandbox."""
    found = {}
    for name, columns, statement in _dumps():
        rows = await connection.all(statement, {"sandbox": sandbox_id})
        if rows:
            names = [str(column.name) for column in columns]
            found[name] = {"columns": names, "rows": [_shown(columns, row) for row in rows]}
    return found


@cache
def _dumps() -> Sequence[tuple[str, Sequence[Column[object]], Query[tuple[object, ...]]]]:
    own = select(*_OWN).where(sandboxes.c.id == bindparam("sandbox"))
    return [
        (str(sandboxes.name), _OWN, Query(own, tuple)),
        *(
            (
                str(table.name),
                copied_columns(table),
                Query(
                    select(*copied_columns(table))
                    .where(table.c.sandbox_id == bindparam("sandbox"))
                    .order_by(*table.primary_key),
                    tuple,
                ),
            )
            for table in copied_tables()
        ),
    ]


def _shown(columns: Sequence[Column[object]], row: Sequence[Any]) -> list[Any]:
    """Return a row; SQLite has no type for what is true or false."""
    return [
        bool(value) if isinstance(column.type, Boolean) and value is not None else value
        for column, value in zip(columns, row, strict=True)
    ]


def check(tables: Mapping[str, Rows]) -> None:
    """Raise `InvalidDocumentError` unless all rows fit the tables that there are."""
    known = {name: columns for name, columns, _ in _dumps()}
    for name, given in tables.items():
        if name not in known:
            raise InvalidDocumentError(f"there is no table {name!r}", (*AT, name))
        columns = _columns(name, known[name], given.columns)
        for number, row in enumerate(given.rows):
            _check_row(columns, row, (*AT, name, "rows", number))


def _columns(
    table: str, known: Sequence[Column[object]], names: Sequence[str]
) -> Sequence[Column[object]]:
    by_name = {column.name: column for column in known}
    at = (*AT, table, "columns")
    if strangers := [name for name in names if name not in by_name]:
        raise InvalidDocumentError(f"{table} has no column {strangers[0]!r}", at)
    required = [column.name for column in known if not column.nullable]
    if missing := [name for name in required if name not in names]:
        raise InvalidDocumentError(f"{table} needs the column {missing[0]!r}", at)
    if len(set(names)) < len(names):
        raise InvalidDocumentError("a column stands there twice", at)
    return [by_name[name] for name in names]


def _check_row(columns: Sequence[Column[object]], row: Sequence[Any], at: Path) -> None:
    if len(row) != len(columns):
        raise InvalidDocumentError(f"expected {len(columns)} values, one for each column", at)
    for number, (column, value) in enumerate(zip(columns, row, strict=True)):
        problem = _problem(column, value)
        if problem:
            raise InvalidDocumentError(f"{column.name} must be {problem}", (*at, number))


def _problem(column: Column[object], value: Any) -> str:
    """Return what a value of the column must be, "" if it is."""
    if value is None:
        return "" if column.nullable else "there"
    if isinstance(column.type, JsonText):
        return _json_problem(column.type.json_type, value)
    for kind, expected, fits in _KINDS:
        if isinstance(column.type, kind):
            return "" if fits(column, value) else expected
    raise NotImplementedError(f"a document has no form for {column.type!r}")


def _is_integer(column: Column[object], value: Any) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    if column.name.endswith("_at"):
        return EARLIEST <= value <= LATEST
    return -(2**63) <= value < 2**63


def _is_text(column: Column[object], value: Any) -> bool:
    longest = getattr(column.type, "length", None) or math.inf
    if not isinstance(value, str) or "\0" in value or len(value) > longest:
        return False
    return value in column.info.get(ONE_OF, (value,))


def _json_problem(form: Any, value: Any) -> str:
    unread = "JSON as a text"
    if not isinstance(value, str) or "\0" in value:
        return unread
    try:
        misfit = json_columns.validation_error(form, loads_stored(value))
    except (MalformedBodyError, UnicodeEncodeError):
        return unread
    return f"of its form ({misfit})" if misfit else ""


# The most special first.
_KINDS: Sequence[tuple[type[Any], str, Callable[[Column[object], Any], bool]]] = (
    (String, "a text that fits", _is_text),
    (Boolean, "true or false", lambda _, value: isinstance(value, bool)),
    (BigInteger, "an integer that fits", _is_integer),
    (
        Integer,
        "an integer of 32 bits",
        lambda column, value: _is_integer(column, value) and -(2**31) <= value < 2**31,
    ),
    (
        Float,
        "a number",
        lambda _, value: isinstance(value, int | float) and not isinstance(value, bool),
    ),
)


async def load(connection: Connection, sandbox_id: int, tables: Mapping[str, Rows]) -> None:
    """Store rows that `check` let pass; what collides raises the database's own error."""
    by_name = {table.name: table for table in copied_tables()}
    for name, given in tables.items():
        rows = [
            {"sandbox": sandbox_id, **dict(zip(map(_parameter, given.columns), row, strict=True))}
            for row in given.rows
        ]
        statement = (
            _update(given.columns)
            if name == sandboxes.name
            else _insert(by_name[name], given.columns)
        )
        await connection.many(statement, rows)


def _parameter(column: str) -> str:
    """Return the name of a column's value, which is not that of the column that is sought."""
    return f"new_{column}"


def _insert(table: Table, columns: Sequence[str]) -> Executable:
    values: dict[str, Any] = {name: bindparam(_parameter(name)) for name in columns}
    return insert(table).values(sandbox_id=bindparam("sandbox"), **values)


def _update(columns: Sequence[str]) -> Executable:
    values: dict[str, Any] = {name: bindparam(_parameter(name)) for name in columns}
    return update(sandboxes).where(sandboxes.c.id == bindparam("sandbox")).values(values)
