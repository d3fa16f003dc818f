"""Faults: failures that a test armed, counted in the database so that each applies exactly `times`.

A fault belongs to one sandbox, or to the template and so to the whole server: it then counts the
calls of all sandboxes. No call queries the table while no fault is armed: the query that loads a
sandbox reads `Sandbox.armed` (docs/decisions/0006-faults-are-counted-once.md).
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, assert_never, get_args

from sqlalchemy import (
    and_,
    bindparam,
    func,
    insert,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from mockalog.kernel.database.interfaces import Connection, Flag, Query, Reader
from mockalog.kernel.database.models import (
    FAULT_NUMBERS,
    TEMPLATE,
    faults,
    sandboxes,
    series_table,
)
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.path_patterns import GLOBBING, matches, normalized_path

# `before` the endpoint runs, `after` it in place of its response, or in a `job` that it schedules.
Phase = Literal["before", "after", "job"]


def is_of_calls(phase: Phase) -> bool:
    """Return whether faults of a phase apply to calls; the others apply to jobs."""
    match phase:
        case "before" | "after":
            return True
        case "job":
            return False
        case _ as never:
            assert_never(never)


_CALL_PHASES = [phase for phase in get_args(Phase) if is_of_calls(phase)]

# Faults that one statement lists.
PAGE = 50

# Matches every operation.
ANY = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """An armed failure of the calls in `sandbox`; None: in every sandbox."""

    sandbox_id: int
    id: int
    sandbox: str | None
    vendor: str
    operation: str
    path: str | None
    phase: Phase
    status: int | None
    error: str | None
    retry_after: int | None
    drops: bool
    delay: float
    skips: int
    seen: int
    times: int
    fired: int

    @property
    def reason(self) -> str:
        """Return the outcome of a job that fails by it."""
        what = self.error or (f"status {self.status}" if self.status else "failure")
        return f"fault {self.id} was armed: {what}"


_can_apply = faults.c.fired < faults.c.times
_is_of_sandbox = faults.c.sandbox_id == bindparam("sandbox_id")
_given = [c.name for c in faults.c if c.name not in ("seen", "fired")]
_ARM = insert(faults).values(**{name: bindparam(name) for name in _given}, seen=0, fired=0)
_with_sandbox = (
    select(faults, sandboxes.c.name.label("sandbox"))
    .join(sandboxes, sandboxes.c.id == faults.c.sandbox_id)
    # A sandbox's own come before the server's.
    .order_by(sandboxes.c.name == TEMPLATE, faults.c.sandbox_id, faults.c.id)
)


class FaultRow(NamedTuple):
    """A row of `faults` with the name of its sandbox."""

    sandbox_id: int
    id: int
    vendor: str
    operation: str
    path: str | None
    phase: Phase
    status: int | None
    error: str | None
    drops: Flag
    delay: float
    skips: int
    seen: int
    times: int
    fired: int
    retry_after: int | None
    sandbox: str | None


_of_sandbox = _with_sandbox.where(or_(_is_of_sandbox, sandboxes.c.name == TEMPLATE))
_is_of_calls = or_(*(faults.c.phase == phase for phase in _CALL_PHASES))
# A path that only equals itself. Of others, `matches` decides.
_is_compared = or_(
    *(faults.c.path.contains(sign, autoescape=True) for sign in (*sorted(GLOBBING), "%", "//")),
    faults.c.path.endswith("/"),
)
_matching = _of_sandbox.where(
    _can_apply,
    faults.c.vendor == bindparam("vendor"),
    faults.c.operation.in_([ANY, bindparam("operation")]),
    or_(faults.c.path.is_(None), faults.c.path == bindparam("path"), _is_compared),
).with_for_update(of=faults)
_AT_CALL = Query(_matching.where(_is_of_calls), FaultRow)
_AT_JOBS = Query(_matching.where(not_(_is_of_calls)), FaultRow)
_this = and_(faults.c.sandbox_id == bindparam("owner"), faults.c.id == bindparam("fault_id"))
_FIND = Query(_with_sandbox.where(_this), FaultRow)
_is_later = tuple_(faults.c.sandbox_id, faults.c.id) > tuple_(bindparam("owner"), bindparam("last"))
_page = _with_sandbox.where(_is_later).limit(PAGE)
_ALL = Query(_page.where(sandboxes.c.name != TEMPLATE), FaultRow)
_SERVERS = Query(_page.where(sandboxes.c.name == TEMPLATE), FaultRow)
_MINE = Query(_page.where(_is_of_sandbox, sandboxes.c.name != TEMPLATE), FaultRow)
_COUNT_SKIPPED = update(faults).where(_this).values(seen=faults.c.seen + 1)
_COUNT_APPLIED = update(faults).where(_this).values(fired=faults.c.fired + 1)
_MOVE = (
    update(faults)
    .where(faults.c.sandbox_id == bindparam("source"))
    .values(sandbox_id=bindparam("target"))
)
_old_series = series_table.alias("old")
_last = select(_old_series.c.last).where(
    _old_series.c.sandbox_id == bindparam("source"), _old_series.c.name == FAULT_NUMBERS
)
_MOVE_SERIES = (
    update(series_table)
    .where(series_table.c.sandbox_id == bindparam("target"), series_table.c.name == FAULT_NUMBERS)
    .values(last=func.coalesce(_last.scalar_subquery(), series_table.c.last))
)
_DISARM_ALL = faults.delete()
_DISARM_MINE = faults.delete().where(_is_of_sandbox)
_DISARM = faults.delete().where(_this)


async def match_and_count(
    connection: Connection,
    sandbox_id: int,
    *,
    vendor: str,
    operation: str,
    path: str,
    jobs: bool = False,
) -> Fault | None:
    """Count one call against the armed faults; return the fault that applies to it, if any.

    Of several faults the first that was armed applies, a sandbox's own before the server's; the
    others wait for the next call. Each lets its first `skips` calls pass. The rows stay locked
    meanwhile, so no call is counted twice. `jobs`: count faults of jobs instead of calls.
    """
    await connection.begin_writing()
    wanted = {
        "sandbox_id": sandbox_id,
        "vendor": vendor,
        "operation": operation,
        "path": normalized_path(path),
    }
    rows = await connection.all(_AT_JOBS if jobs else _AT_CALL, wanted)
    matching = [row for row in rows if row.path is None or matches(path, row.path)]
    skipping = [_key(row) for row in matching if row.seen < row.skips]
    await connection.many(_COUNT_SKIPPED, skipping)
    applying = next((row for row in matching if row.seen >= row.skips), None)
    if applying is None:
        return None
    await connection.run(_COUNT_APPLIED, _key(applying))
    return _fault(applying)


async def arm(connection: Connection, sandbox_id: int, values: Mapping[str, object]) -> int:
    """Arm a fault; return its id, which is its sandbox's own."""
    fault_id = await Repository(connection, sandbox_id).next_number(FAULT_NUMBERS)
    await connection.run(_ARM, {"sandbox_id": sandbox_id, "id": fault_id, **values})
    return fault_id


