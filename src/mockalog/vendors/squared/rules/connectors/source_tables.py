"""The tables that a connector reads or writes, with their limits and the keys of their rows.

The vendor has no such tables: a real connector reads a customer's database.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.errors import ContractError
from mockalog.vendors.squared.json_columns import COLUMN_TYPES, StoredTable, StoredTables
from mockalog.vendors.squared.rules.validation import MUST_BE_A_HASH, MUST_BE_FILLED

# Limits of one connector's tables, so that queries stay fast.
MAX_TABLES = 100
MAX_COLUMNS = 200
MAX_ROWS = 20_000
MAX_NAME = 100
# Bytes of a row as JSON.
MAX_ROW = 100_000

# Characters of a text in an index; longer ones are stored as their hash.
MAX_SHORT = 64
_LARGEST = 2**63 - 1

Row = dict[str, Any]


class Column(NamedTuple):
    """The type of a column's values, one of `COLUMN_TYPES`."""

    type: str
    nullable: bool


class Table(NamedTuple):
    """A table without its rows."""

    name: str
    columns: Mapping[str, Column]
    primary_key: str | None = None


class LoadedTable(NamedTuple):
    """A table with all its rows."""

    table: Table
    rows: Sequence[Row]


def parse_tables(body: object) -> list[LoadedTable]:
    """Return the tables of a test's request; raises `ContractError` for the first mistake."""
    if not isinstance(body, dict):
        raise ContractError({"tables": [MUST_BE_A_HASH]})
    if len(body) > MAX_TABLES:
        raise ContractError({"tables": [f"must not be more than {MAX_TABLES}"]})
    _check_names(body)
    loads = [_load(name, wanted) for name, wanted in body.items()]
    if sum(len(loaded.rows) for loaded in loads) > MAX_ROWS:
        raise ContractError({"tables": [f"must not have more than {MAX_ROWS} rows in all"]})
    return loads


def _check_names(names: Iterable[str], *above: str) -> None:
    """Check names for DuckDB, which allows no NUL and ignores the case."""
    seen = set()
    for name in names:
        if not name or len(name) > MAX_NAME or "\0" in name:
            raise _wrong((*above, name), f"must be a name of 1 to {MAX_NAME} characters")
        if name.lower() in seen:
            raise _wrong((*above, name), "differs from another name in case only")
        seen.add(name.lower())


def _wrong(path: Iterable[str], message: str) -> ContractError:
    errors: Any = [message]
    for name in reversed(list(path)):
        errors = {name: errors}
    return ContractError(errors)


def _load(name: str, wanted: object) -> LoadedTable:
    """Return a table from its rows, or from an object with `rows`, `primary_key`, `columns`."""
    described = wanted if isinstance(wanted, dict) else {"rows": wanted}
    if unknown := sorted(described.keys() - {"rows", "primary_key", "columns"}):
        raise _wrong((name, unknown[0]), "is unknown")
    rows = _rows(name, described.get("rows", []))
    columns = _columns(name, described.get("columns"), rows)
    primary_key = described.get("primary_key")
    if primary_key is not None and primary_key not in list(columns):
        raise _wrong((name, "primary_key"), "must be a column")
    loaded = LoadedTable(Table(name, columns, primary_key), rows)
    _check_rows(loaded)
    return loaded


def _rows(name: str, wanted: object) -> Sequence[Row]:
    if not isinstance(wanted, list):
        raise _wrong((name, "rows"), "must be an array")
    for number, row in enumerate(wanted):
        if not isinstance(row, dict):
            raise _wrong((name, str(number)), MUST_BE_A_HASH)
    return wanted


def _columns(name: str, declared: object, rows: Sequence[Row]) -> dict[str, Column]:
    columns = infer_columns(rows) if declared is None else _declared(name, declared)
    _check_names(columns, name)
    if rows and not columns:  # a table without both is an empty one
        raise _wrong((name, "columns"), MUST_BE_FILLED)
    if len(columns) > MAX_COLUMNS:
        raise _wrong((name, "columns"), f"must not be more than {MAX_COLUMNS}")
    return columns


