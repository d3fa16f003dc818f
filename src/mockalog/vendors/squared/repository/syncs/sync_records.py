"""Queries on the records of syncs: one for each row that a sync has read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import PENDING, sync_records
from mockalog.vendors.squared.repository import SYNC_RECORDS
from mockalog.vendors.squared.repository.counts import TotalRow
from mockalog.vendors.squared.rules.syncs.rows import SyncRecordRow, SyncRunRow
from mockalog.vendors.squared.rules.syncs.state_machines import INSERT
from mockalog.vendors.squared.rules.syncs.sync_records import ChangedRow, SentRow


class SentRecordRow(NamedTuple):
    """The digests of a row that a sync sent."""

    id: int
    key_digest: str
    fingerprint: str | None


_OWN: BindParameter[int] = bindparam("sandbox_id")
_SANDBOX = sync_records.c.sandbox_id == _OWN
_OF_SYNC = (_SANDBOX, sync_records.c.sync_id == bindparam("of_sync"))
_OF_RUN = (_SANDBOX, sync_records.c.sync_run_id == bindparam("of_run"))
_PENDING = (*_OF_RUN, sync_records.c.status == PENDING)
_WITH_STATUS = sync_records.c.status == bindparam("wanted")

_LIST_SENT = Query(
    select(sync_records.c.id, sync_records.c.key_digest, sync_records.c.fingerprint).where(
        *_OF_SYNC
    ),
    SentRecordRow,
)
_CREATE = insert(sync_records)
_UPDATE = (
    update(sync_records)
    .where(_SANDBOX, sync_records.c.id == bindparam("record_id"))
    .values(
        sync_run_id=bindparam("run_id"),
        fingerprint=bindparam("new_fingerprint"),
        record=bindparam("new_record"),
        action=bindparam("new_action"),
        status=PENDING,
        logs=None,
        updated_at=bindparam("now"),
    )
)
_LIST_PENDING = Query(
    select(sync_records).where(*_PENDING).order_by(sync_records.c.id), SyncRecordRow
)
_STORE_OUTCOME = (
    update(sync_records)
    .where(_SANDBOX, sync_records.c.id == bindparam("record_id"))
    .values(status=bindparam("new_status"), logs=bindparam("new_logs"), updated_at=bindparam("now"))
)
_DELETE_INSERTS = delete(sync_records).where(*_PENDING, sync_records.c.action == INSERT)
_CLEAR_FINGERPRINTS = update(sync_records).where(*_PENDING).values(fingerprint=None)
_DELETE_OF_SYNC = delete(sync_records).where(*_OF_SYNC)


def _page(*conditions: ColumnElement[bool]) -> Query[SyncRecordRow]:
    return Query(
        select(sync_records)
        .where(*_OF_RUN, *conditions)
        .order_by(sync_records.c.created_at, sync_records.c.id)
        .limit(bindparam("most"))
        .offset(bindparam("skipped")),
        SyncRecordRow,
    )


def _total(*conditions: ColumnElement[bool]) -> Query[TotalRow]:
    total = select(func.count().label("total")).select_from(sync_records)
    return Query(total.where(*_OF_RUN, *conditions), TotalRow)


_LISTS = {False: (_page(), _total()), True: (_page(_WITH_STATUS), _total(_WITH_STATUS))}


async def get_sent_rows(repository: Repository, sync_id: int) -> dict[str, SentRow]:
    """Return the rows that a sync has sent, by the digest of their primary keys."""
    rows = await repository.all(_LIST_SENT, of_sync=sync_id)
    return {row.key_digest: SentRow(row.id, row.fingerprint) for row in rows}


async def delete_records(repository: Repository, sync_id: int) -> None:
    """Delete all records of a sync."""
    await repository.run(_DELETE_OF_SYNC, of_sync=sync_id)


async def store_records(
    repository: Repository, run: SyncRunRow, changes: Sequence[ChangedRow], now: int
) -> None:
    """Store the rows that a run will write as pending records."""
    new = [change for change in changes if change.record_id is None]
    ids = await repository.next_numbers(SYNC_RECORDS, len(new))
    await repository.many(
        _CREATE, [_created(run, id_, change, now) for id_, change in zip(ids, new, strict=True)]
    )
    old = [change for change in changes if change.record_id is not None]
    await repository.many(_UPDATE, [_updated(run, change, now) for change in old])


def _created(run: SyncRunRow, id_: int, change: ChangedRow, now: int) -> dict[str, object]:
    return {
        "id": id_,
        "workspace_id": run.workspace_id,
        "sync_id": run.sync_id,
        "sync_run_id": run.id,
        "key_digest": change.digest,
        "fingerprint": change.fingerprint,
        "record": change.document,
        "status": PENDING,
        "action": change.action,
        "logs": None,
        "created_at": now,
        "updated_at": now,
    }


def _updated(run: SyncRunRow, change: ChangedRow, now: int) -> dict[str, object]:
    return {
        "record_id": change.record_id,
        "run_id": run.id,
        "new_fingerprint": change.fingerprint,
        "new_record": change.document,
        "new_action": change.action,
        "now": now,
    }


async def list_pending_records(repository: Repository, run_id: int) -> Sequence[SyncRecordRow]:
    """Return the records that a run has not written yet."""
    return await repository.all(_LIST_PENDING, of_run=run_id)


async def store_outcomes(
    repository: Repository, outcomes: Iterable[Mapping[str, object]], now: int
) -> None:
    """Store the outcome of each record: `record_id`, `new_status` and `new_logs`."""
    await repository.many(_STORE_OUTCOME, [{**outcome, "now": now} for outcome in outcomes])


async def discard_pending_records(repository: Repository, run_id: int) -> None:
    """Discard the records that a run has not written, so that the next run sends their rows."""
    await repository.run(_DELETE_INSERTS, of_run=run_id)
    await repository.run(_CLEAR_FINGERPRINTS, of_run=run_id)


async def list_records(
    repository: Repository, run_id: int, status: str | None, limit: int, offset: int
) -> tuple[Sequence[SyncRecordRow], int]:
    """Return a page of a run's records, oldest first, and the number of all of them."""
    page, total = _LISTS[status is not None]
    values = {"of_run": run_id, "wanted": status}
    rows = await repository.all(page, most=limit, skipped=offset, **values)
    counted = await repository.first(total, **values)
    assert counted is not None  # an aggregate has a row always
    return rows, counted.total
