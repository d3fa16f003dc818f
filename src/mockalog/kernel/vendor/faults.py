"""Faults: failures that a test armed, counted in the database so that exactly as many strike.

A fault belongs to one sandbox, or to the template's row and so to the whole server: it then
counts every sandbox's calls together. Nothing is asked of the table while nothing is armed:
who loads a sandbox learns whether any fault can strike there (`Sandbox.armed`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from mockalog.kernel.database.interfaces import Connection, Flag, Query
from mockalog.kernel.database.models import TEMPLATE, Phase, faults, sandboxes
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.path_patterns import matches

# Strikes every operation.
ANY = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """One armed failure; `sandbox` is the name of whose calls it strikes, None: everybody's."""

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

    def matches(self, path: str) -> bool:
        """Return whether a path of the vendor's API is meant: exactly, or by a glob."""
        return self.path is None or matches(path, self.path)

    @property
    def reason(self) -> str:
        """Return what a job says of its failure."""
        what = self.error or (f"status {self.status}" if self.status else "failure")
        return f"fault {self.id} was armed: {what}"


_left = faults.c.fired < faults.c.times
_mine = faults.c.sandbox_id == bindparam("sandbox_id")
_given = [c.name for c in faults.c if c.name not in ("seen", "fired")]
_ARM = insert(faults).values(**{name: bindparam(name) for name in _given}, seen=0, fired=0)
_facing = (
    select(faults, sandboxes.c.name.label("sandbox"))
    .join(sandboxes, sandboxes.c.id == faults.c.sandbox_id)
    # A sandbox's own before the server's.
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


_of_sandbox = _facing.where(or_(_mine, sandboxes.c.name == TEMPLATE))
_ALL = Query(_facing.where(sandboxes.c.name.is_not(None)), FaultRow)
_OF_SANDBOX = Query(_of_sandbox, FaultRow)
_striking = _of_sandbox.where(
    _left,
    faults.c.vendor == bindparam("vendor"),
    faults.c.operation.in_([ANY, bindparam("operation")]),
).with_for_update(of=faults)
_AT_CALL = Query(_striking.where(faults.c.phase != "job"), FaultRow)
_AT_JOBS = Query(_striking.where(faults.c.phase == "job"), FaultRow)
_this = and_(faults.c.sandbox_id == bindparam("owner"), faults.c.id == bindparam("fault_id"))
_SEE = update(faults).where(_this).values(seen=faults.c.seen + 1)
_FIRE = update(faults).where(_this).values(fired=faults.c.fired + 1)
_DISARM_ALL = faults.delete()
_DISARM_MINE = faults.delete().where(_mine)
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
    """Count one call against what is armed; return the fault that strikes it, if any.

    Of several the first that was armed strikes, a sandbox's own before the server's; the others
    wait for the next call; each lets its own first calls pass. The rows are locked while that is
    decided, so no call is counted twice.
    """
    await connection.begin_writing()
    wanted = {"sandbox_id": sandbox_id, "vendor": vendor, "operation": operation}
    rows = await connection.all(_AT_JOBS if jobs else _AT_CALL, wanted)
    facing = [fault for fault in map(_fault, rows) if fault.matches(path)]
    passing = [_key(fault) for fault in facing if fault.seen < fault.skips]
    await connection.many(_SEE, passing)
    striking = next((fault for fault in facing if fault.seen >= fault.skips), None)
    if striking is not None:
        await connection.run(_FIRE, _key(striking))
    return striking


async def arm(connection: Connection, sandbox_id: int, values: Mapping[str, Any]) -> int:
    """Arm a fault; return its id, which is its sandbox's own."""
    fault_id = await Repository(connection, sandbox_id).next_number("faults")
    await connection.run(_ARM, {"sandbox_id": sandbox_id, "id": fault_id, **values})
    return fault_id


async def all_of(connection: Connection, sandbox_id: int | None) -> Sequence[Fault]:
    """Return what can or could strike a sandbox, or all there is, in the order of arming."""
    query = _ALL if sandbox_id is None else _OF_SANDBOX
    return [_fault(row) for row in await connection.all(query, {"sandbox_id": sandbox_id})]


async def disarm(connection: Connection, sandbox_id: int, fault_id: int) -> bool:
    """Take away one fault of a sandbox; say whether there was one."""
    return await connection.run(_DISARM, {"owner": sandbox_id, "fault_id": fault_id}) == 1


async def disarm_all(connection: Connection, sandbox_id: int | None) -> int:
    """Take away all faults of one sandbox, or of everybody; return how many there were."""
    statement = _DISARM_ALL if sandbox_id is None else _DISARM_MINE
    return await connection.run(statement, {"sandbox_id": sandbox_id})


def _key(fault: Fault) -> dict[str, int]:
    return {"owner": fault.sandbox_id, "fault_id": fault.id}


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
