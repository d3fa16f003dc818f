"""Copies of sandboxes: all tables and columns, at once and in slices."""

import json
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Float, Integer, String, Table, insert, select

from mockalog.kernel.database import row_copies
from mockalog.kernel.database.interfaces import Connection, Query
from mockalog.kernel.database.models import (
    IDENTITY,
    ONE_OF,
    STATE,
    TEMPLATE,
    VOLATILE,
    JsonText,
    sandboxes,
)
from mockalog.kernel.database.row_copies import START, CopyCursor, copied_columns, copy, copy_slice
from mockalog.kernel.documents import table_dumps
from mockalog.kernel.documents.table_dumps import Rows, dump
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.turns import Turns
from mockalog.schema import metadata
from mockalog.vendors.attraqt.json_columns import Configuration, Operation
from tests.emulation import Emulation

# Tables of the whole server. A document has sections of their own for them.
SERVER_TABLES = {
    *("sandboxes", "sandbox_uses", "credentials", "snapshots", "servers"),
    "attraqt_signing_keys",
}

# Tables that no copy has, on purpose.
LEFT_OUT = {"rate_windows", "attraqt_assertions"}


def test_every_table_is_copied_except_volatile_ones() -> None:
    """A new table is copied without further code."""
    copied = {table.name for table in row_copies.copied_tables()}

    assert copied | LEFT_OUT | SERVER_TABLES == set(metadata.tables)
    assert not copied & (LEFT_OUT | SERVER_TABLES)
    assert {t.name for t in metadata.tables.values() if VOLATILE in t.info} == LEFT_OUT


def test_every_column_of_a_sandboxs_own_row_is_identity_or_state() -> None:
    """State is copied, and a new column is state."""
    assert {"id", *IDENTITY, *(column.name for column in STATE)} == set(sandboxes.c.keys())


@pytest.mark.parametrize("table", row_copies.copied_tables(), ids=lambda table: table.name)
def test_ids_are_counted_per_sandbox_or_nothing_refers_to_them(table: Table) -> None:
    """Otherwise a copy's rows would refer to rows of the original sandbox."""
    if "sandbox_id" in table.primary_key:
        return
    stems = {table.name, table.name.removesuffix("s"), table.name.removesuffix("es")}
    bare = {stem.partition("_")[2] for stem in stems} | stems
    referring = [
        f"{other.name}.{column.name}"
        for other in metadata.tables.values()
        for column in other.c
        if column.name.removesuffix("_id") in bare and column.name.endswith("_id")
    ]

    assert (copied_columns(table), referring) == ([c for c in table.c if c.name not in _OWN], [])


_OWN = ("sandbox_id", "id")

# A value for each JSON column whose type is not any object.
JSON_VALUES = {
    "attraqt_batch_items.operation": Operation("delete", "a", "t", "", "", 0, {}, fhr=False),
    "attraqt_catalogs.document": {"catalogItemSchemas": [], "catalogCategoryTrees": []},
    "attraqt_category_trees.document": {"children": [{"name": "c", "children": []}]},
    "attraqt_ingestions.configuration": Configuration(
        "b", 1, 0, 0, "", delete_missing=False, promote=False
    ),
    "attraqt_item_schemas.document": {"name": "s", "attributes": [], "nestedItemSchemas": []},
    "attraqt_items.document": {"context": "", "parentId": "", "attributes": {}},
    "braze_catalogs.description": "d",
    "braze_catalogs.fields": [{"name": "id", "token": "-1", "type": "string"}],
    "braze_catalogs.selections": [],
    "squared_catalogs.catalog": {"streams": []},
    "squared_syncs.configuration": [],
    "squared_worlds.tables": {"t": {"primary_key": None, "columns": {}}},
}


def value_of(column: Column[Any], number: int) -> Any:
    """Return a valid value of a column, a different one for each number."""
    match column.type:
        case Boolean():
            return number % 2 == 0
        case Float():
            return number + 0.5
        case Integer():
            return number
        case JsonText():
            return json_of(JSON_VALUES.get(str(column), {"number": number}))
        case String():
            choices = column.info.get(ONE_OF)
            return choices[number % len(choices)] if choices else f"t{number}"[: column.type.length]
    raise NotImplementedError(column.type)


def json_of(value: Any) -> str:
    """Return a value as JSON; a named tuple as an object."""
    return json.dumps(value._asdict() if hasattr(value, "_asdict") else value)


def rows_of(table: Table, count: int) -> list[dict[str, Any]]:
    """Return valid rows of a table. `slot` is the only column that a check restricts."""
    return [
        {
            c.name: 1 + number % 2 if c.name == "slot" else value_of(c, number)
            for c in copied_columns(table)
        }
        for number in range(1, count + 1)
    ]