def _declared(name: str, declared: object) -> dict[str, Column]:
    if not isinstance(declared, dict):
        raise _wrong((name, "columns"), MUST_BE_A_HASH)
    return {column: _column(name, column, wanted) for column, wanted in declared.items()}


def _column(name: str, column: str, wanted: object) -> Column:
    """Parse `"integer"` or `["integer", "null"]`, a type of JSON Schema."""
    types = wanted if isinstance(wanted, list) else [wanted]
    known = [one for one in types if one in COLUMN_TYPES]
    if len(known) != 1 or [one for one in types if one not in (known[0], "null")]:
        raise _wrong((name, "columns", column), f"must be one of {', '.join(COLUMN_TYPES)}")
    return Column(known[0], "null" in types)


def infer_columns(rows: Iterable[Row]) -> dict[str, Column]:
    """Return the columns of rows; a column without values has texts."""
    values: dict[str, list[Any]] = {}
    count = 0
    for row in rows:
        count += 1
        for name, value in row.items():
            values.setdefault(name, []).append(value)
    return {name: _inferred(found, count) for name, found in values.items()}


def _inferred(values: Sequence[object], rows: int) -> Column:
    present = [value for value in values if value is not None]
    kinds = {_kind(value) for value in present}
    nullable = len(present) < rows
    if kinds == {"integer", "number"}:
        return Column("number", nullable)
    return Column(kinds.pop() if len(kinds) == 1 else "string", nullable)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float | Decimal):
        return "number"
    return "string" if isinstance(value, str) else "json"


_FITTING: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float, Decimal),
    "boolean": (bool,),
    "json": (object,),
    "vector": (list,),
}


def _check_rows(loaded: LoadedTable) -> None:
    table, keys = loaded.table, set()
    for number, row in enumerate(loaded.rows):
        at = table.name, str(number)
        if len(dumps(row)) > MAX_ROW:
            raise _wrong(at, f"must not have more than {MAX_ROW} bytes")
        for name in row.keys() - table.columns.keys():
            raise _wrong((*at, name), "is not among the columns")
        for name, column in table.columns.items():
            _check_value(row.get(name), column, (*at, name))
        key = row_key(table, row)
        if key is not None and key in keys:
            raise _wrong((*at, str(table.primary_key)), "has already been taken")
        keys.add(key)


def _check_value(value: object, column: Column, at: tuple[str, ...]) -> None:
    if value is None:
        if not column.nullable:
            raise _wrong(at, MUST_BE_FILLED)
        return
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise _wrong(at, "must be within 64 bits")
    fitting = _FITTING.get(column.type, (object,))
    is_truth = isinstance(value, bool) and column.type in ("integer", "number")
    if is_truth or not isinstance(value, fitting):
        raise _wrong(at, f"must be of type {column.type}")


def row_key(table: Table, row: Row, given: str | None = None) -> str | None:
    """Return the unique key of a row: its primary key, otherwise `given`."""
    value = row.get(table.primary_key) if table.primary_key else None
    if value is None:
        return None if given is None else index_key(given)
    return index_key(value if isinstance(value, str) else dumps(value).decode())


def index_key(text: str) -> str:
    """Return a text for an index: the hash of a long text or of one with a NUL."""
    if len(text) <= MAX_SHORT and "\0" not in text:
        return text
    return hashlib.sha256(text.encode()).hexdigest()


def describe_table(table: Table) -> StoredTable:
    """Return a table in the format of tests, without its rows."""
    return {
        "primary_key": table.primary_key,
        "columns": {
            name: [column.type, "null"] if column.nullable else column.type
            for name, column in table.columns.items()
        },
    }


def pack_tables(tables: Iterable[Table]) -> str:
    """Return the JSON text that is stored of tables."""
    return dumps({table.name: describe_table(table) for table in tables}).decode()


def unpack_tables(stored: StoredTables) -> dict[str, Table]:
    """Return the tables of a stored value, by name."""
    return {
        name: Table(name, _declared(name, kept["columns"]), kept["primary_key"])
        for name, kept in stored.items()
    }
