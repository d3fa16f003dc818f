"""Table dumps: the `tables` of a state document, with rows as stored but without `sandbox_id`.

Like copies, dumps are built from the metadata, so no table and no column is missing
(docs/decisions/0007-ids-per-sandbox.md).
"""

import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationError, WrapValidator
from pydantic_core import InitErrorDetails, PydanticCustomError
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
from mockalog.kernel.database.interfaces import Database, Query, Reader, Values
from mockalog.kernel.database.models import AT_MOST, ONE_OF, STATE, JsonText, sandboxes
from mockalog.kernel.database.row_copies import copied_columns, copied_tables
from mockalog.kernel.database.row_slices import SliceSize, filled_tables, read_slices
from mockalog.kernel.documents.errors import InvalidDocumentError, Path
from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats import json_columns
from mockalog.kernel.formats.json import dumps, loads_stored
from mockalog.kernel.turns import Turns

# The columns of a sandbox's own row that have sections of the document, or none. The dump of the
# table `sandboxes` has the others.
_SECTIONS = ("clock_mode", "clock_value", "settings", "seeded")
_OWN = tuple(column for column in STATE if column.name not in _SECTIONS)

# The path of the dumps in a document.
TABLES: Path = ("tables",)


def _checked_rows(value: Any, _: object) -> Any:
    """Return rows as they are. Pydantic's own check would copy a million lists in one go."""
    if not isinstance(value, list):
        raise PydanticCustomError("list_type", "Input should be a valid list")
    for number, row in enumerate(value):
        if not isinstance(row, list):
            raise ValidationError.from_exception_data(
                "rows", [InitErrorDetails(type="list_type", loc=(number,), input=row)]
            )
    return value


class Rows(BaseModel):
    """The rows of a table. Each row is a list of values in the order of `columns`."""

    model_config = ConfigDict(extra="forbid")

    columns: list[str]
    rows: Annotated[list[list[Any]], WrapValidator(_checked_rows)]


async def dump(reader: Reader, sandbox_id: int) -> AsyncIterator[bytes]:
    """Yield the pieces of a JSON object with all rows of a sandbox, by table.

    Tables without rows are left out.
    """
    own = await reader.all(_OWN_ROW, {"sandbox": sandbox_id})
    yield b"{" + _head(str(sandboxes.name), _OWN) + dumps([_json_row(_OWN, row) for row in own])
    for table in await filled_tables(reader, sandbox_id):
        columns = copied_columns(table)
        yield b"}," + _head(table.name, columns)
        mark = b"["
        async for rows in read_slices(reader, table, sandbox_id):
            yield mark + dumps([_json_row(columns, row) for row in rows])[1:-1]
            mark = b","
        yield b"]"
    yield b"}}"


_OWN_ROW = Query(select(*_OWN).where(sandboxes.c.id == bindparam("sandbox")), tuple)


def _head(table: str, columns: Sequence[Column[Any]]) -> bytes:
    """Return the beginning of a table's dump, up to its rows."""
    return b'%b:{"columns":%b,"rows":' % (dumps(table), dumps([column.name for column in columns]))


def _json_row(columns: Sequence[Column[Any]], row: Sequence[object]) -> list[object]:
    """Return a row as JSON values. SQLite gives 0 or 1 for a Boolean."""
    return [
        bool(value) if isinstance(column.type, Boolean) and value is not None else value
        for column, value in zip(columns, row, strict=True)
    ]


@cache
def _known_columns() -> Mapping[str, Sequence[Column[Any]]]:
    """Return the columns of each table that a document may have."""
    own = {str(sandboxes.name): _OWN}
    return {**own, **{table.name: copied_columns(table) for table in copied_tables()}}


def check(tables: Mapping[str, Rows]) -> None:
    """Raise `InvalidDocumentError` for the first unknown table or column, or invalid value."""
    known = _known_columns()
    for name, given in tables.items():
        if name not in known:
            raise InvalidDocumentError(f"table {name!r} does not exist", (*TABLES, name))
        columns = _columns(name, known[name], given.columns)
        for number, row in enumerate(given.rows):
            _check_row(columns, row, (*TABLES, name, "rows", number))