async def all_of(reader: Reader, sandbox_id: int | None) -> AsyncIterator[Fault]:
    """Yield the faults of a sandbox and of the server, or (None) all, in the order of arming."""
    for query in (_ALL, _SERVERS) if sandbox_id is None else (_MINE, _SERVERS):
        owner = last = 0
        found = True
        while found:
            values = {"sandbox_id": sandbox_id, "owner": owner, "last": last}
            rows = await reader.all(query, values)
            for row in rows:
                yield _fault(row)
            if found := len(rows) == PAGE:
                owner, last = rows[-1].sandbox_id, rows[-1].id


async def find(connection: Connection, sandbox_id: int, fault_id: int) -> Fault:
    """Return an armed fault."""
    row = await connection.first(_FIND, {"owner": sandbox_id, "fault_id": fault_id})
    assert row is not None
    return _fault(row)


async def move_faults(connection: Connection, source_id: int, target_id: int) -> None:
    """Give the faults of a generation, with their counts, to its successor."""
    moved = {"source": source_id, "target": target_id}
    await connection.run(_MOVE, moved)
    await Repository(connection, target_id).lock("faults")  # so that the series exists
    await connection.run(_MOVE_SERIES, moved)


async def disarm(connection: Connection, sandbox_id: int, fault_id: int) -> bool:
    """Delete a fault of a sandbox; return False if it does not exist."""
    return await connection.run(_DISARM, {"owner": sandbox_id, "fault_id": fault_id}) == 1


async def disarm_all(connection: Connection, sandbox_id: int | None) -> int:
    """Delete the faults of one sandbox, or (None) of all; return their number."""
    statement = _DISARM_ALL if sandbox_id is None else _DISARM_MINE
    return await connection.run(statement, {"sandbox_id": sandbox_id})


def _key(row: FaultRow) -> dict[str, int]:
    return {"owner": row.sandbox_id, "fault_id": row.id}


def _fault(row: FaultRow) -> Fault:
    return Fault(
        sandbox_id=row.sandbox_id,
        id=row.id,
        sandbox=None if row.sandbox == TEMPLATE else row.sandbox,
        vendor=row.vendor,
        operation=row.operation,
        path=row.path,
        phase=row.phase,
        status=row.status,
        error=row.error,
        retry_after=row.retry_after,
        drops=bool(row.drops),
        delay=row.delay,
        skips=row.skips,
        seen=row.seen,
        times=row.times,
        fired=row.fired,
    )
