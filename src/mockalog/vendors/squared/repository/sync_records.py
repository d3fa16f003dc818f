"""Records of syncs: one for each row that a sync ever read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, delete, func, insert, select, update

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import sync_records
from mockalog.vendors.squared.repository import SYNC_RECORDS
from mockalog.vendors.squared.rules.records import Change, Known
from mockalog.vendors.squared.rules.runs import INSERT, PENDING

_OWN: BindParameter[int] = bindparam("sandbox_id")
_SANDBOX = sync_records.c.sandbox_id == _OWN
_OF_SYNC = (_SANDBOX, sync_records.c.sync_id == bindparam("of_sync"))
_OF_RUN = (_SANDBOX, sync_records.c.sync_run_id == bindparam("of_run"))
_PENDING = (*_OF_RUN, sync_records.c.status == PENDING)
_WITH_STATUS = sync_records.c.status == bindparam("wanted")

_KNOWN = select(sync_records.c.id, sync_records.c.key_digest, sync_records.c.fingerprint).where(
    *_OF_SYNC
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
_TO_WRITE = select(sync_records).where(*_PENDING).order_by(sync_records.c.id)
_SETTLE = (
    update(sync_records)
    .where(_SANDBOX, sync_records.c.id == bindparam("record_id"))
    .values(status=bindparam("new_status"), logs=bindparam("new_logs"), updated_at=bindparam("now"))
)
_DROP_NEW = delete(sync_records).where(*_PENDING, sync_records.c.action == INSERT)
_FORGET = update(sync_records).where(*_PENDING).values(fingerprint=None)
_DELETE_OF_SYNC = delete(sync_records).where(*_OF_SYNC)


def _page(*conditions: Any) -> Select[Any]:
    return (
        select(sync_records)
        .where(*_OF_RUN, *conditions)
        .order_by(sync_records.c.created_at, sync_records.c.id)
        .limit(bindparam("most"))
        .offset(bindparam("skipped"))
    )


def _total(*conditions: Any) -> Select[Any]:
    counted = select(func.count().label("total")).select_from(sync_records)
    return counted.where(*_OF_RUN, *conditions)


_LISTS = {False: (_page(), _total()), True: (_page(_WITH_STATUS), _total(_WITH_STATUS))}


async def known_of(repository: Repository, sync_id: int) -> dict[str, Known]:
    """Return what a sync remembers of its rows, by the digest of their primary keys."""
    rows = await repository.all(_KNOWN, of_sync=sync_id)
    return {row.key_digest: Known(row.id, row.fingerprint) for row in rows}


async def delete_of_sync(repository: Repository, sync_id: int) -> None:
    """Delete all that a sync remembers."""
    await repository.run(_DELETE_OF_SYNC, of_sync=sync_id)


async def keep(repository: Repository, run: Any, changes: Sequence[Change], now: int) -> None:
    """Store what a run is going to write."""
    new = [change for change in changes if change.record_id is None]
    ids = await repository.next_numbers(SYNC_RECORDS, len(new))
    await repository.many(
        _CREATE, [_created(run, id_, change, now) for id_, change in zip(ids, new, strict=True)]
    )
    old = [change for change in changes if change.record_id is not None]
    await repository.many(_UPDATE, [_updated(run, change, now) for change in old])


def _created(run: Any, id_: int, change: Change, now: int) -> dict[str, Any]:
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


def _updated(run: Any, change: Change, now: int) -> dict[str, Any]:
    return {
        "record_id": change.record_id,
        "run_id": run.id,
        "new_fingerprint": change.fingerprint,
        "new_record": change.document,
        "new_action": change.action,
        "now": now,
    }


async def to_write(repository: Repository, run_id: int) -> Sequence[Any]:
    """Return the records that a run has still to write."""
    return await repository.all(_TO_WRITE, of_run=run_id)


async def settle(repository: Repository, outcomes: Iterable[Mapping[str, Any]], now: int) -> None:
    """Store what became of records: `record_id`, `new_status` and `new_logs` of each."""
    await repository.many(_SETTLE, [{**outcome, "now": now} for outcome in outcomes])


async def forget_pending(repository: Repository, run_id: int) -> None:
    """Let the next run send again what this one has not written."""
    await repository.run(_DROP_NEW, of_run=run_id)
    await repository.run(_FORGET, of_run=run_id)


async def list_records(
    repository: Repository, run_id: int, status: str | None, limit: int, offset: int
) -> tuple[Sequence[Any], int]:
    """Return a page of a run's records, oldest first, and how many there are in all."""
    page, total = _LISTS[status is not None]
    values = {"of_run": run_id, "wanted": status}
    rows = await repository.all(page, most=limit, skipped=offset, **values)
    counted: Any = await repository.first(total, **values)
    return rows, int(counted.total)
