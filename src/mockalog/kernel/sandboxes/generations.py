"""Generations: the rows that have had a sandbox's name, and the exchange of names.

A reset or a restore gives the name to another generation whose rows are ready. So its cost does not
depend on the number of rows. The old generation keeps no name, and cleanup deletes it.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    bindparam,
    exists,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from mockalog.kernel.clock import Mode, machine_now
from mockalog.kernel.database.interfaces import (
    Connection,
    Flag,
    IdRow,
    Query,
    Reader,
)
from mockalog.kernel.database.models import IDENTITY, PREPARED, STATE, TEMPLATE, faults, sandboxes
from mockalog.kernel.database.row_copies import check_size, copy

# Rows that one statement reads of all sandboxes.
LIVE_SLICE = 100

_own_values = [bindparam(name, type_=sandboxes.c[name].type) for name in IDENTITY]
_template = sandboxes.alias("template")
_template_id = select(_template.c.id).where(_template.c.name == TEMPLATE).scalar_subquery()
# A fault of the sandbox's own or of the whole server that can still apply to a call.
_armed = exists().where(
    faults.c.fired < faults.c.times,
    or_(faults.c.sandbox_id == sandboxes.c.id, faults.c.sandbox_id == _template_id),
)


class SandboxRow(NamedTuple):
    """A row of `sandboxes` that has a name; `settings` is JSON.

    `armed`: a fault can still apply to a call of the sandbox.
    """

    id: int
    name: str
    clock_mode: Mode
    clock_value: int
    settings: str
    next_due: int | None
    created_at: int
    last_job: int
    seeded: Flag
    purpose: str | None
    source_id: int | None
    armed: Flag


_rows = select(sandboxes, _armed.label("armed"))
_named = _rows.where(sandboxes.c.name == bindparam("name"))
_FIND = Query(_named, SandboxRow)
_FIND_BY_ID = Query(_rows.where(sandboxes.c.id == bindparam("sandbox_id")), SandboxRow)
_live = _rows.where(sandboxes.c.name.is_not(None), sandboxes.c.id > bindparam("last"))
_LIVE = Query(_live.order_by(sandboxes.c.id).limit(LIVE_SLICE), SandboxRow)
_LOCK = Query(_named.with_for_update(of=sandboxes), SandboxRow)
_RETIRE = update(sandboxes).where(sandboxes.c.name == bindparam("old_name")).values(name=None)
_create_empty = (
    upsert(sandboxes)
    .values(
        **dict(zip(IDENTITY, _own_values, strict=True)),
        clock_mode=bindparam("clock_mode"),
        clock_value=bindparam("clock_value"),
        settings=bindparam("settings"),
        last_job=0,
        seeded=False,
    )
    .on_conflict_do_nothing(index_elements=["name"])
    .returning(sandboxes.c.id)
)
_CREATE_EMPTY = Query(_create_empty, IdRow)
_copy_of_source = (
    upsert(sandboxes)
    .from_select(
        [*IDENTITY, *(column.name for column in STATE)],
        select(*_own_values, *STATE).where(sandboxes.c.id == bindparam("like")),
    )
    .on_conflict_do_nothing(index_elements=["name"])
    .returning(sandboxes.c.id)
)
_CREATE_FROM = Query(_copy_of_source, IdRow)
_source = sandboxes.alias("source")
_prepared_copy = (
    select(sandboxes.c.id)
    .where(sandboxes.c.source_id == bindparam("source"), sandboxes.c.purpose == PREPARED)
    .limit(1)
    .scalar_subquery()
)
# Its rows are the source's. The source's own row may have changed since the copy.
_take_copy = (
    update(sandboxes)
    .where(sandboxes.c.id == _prepared_copy, sandboxes.c.purpose == PREPARED)
    .values(
        name=bindparam("new_name"),
        purpose=null(),
        source_id=null(),
        created_at=bindparam("now"),
        **{
            column.name: select(_source.c[column.name])
            .where(_source.c.id == bindparam("source"))
            .scalar_subquery()
            for column in STATE
        },
    )
    .returning(sandboxes.c.id)
)
_TAKE_COPY = Query(_take_copy, IdRow)
_RELEASE = update(sandboxes).where(sandboxes.c.id == bindparam("kept")).values(purpose=None)
_RELEASE_COPIES = (
    update(sandboxes)
    .where(sandboxes.c.source_id == bindparam("source"))
    .values(purpose=None, source_id=None)
)
_MARK = update(sandboxes).where(sandboxes.c.id == bindparam("marked")).values(seeded=True)


def validate_sandbox_name(name: str) -> str:
    """Return the name of a sandbox; raise `ValueError` for the template's."""
    if name == TEMPLATE:
        raise ValueError(f"{TEMPLATE!r} is the template of new sandboxes: choose another name")
    return name


async def find(connection: Connection, name: str) -> SandboxRow | None:
    """Return the row that has a name, None if no row has it."""
    return await connection.first(_FIND, {"name": name})


