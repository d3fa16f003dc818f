"""Copies of sandboxes: complete by construction, at once and in slices."""

import json
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Float, Integer, String, Table, insert, select

from mockalog.kernel.database import row_copies
from mockalog.kernel.database.interfaces import Connection
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
from mockalog.kernel.documents.table_dumps import Rows
from mockalog.kernel.sandboxes import generations
from mockalog.schema import metadata
from mockalog.vendors.attraqt.rules.batches import Configuration
from mockalog.vendors.attraqt.rules.items import Operation
from tests.emulation import Emulation

# Tables of the server as a whole; a sandbox's own row and its credentials have their own sections.
SERVERS = {"sandboxes", "credentials", "snapshots"}

# What has nothing worth keeping; a table comes here only on purpose.
LEFT_OUT = {"rate_windows"}


def test_every_table_is_copied_but_what_says_otherwise() -> None:
    """A new table cannot be forgotten."""
    kept = {table.name for table in row_copies.copied_tables()}

    assert kept | LEFT_OUT | SERVERS == set(metadata.tables)
    assert not kept & (LEFT_OUT | SERVERS)
    assert {t.name for t in metadata.tables.values() if VOLATILE in t.info} == LEFT_OUT


def test_every_column_of_a_sandboxs_own_row_is_identity_or_state() -> None:
    """State is copied; a new column is state."""
    assert {"id", *IDENTITY, *(column.name for column in STATE)} == set(sandboxes.c.keys())


@pytest.mark.parametrize("table", row_copies.copied_tables(), ids=lambda table: table.name)
def test_ids_are_counted_per_sandbox_or_nothing_refers_to_them(table: Table) -> None:
    """Otherwise a copy's rows would point into the sandbox that they were copied from."""
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

# JSON of every form that is not just any object's.
FORMED = {
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
    """Return some value that fits a column, another for each number."""
    match column.type:
        case Boolean():
            return number % 2 == 0
        case Float():
            return number + 0.5
        case Integer():
            return number
        case JsonText():
            return json_of(FORMED.get(str(column), {"number": number}))
        case String():
            choices = column.info.get(ONE_OF)
            return choices[number % len(choices)] if choices else f"t{number}"[: column.type.length]
    raise NotImplementedError(column.type)


def json_of(value: Any) -> str:
    """Return a value as JSON; a named tuple as an object."""
    return json.dumps(value._asdict() if hasattr(value, "_asdict") else value)


def rows_of(table: Table, count: int) -> list[dict[str, Any]]:
    """Return some rows for a table; `slot` is the one column that a check restricts."""
    return [
        {
            c.name: 1 + number % 2 if c.name == "slot" else value_of(c, number)
            for c in copied_columns(table)
        }
        for number in range(1, count + 1)
    ]


async def fill(connection: Connection, sandbox_id: int, count: int) -> None:
    """Give a sandbox rows in every table."""
    for table in row_copies.copied_tables():
        for row in rows_of(table, count):
            await connection.run(insert(table).values(sandbox_id=sandbox_id, **row), {})


async def contents(connection: Connection, sandbox_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of a sandbox but for whose they are."""
    found = {}
    for table in row_copies.copied_tables():
        mine = select(*copied_columns(table)).where(table.c.sandbox_id == sandbox_id)
        rows = await connection.all(mine.order_by(*table.primary_key), {})
        found[table.name] = [tuple(row) for row in rows]
    return found


async def new_sandboxes(connection: Connection, *names: str) -> list[int]:
    """Begin sandboxes that own nothing."""
    begun = [await generations.begin(connection, name) for name in names]
    return [number for number in begun if number is not None]


def test_a_copy_has_every_row_of_every_table(emulation: Emulation) -> None:
    """Values of every type, and nobody else's rows change."""

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
def test_a_copy_in_slices_is_the_same(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """Wherever the slices end."""
    monkeypatch.setattr(row_copies, "SLICE", 3)
    row_copies._slices.cache_clear()

    async def act() -> tuple[Any, Any, int]:
        async with emulation.runtime.database.transaction() as connection:
            source, target = await new_sandboxes(connection, f"ss{rows}", f"st{rows}")
            await fill(connection, source, rows)
            mark: CopyCursor | None = START
            slices = 0
            while mark is not None:
                slices += 1
                mark = await copy_slice(connection, source, target, mark, inheriting=False)
            return await contents(connection, source), await contents(connection, target), slices

    source, target, slices = emulation.run(act)
    row_copies._slices.cache_clear()

    assert target == source
    assert slices == 1 + len(source) * (1 + rows // 3)


@pytest.mark.parametrize("in_slices", [False, True])
def test_a_table_may_stay_behind_with_the_template(emulation: Emulation, in_slices: bool) -> None:
    """What belongs to the whole server, as its faults do, is not every new sandbox's too."""

    async def act() -> dict[str, Any]:
        async with emulation.runtime.database.transaction() as connection:
            source, target = await new_sandboxes(connection, f"n{in_slices}", f"m{in_slices}")
            await fill(connection, source, 1)
            if in_slices:
                mark: Any = START
                while mark is not None:
                    mark = await copy_slice(connection, source, target, mark, inheriting=True)
            else:
                await copy(connection, source, target, inheriting=True)
            return await contents(connection, target)

    found = emulation.run(act)

    assert [name for name, rows in found.items() if not rows] == ["faults"]


def test_a_documents_tables_hold_every_row_too(emulation: Emulation) -> None:
    """Dumped, checked and loaded again they are the same."""

    async def act() -> tuple[Any, Any, Any]:
        async with emulation.runtime.database.transaction() as connection:
            source, target = await new_sandboxes(connection, "ds", "dt")
            await fill(connection, source, 3)
            dumped = await table_dumps.dump(connection, source)
            found = {name: Rows.model_validate(rows) for name, rows in dumped.items()}
            table_dumps.check(found)
            await table_dumps.load(connection, target, found)
            return (
                await contents(connection, source),
                await contents(connection, target),
                (dumped, await table_dumps.dump(connection, target)),
            )

    source, target, (dumped, again) = emulation.run(act)

    assert target == source
    assert again == dumped
    assert set(dumped) == {table.name for table in row_copies.copied_tables()} | {"sandboxes"}


def test_the_template_is_no_name_to_begin_twice(emulation: Emulation) -> None:
    """Who comes second is told so."""

    async def act() -> tuple[int | None, int | None]:
        await emulation.runtime.sandboxes.open(TEMPLATE)
        async with emulation.runtime.database.transaction() as connection:
            row: Any = await generations.find(connection, TEMPLATE)
            return (
                await generations.begin(connection, TEMPLATE),
                await generations.create_copy(connection, TEMPLATE, row.id),
            )

    assert emulation.run(act) == (None, None)
