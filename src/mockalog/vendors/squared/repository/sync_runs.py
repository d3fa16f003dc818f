"""Runs of syncs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, case, func, insert, select, update

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import sync_runs
from mockalog.vendors.squared.repository.totals import counted
from mockalog.vendors.squared.rules.runs import ACTIVE, PENDING

_OWN: BindParameter[int] = bindparam("sandbox_id")
_SANDBOX = sync_runs.c.sandbox_id == _OWN
_OF_SYNC = (_SANDBOX, sync_runs.c.sync_id == bindparam("of_sync"))
_THE_ONE = sync_runs.c.id == bindparam("run_id")
_WITH_STATUS = sync_runs.c.status == bindparam("wanted")

_GET = select(sync_runs).where(_SANDBOX, _THE_ONE)
_GET_OF_SYNC = select(sync_runs).where(*_OF_SYNC, _THE_ONE)
_ACTIVE = select(sync_runs).where(
    *_OF_SYNC, sync_runs.c.status.in_([bindparam(f"active_{name}", name) for name in ACTIVE])
)
_CREATE = insert(sync_runs).returning(sync_runs)
_CHANGED = tuple(
    column.name
    for column in sync_runs.c
    if column.name
    not in (
        "sandbox_id",
        "id",
        "workspace_id",
        "sync_id",
        "source_id",
        "destination_id",
        "sync_run_type",
        "created_at",
    )
)
_UPDATE = (
    update(sync_runs)
    .where(_SANDBOX, _THE_ONE)
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)


def _page(*conditions: Any) -> Select[Any]:
    return (
        select(sync_runs)
        .where(*_OF_SYNC, *conditions)
        .order_by(sync_runs.c.updated_at.desc(), sync_runs.c.id.desc())
        .limit(bindparam("most"))
        .offset(bindparam("skipped"))
    )


def _total(*conditions: Any) -> Select[Any]:
    counted = select(func.count().label("total")).select_from(sync_runs)
    return counted.where(*_OF_SYNC, *conditions)


_LISTS = {False: (_page(), _total()), True: (_page(_WITH_STATUS), _total(_WITH_STATUS))}

_slice = (sync_runs.c.created_at - bindparam("start")) // bindparam("length")
_failed = sync_runs.c.error.is_not(None)
_GROUPS = (
    select(
        _slice.label("slice"),
        sync_runs.c.source_id,
        sync_runs.c.destination_id,
        func.count().label("runs"),
        func.sum(case((_failed, 1), else_=0)).label("failures"),
        func.sum(case((_failed, 0), else_=1)).label("successes"),
        func.sum(sync_runs.c.total_rows).label("rows"),
        func.sum(sync_runs.c.failed_rows).label("failed_rows"),
        func.sum(sync_runs.c.successful_rows).label("successful_rows"),
    )
    .where(
        _SANDBOX,
        sync_runs.c.workspace_id == bindparam("of_workspace"),
        sync_runs.c.created_at >= bindparam("start"),
        sync_runs.c.created_at <= bindparam("now"),
    )
    .group_by("slice", sync_runs.c.source_id, sync_runs.c.destination_id)
)


async def get(repository: Repository, run_id: int) -> Any | None:
    """Return a run of whichever sync."""
    return await repository.first(_GET, run_id=run_id)


async def get_run(repository: Repository, sync_id: int, run_id: int) -> Any | None:
    """Return a run of a sync."""
    return await repository.first(_GET_OF_SYNC, of_sync=sync_id, run_id=run_id)


async def active_of(repository: Repository, sync_id: int) -> Any | None:
    """Return the run of a sync that is under way; there is never more than one."""
    return await repository.first(_ACTIVE, of_sync=sync_id)


async def list_runs(
    repository: Repository, sync_id: int, status: str | None, limit: int, offset: int
) -> tuple[Sequence[Any], int]:
    """Return a page of a sync's runs, latest change first, and how many there are in all."""
    page, total = _LISTS[status is not None]
    values = {"of_sync": sync_id, "wanted": status, "most": limit, "skipped": offset}
    rows = await repository.all(page, **values)
    return rows, await counted(repository, total, rows, values)


async def create_run(repository: Repository, id_: int, sync: Any, kind: str, now: int) -> Any:
    """Store a pending run of a sync and return the row."""
    counters = ("total_query_rows", "total_rows", "skipped_rows", "successful_rows", "failed_rows")
    return await repository.first(
        _CREATE,
        id=id_,
        workspace_id=sync.workspace_id,
        sync_id=sync.id,
        source_id=sync.source_id,
        destination_id=sync.destination_id,
        status=PENDING,
        sync_run_type=kind,
        **dict.fromkeys(("started_at", "finished_at", "error", "cursor")),
        **dict.fromkeys(counters, 0),
        created_at=now,
        updated_at=now,
    )


async def change(repository: Repository, row: Any, **columns: Any) -> None:
    """Store new columns of a run; the others stay as they are in its row."""
    kept = {f"new_{name}": columns.get(name, getattr(row, name)) for name in _CHANGED}
    await repository.run(_UPDATE, run_id=row.id, **kept)


async def count_slices(
    repository: Repository, workspace_id: int, start: int, length: int, now: int
) -> Sequence[Any]:
    """Return what ran since `start`, by slice of that length and by pair of connectors."""
    values = {"of_workspace": workspace_id, "start": start, "length": length, "now": now}
    return await repository.all(_GROUPS, **values)