async def find_by_id(connection: Connection, sandbox_id: int) -> SandboxRow:
    """Return the row of a generation that exists, with or without a name."""
    row = await connection.first(_FIND_BY_ID, {"sandbox_id": sandbox_id})
    assert row is not None
    return row


async def read(reader: Reader, name: str) -> SandboxRow | None:
    """Return the row that has a name, None if no row has it."""
    return next(iter(await reader.all(_FIND, {"name": name})), None)


async def is_current(reader: Reader, row: SandboxRow) -> bool:
    """Return whether a row is still its sandbox's generation."""
    found = await read(reader, row.name)
    return found is not None and found.id == row.id


async def read_live(reader: Reader) -> AsyncIterator[Sequence[SandboxRow]]:
    """Yield all rows that have a name, oldest first, some at a time."""
    last, found = 0, True
    while found:
        if rows := await reader.all(_LIVE, {"last": last}):
            yield rows
            last = rows[-1].id
        found = len(rows) == LIVE_SLICE


async def lock(connection: Connection, name: str) -> SandboxRow | None:
    """Return the row that has a name, and keep the name there until the transaction ends."""
    await connection.begin_writing()
    while True:
        row = await connection.first(_LOCK, {"name": name})
        if row is not None or await find(connection, name) is None:
            return row


async def lock_template(connection: Connection) -> SandboxRow:
    """Lock the template, created here at first; no sandbox can be created meanwhile."""
    row = await lock(connection, TEMPLATE)
    while row is None:
        await begin(connection, TEMPLATE)
        row = await lock(connection, TEMPLATE)
    return row


async def retire(connection: Connection, name: str) -> None:
    """Take a name away from its generation, whose rows cleanup deletes later.

    The caller holds the template's `lock`, so no other caller retires at the same time.
    """
    await connection.run(_RETIRE, {"old_name": name})


async def begin(
    connection: Connection, name: str, template: SandboxRow | None = None
) -> int | None:
    """Create a generation without rows; return its id, None if the name is taken.

    Its clock and settings are those of the row `template`, if given.
    """
    values = {
        "clock_mode": "real" if template is None else template.clock_mode,
        "clock_value": 0 if template is None else template.clock_value,
        "settings": "{}" if template is None else template.settings,
    }
    return _id(await connection.first(_CREATE_EMPTY, {**identity(name), **values}))


async def create_from(
    connection: Connection,
    name: str | None,
    source_id: int,
    purpose: str | None = None,
    copy_of: int | None = None,
) -> int | None:
    """Create a generation whose own row copies that of the source; it has no other rows.

    Return its id, None if the name is taken. `purpose` says why a generation without a name is
    kept.
    """
    values = {**identity(name), "purpose": purpose, "source_id": copy_of, "like": source_id}
    return _id(await connection.first(_CREATE_FROM, values))


async def create_copy(
    connection: Connection,
    name: str | None,
    source_id: int,
    purpose: str | None = None,
    *,
    inheriting: bool = False,
) -> int | None:
    """Create a generation with the rows of another, as `create_from` and `copy` do.

    Raises `LargeCopyError`: `PreparedCopies.after_copies` then copies in slices.
    """
    await check_size(connection, source_id)
    target = await create_from(connection, name, source_id, purpose)
    if target is not None:
        await copy(connection, source_id, target, inheriting=inheriting)
    return target


async def replace(connection: Connection, name: str, source_id: int) -> None:
    """Give a name to a copy of a generation: the prepared copy if it exists."""
    await retire(connection, name)
    if not await take_prepared_copy(connection, name, source_id):
        await create_copy(connection, name, source_id)


async def take_prepared_copy(connection: Connection, name: str, source_id: int) -> bool:
    """Give a name to the prepared copy of a generation; return False if it does not exist."""
    values = {"new_name": name, "source": source_id, "now": machine_now()}
    return await connection.first(_TAKE_COPY, values) is not None


async def release(connection: Connection, sandbox_id: int) -> None:
    """Release a kept generation and its prepared copies to cleanup."""
    await connection.run(_RELEASE, {"kept": sandbox_id})
    await release_prepared_copies(connection, sandbox_id)


async def release_prepared_copies(connection: Connection, source_id: int) -> None:
    """Release the prepared copies of a generation, because its rows change."""
    await connection.run(_RELEASE_COPIES, {"source": source_id})


async def mark_seeded(connection: Connection, sandbox_id: int) -> None:
    """Mark a sandbox: new sandboxes copy its rows."""
    await connection.run(_MARK, {"marked": sandbox_id})


# Any: the columns differ in type.
def identity(name: str | None) -> dict[str, Any]:
    """Return the values of the columns `IDENTITY` of a new generation."""
    return {"name": name, "purpose": None, "source_id": None, "created_at": machine_now()}


def _id(row: IdRow | None) -> int | None:
    return None if row is None else row.id