def _columns(
    table: str, known: Sequence[Column[object]], names: Sequence[str]
) -> Sequence[Column[object]]:
    by_name = {column.name: column for column in known}
    at = (*TABLES, table, "columns")
    if unknown := [name for name in names if name not in by_name]:
        raise InvalidDocumentError(f"{table} has no column {unknown[0]!r}", at)
    required = [column.name for column in known if not column.nullable]
    if missing := [name for name in required if name not in names]:
        raise InvalidDocumentError(f"{table} needs the column {missing[0]!r}", at)
    if len(set(names)) < len(names):
        raise InvalidDocumentError("a column is given twice", at)
    return [by_name[name] for name in names]


def _check_row(columns: Sequence[Column[object]], row: Sequence[Any], at: Path) -> None:
    if len(row) != len(columns):
        raise InvalidDocumentError(f"expected {len(columns)} values, one for each column", at)
    for number, (column, value) in enumerate(zip(columns, row, strict=True)):
        problem = _problem(column, value)
        if problem:
            raise InvalidDocumentError(f"{column.name} must be {problem}", (*at, number))


def _problem(column: Column[object], value: object) -> str:
    """Return the requirement that a value of the column breaks, or "" if it is valid."""
    if value is None:
        return "" if column.nullable else "given"
    if isinstance(column.type, JsonText):
        return _json_problem(column.type.json_type, value)
    for sql_type, requirement, is_valid in _REQUIREMENTS:
        if isinstance(column.type, sql_type):
            return "" if is_valid(column, value) else requirement_of(column, requirement)
    raise NotImplementedError(f"add {column.type!r} to the requirements of table dumps")


def requirement_of(column: Column[object], requirement: str) -> str:
    """Return the requirement of a column's type, or of its counter."""
    most = column.info.get(AT_MOST)
    return requirement if most is None else f"an integer from 0 to {most}"


def _is_integer(column: Column[object], value: object) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    if column.name.endswith("_at"):
        return EARLIEST <= value <= LATEST
    if AT_MOST in column.info:
        most: int = column.info[AT_MOST]
        return 0 <= value <= most
    return -(2**63) <= value < 2**63


def _is_text(column: Column[object], value: object) -> bool:
    longest = getattr(column.type, "length", None) or math.inf
    if not isinstance(value, str) or "\0" in value or len(value) > longest:
        return False
    return value in column.info.get(ONE_OF, (value,))


def _json_problem(json_type: object, value: object) -> str:
    requirement = "JSON as a text"
    if not isinstance(value, str) or "\0" in value:
        return requirement
    try:
        error = json_columns.validation_error(json_type, loads_stored(value))
    except (MalformedBodyError, UnicodeEncodeError):
        return requirement
    return f"of its type ({error})" if error else ""


# SQL types with the requirement of a value, and its test. Subclasses come first.
_REQUIREMENTS: Sequence[tuple[type[object], str, Callable[[Column[object], Any], bool]]] = (
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


async def load(
    database: Database, sandbox_id: int, tables: Mapping[str, Rows], turns: Turns
) -> None:
    """Store rows that `check` has accepted, in slices, and take them out of the document.

    Raises `ConstraintViolationError` if rows violate a constraint together.
    """
    by_name = {table.name: table for table in copied_tables()}
    for name, given in tables.items():
        columns = tuple(given.columns)
        own = name == sandboxes.name
        statement = _update(columns) if own else _insert(by_name[name], columns)
        async for rows in _taken(given):
            async with database.transaction() as connection:
                await connection.many(statement, [{"sandbox": sandbox_id, **row} for row in rows])
            await turns.give_way()


async def _taken(given: Rows) -> AsyncIterator[list[dict[str, object]]]:
    """Yield the rows as parameters, some at a time, and drop them."""
    names, size = [_parameter(name) for name in given.columns], SliceSize()
    given.rows.reverse()
    while given.rows:
        size.begin()
        part = given.rows[-size.rows :]
        del given.rows[-size.rows :]
        yield [dict(zip(names, row, strict=True)) for row in reversed(part)]
        size.end()


def _parameter(column: str) -> str:
    """Return the name of the parameter for a column's new value.

    It differs from the column's name, which SQLAlchemy reserves for its own parameters.
    """
    return f"new_{column}"


# The documents of many sandboxes mostly have the same columns.
@lru_cache(500)
def _insert(table: Table, columns: tuple[str, ...]) -> Executable:
    values: Values = {name: bindparam(_parameter(name)) for name in columns}
    return insert(table).values(sandbox_id=bindparam("sandbox"), **values)


@lru_cache(100)
def _update(columns: tuple[str, ...]) -> Executable:
    values: Values = {name: bindparam(_parameter(name)) for name in columns}
    return update(sandboxes).where(sandboxes.c.id == bindparam("sandbox")).values(values)
