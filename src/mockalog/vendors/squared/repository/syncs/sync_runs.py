"""Queries on the runs of syncs."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, ColumnElement, bindparam, case, func, insert, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import ACTIVE, PENDING, sync_runs
from mockalog.vendors.squared.repository.paging import (
    TotalRow,
    count_total,
    latest_page,
    total_of,
)
from mockalog.vendors.squared.rules.syncs.reports import SliceRow, TimeSlices
from mockalog.vendors.squared.rules.syncs.rows import SyncRow, SyncRunRow

_OWN: BindParameter[int] = bindparam("sandbox_id")
_SANDBOX = sync_runs.c.sandbox_id == _OWN
_OF_SYNC = (_SANDBOX, sync_runs.c.sync_id == bindparam("of_sync"))
_THE_ONE = sync_runs.c.id == bindparam("run_id")
_WITH_STATUS = sync_runs.c.status == bindparam("wanted")

_GET_BY_ID = Query(select(sync_runs).where(_SANDBOX, _THE_ONE), SyncRunRow)
_GET = Query(select(sync_runs).where(*_OF_SYNC, _THE_ONE), SyncRunRow)
_GET_ACTIVE = Query(
    select(sync_runs).where(
        *_OF_SYNC, sync_runs.c.status.in_([bindparam(f"active_{name}", name) for name in ACTIVE])
    ),
    SyncRunRow,
)
_CREATE = Query(insert(sync_runs).returning(sync_runs), SyncRunRow)
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


def _list(*conditions: ColumnElement[bool]) -> tuple[Query[SyncRunRow], Query[TotalRow]]:
    page = latest_page(sync_runs, *_OF_SYNC, *conditions)
    return Query(page, SyncRunRow), total_of(sync_runs, *_OF_SYNC, *conditions)


# By whether the list is filtered by status.
_LISTS = {False: _list(), True: _list(_WITH_STATUS)}

_slice = (sync_runs.c.created_at - bindparam("start")) // bindparam("length")
_failed = sync_runs.c.error.is_not(None)
_COUNT_SLICES = Query(
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
        sync_runs.c.created_at >= bindparam("since"),
        sync_runs.c.created_at <= bindparam("now"),
    )
    .group_by("slice", sync_runs.c.source_id, sync_runs.c.destination_id),
    SliceRow,
)


async def get_run_by_id(repository: Repository, run_id: int) -> SyncRunRow | None:
    """Return a run of any sync."""
    return await repository.first(_GET_BY_ID, run_id=run_id)


async def get_run(repository: Repository, sync_id: int, run_id: int) -> SyncRunRow | None:
    """Return a run of a sync."""
    return await repository.first(_GET, of_sync=sync_id, run_id=run_id)


async def get_active_run(repository: Repository, sync_id: int) -> SyncRunRow | None:
    """Return the active run of a sync, of which there is one at most."""
    return await repository.first(_GET_ACTIVE, of_sync=sync_id)


async def list_runs(
    repository: Repository, sync_id: int, status: str | None, limit: int, offset: int
) -> tuple[Sequence[SyncRunRow], int]:
    """Return a page of a sync's runs, latest change first, and the number of all of them."""
    page, total = _LISTS[status is not None]
    values = {"of_sync": sync_id, "wanted": status, "most": limit, "skipped": offset}
    rows = await repository.all(page, **values)
    return rows, await count_total(repository, total, rows, values)


async def create_run(
    repository: Repository, id_: int, sync: SyncRow, kind: str, now: int
) -> SyncRunRow:
    """Store a pending run of a sync and return the row."""
    counters = ("total_query_rows", "total_rows", "skipped_rows", "successful_rows", "failed_rows")
    row = await repository.first(
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
    assert row is not None  # RETURNING gives the row
    return row


async def update_run(repository: Repository, row: SyncRunRow, **columns: object) -> None:
    """Store new columns of a run; the others keep the values of `row`."""
    values = {f"new_{name}": columns.get(name, getattr(row, name)) for name in _CHANGED}
    await repository.run(_UPDATE, run_id=row.id, **values)


async def count_slices(
    repository: Repository, workspace_id: int, period: TimeSlices, now: int
) -> Sequence[SliceRow]:
    """Count a workspace's runs of a period, until `now`, by slice and by pair of connectors."""
    values = {"since": period.since, "start": period.start, "length": period.length}
    return await repository.all(_COUNT_SLICES, of_workspace=workspace_id, now=now, **values)