async def fill(connection: Connection, sandbox_id: int, count: int) -> None:
    """Insert rows of a sandbox into every table."""
    for table in row_copies.copied_tables():
        for row in rows_of(table, count):
            await connection.run(insert(table).values(sandbox_id=sandbox_id, **row), {})


async def contents(connection: Connection, sandbox_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of a sandbox by table, without `sandbox_id`."""
    found = {}
    for table in row_copies.copied_tables():
        own = select(*copied_columns(table)).where(table.c.sandbox_id == sandbox_id)
        rows = await connection.all(Query(own.order_by(*table.primary_key), tuple), {})
        found[table.name] = [tuple(row) for row in rows]
    return found


async def new_sandboxes(connection: Connection, *names: str) -> list[int]:
    """Begin sandboxes without rows, and return their ids."""
    begun = [await generations.begin(connection, name) for name in names]
    return [number for number in begun if number is not None]


def test_a_copy_has_every_row_of_every_table(emulation: Emulation) -> None:
    """Values of every type are equal, and rows of other sandboxes do not change."""

    async def act() -> tuple[Any, Any, Any]:
        async with emulation.runtime.database.transaction() as connection:
            source, target, other = await new_sandboxes(connection, "cs", "ct", "co")
            await fill(connection, source, 3)
            await fill(connection, other, 2)
            before = await contents(connection, other)
            await copy(connection, source, target)
            after = await contents(connection, other)
            assert before == after
            return await contents(connection, source), await contents(connection, target), before

    source, target, _ = emulation.run(act)

    assert target == source
    assert all(len(rows) == 3 for rows in source.values())


@pytest.mark.parametrize("rows", [0, 3, 4, 7])
def test_a_copy_in_slices_equals_the_original(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """With fewer rows than a slice, a full slice, and several slices."""
    monkeypatch.setattr(row_copies, "SLICE", 3)
    row_copies._slices.cache_clear()

    async def act() -> tuple[Any, Any, int]:
        async with emulation.runtime.database.transaction() as connection:
            source, target = await new_sandboxes(connection, f"ss{rows}", f"st{rows}")
            await fill(connection, source, rows)
            cursor: CopyCursor | None = START
            slices = 0
            while cursor is not None:
                slices += 1
                cursor = await copy_slice(connection, source, target, cursor, inheriting=False)
            return await contents(connection, source), await contents(connection, target), slices

    source, target, slices = emulation.run(act)
    row_copies._slices.cache_clear()

    assert target == source
    assert slices == 1 + len(source) * (1 + rows // 3)


@pytest.mark.parametrize("in_slices", [False, True])
def test_new_sandboxes_inherit_no_faults(emulation: Emulation, in_slices: bool) -> None:
    """The template's faults are the whole server's."""

    async def act() -> dict[str, Any]:
        async with emulation.runtime.database.transaction() as connection:
            source, target = await new_sandboxes(connection, f"n{in_slices}", f"m{in_slices}")
            await fill(connection, source, 1)
            if in_slices:
                cursor: CopyCursor | None = START
                while cursor is not None:
                    cursor = await copy_slice(connection, source, target, cursor, inheriting=True)
            else:
                await copy(connection, source, target, inheriting=True)
            return await contents(connection, target)

    found = emulation.run(act)

    assert [name for name, rows in found.items() if not rows] == ["faults"]


def test_a_dump_has_every_row_of_every_table(emulation: Emulation) -> None:
    """A dump is valid, and loads into a sandbox with equal rows."""
    database = emulation.runtime.database

    async def dumped(sandbox_id: int) -> Any:
        async with database.reading() as reader:
            return json.loads(b"".join([text async for text in dump(reader, sandbox_id)]))

    async def act() -> tuple[Any, Any, Any]:
        async with database.transaction() as connection:
            source, target = await new_sandboxes(connection, "ds", "dt")
            await fill(connection, source, 3)
        first = await dumped(source)
        # A load takes the rows out of the document.
        found = {name: Rows.model_validate(rows) for name, rows in deepcopy(first).items()}
        table_dumps.check(found)
        await table_dumps.load(database, target, found, Turns())
        async with database.transaction() as connection:
            rows = await contents(connection, source), await contents(connection, target)
        return *rows, (first, await dumped(target))

    source, target, (first, again) = emulation.run(act)

    assert target == source
    assert again == first
    assert set(first) == {table.name for table in row_copies.copied_tables()} | {"sandboxes"}


def test_a_name_is_begun_once(emulation: Emulation) -> None:
    """A second attempt returns None."""

    async def act() -> tuple[int | None, int | None]:
        await emulation.runtime.sandboxes.open(TEMPLATE)
        async with emulation.runtime.database.transaction() as connection:
            row: Any = await generations.find(connection, TEMPLATE)
            return (
                await generations.begin(connection, TEMPLATE),
                await generations.create_copy(connection, TEMPLATE, row.id),
            )

    assert emulation.run(act) == (None, None)
