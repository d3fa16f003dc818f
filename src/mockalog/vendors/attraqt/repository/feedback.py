"""The rows of feedback: activations of a catalog and updates of its items.

What an ingestion is to do waits in its batch and has no rows of its own until then.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    String,
    Text,
    and_,
    bindparam,
    cast,
    func,
    insert,
    null,
    select,
    union_all,
    update,
)

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.models import activations, batch_items, ingestions, updates
from mockalog.vendors.attraqt.rules.feedback import Period
from mockalog.vendors.attraqt.rules.items import Operation
from mockalog.vendors.attraqt.rules.merging import PENDING

_attempts = (
    activations.c.sandbox_id == bindparam("sandbox_id"),
    activations.c.ledger_id == bindparam("ledger"),
)
_ATTEMPTS = select(activations).where(*_attempts).order_by(activations.c.number.desc())
_LAST_ATTEMPT = select(func.coalesce(func.max(activations.c.number), 0).label("number")).where(
    *_attempts
)
_ATTEMPT = insert(activations).values(
    sandbox_id=bindparam("sandbox_id"),
    ledger_id=bindparam("ledger"),
    number=bindparam("number"),
    receipt_id=bindparam("receipt"),
    state=bindparam("state"),
    message=bindparam("message"),
    started_at=bindparam("started_at"),
    ended_at=None,
)
_END_ATTEMPT = (
    update(activations)
    .where(*_attempts, activations.c.receipt_id == bindparam("receipt"))
    .values(
        state=bindparam("new_state"),
        message=bindparam("new_message"),
        ended_at=bindparam("new_ended_at"),
    )
)
_mine = (
    updates.c.sandbox_id == bindparam("sandbox_id"),
    updates.c.ledger_id == bindparam("ledger"),
)
_in_state = (
    *_mine,
    updates.c.state == bindparam("state"),
    updates.c.started_at >= bindparam("begin"),
    updates.c.started_at <= bindparam("end"),
)
_COUNT = select(func.count().label("number")).where(*_in_state)
_LIST = (
    select(updates)
    .where(*_in_state)
    .order_by(updates.c.started_at.desc(), updates.c.position.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("skip"))
)
_waiting = (
    ingestions.c.sandbox_id == bindparam("sandbox_id"),
    ingestions.c.ledger_id == bindparam("ledger"),
    ingestions.c.status == "pending",
)
_waiting_in_period = (
    *_waiting,
    ingestions.c.created_at >= bindparam("begin"),
    ingestions.c.created_at <= bindparam("end"),
)
_COUNT_WAITING = select(func.coalesce(func.sum(ingestions.c.size), 0).label("number")).where(
    *_waiting_in_period
)
_WAITING = (
    select(
        ingestions.c.created_at.label("started_at"),
        batch_items.c.position,
        cast(null(), String).label("item_id"),
        batch_items.c.receipt_id,
        batch_items.c.operation,
    )
    .select_from(ingestions)
    .join(
        batch_items,
        and_(
            batch_items.c.sandbox_id == ingestions.c.sandbox_id,
            batch_items.c.batch_id == ingestions.c.batch_id,
            batch_items.c.position < ingestions.c.size,
        ),
    )
)
_pending = union_all(
    select(
        updates.c.started_at,
        updates.c.position,
        updates.c.item_id,
        updates.c.receipt_id,
        cast(null(), Text).label("operation"),
    ).where(*_in_state),
    _WAITING.where(*_waiting_in_period),
).subquery()
_LIST_PENDING = (
    select(_pending)
    .order_by(_pending.c.started_at.desc(), _pending.c.position.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("skip"))
)
_FIND_WAITING = (
    _WAITING.where(
        *_waiting,
        batch_items.c.position == bindparam("position"),
        batch_items.c.receipt_id == bindparam("receipt"),
    )
    .order_by(ingestions.c.id.desc())
    .limit(1)
)
_FIND = select(updates).where(
    *_mine,
    updates.c.position == bindparam("position"),
    updates.c.receipt_id == bindparam("receipt"),
)
# What an ingestion did, by a receipt that says where in its batch the operation stands.
_FIND_INGESTED = (
    select(updates)
    .select_from(ingestions)
    .join(
        updates,
        and_(
            updates.c.sandbox_id == ingestions.c.sandbox_id,
            updates.c.ledger_id == ingestions.c.ledger_id,
            updates.c.position == ingestions.c.first_update + bindparam("position"),
        ),
    )
    .where(
        ingestions.c.sandbox_id == bindparam("sandbox_id"),
        ingestions.c.ledger_id == bindparam("ledger"),
        updates.c.receipt_id == bindparam("receipt"),
    )
    .order_by(ingestions.c.first_update.desc())
    .limit(1)
)
_RECORD = insert(updates).values(
    sandbox_id=bindparam("sandbox_id"),
    ledger_id=bindparam("ledger"),
    position=bindparam("number"),
    item_id=bindparam("item"),
    receipt_id=bindparam("receipt"),
    state=bindparam("state"),
    message=bindparam("message"),
    started_at=bindparam("started_at"),
    ended_at=bindparam("ended_at"),
)
_END = (
    update(updates)
    .where(*_mine, updates.c.position == bindparam("number"))
    .values(
        state=bindparam("new_state"),
        message=bindparam("new_message"),
        ended_at=bindparam("new_ended_at"),
    )
)


class Waiting(NamedTuple):
    """An update to come, in the form of its row."""

    item_id: str
    receipt_id: str
    started_at: int
    ended_at: None = None
    state: str = PENDING
    message: str = ""


async def attempts(repository: Repository, ledger: int) -> Sequence[Any]:
    """Return the activations of a catalog, the last one first."""
    return await repository.all(_ATTEMPTS, ledger=ledger)


async def begin_attempt(
    repository: Repository, ledger: int, *, receipt: str, message: str, now: int
) -> None:
    """Record that an activation has started; its tenancy's catalogs are locked."""
    last: Any = await repository.first(_LAST_ATTEMPT, ledger=ledger)
    await repository.run(
        _ATTEMPT,
        ledger=ledger,
        number=last.number + 1,
        receipt=receipt,
        state="PENDING",
        message=message,
        started_at=now,
    )


async def end_attempt(
    repository: Repository, ledger: int, receipt: str, *, state: str, message: str, now: int
) -> None:
    """Record what became of an activation."""
    values = {"new_state": state, "new_message": message, "new_ended_at": now}
    await repository.run(_END_ATTEMPT, ledger=ledger, receipt=receipt, **values)


async def count_updates(repository: Repository, ledger: int, state: str, period: Period) -> int:
    """Return how many updates of a state began in a period."""
    values = {"ledger": ledger, **period._asdict()}
    row: Any = await repository.first(_COUNT, state=state, **values)
    if state != PENDING:
        return int(row.number)
    waiting: Any = await repository.first(_COUNT_WAITING, **values)
    return int(row.number + waiting.number)


async def list_updates(
    repository: Repository, ledger: int, state: str, period: Period, *, skip: int, limit: int
) -> Sequence[Any]:
    """Return updates of a state that began in a period, the newest first."""
    values = {"ledger": ledger, "state": state, "skip": skip, "limit": limit}
    if state != PENDING:
        return await repository.all(_LIST, **values, **period._asdict())
    return [
        _pending_one(row)
        for row in await repository.all(_LIST_PENDING, **values, **period._asdict())
    ]


async def find_update(
    repository: Repository, ledger: int, position: int, receipt: str
) -> Any | None:
    """Return the update that has a receipt, None if there is none.

    `position` is what the receipt begins with: a place in the ledger, or one in a batch. Of
    several ingestions of that batch the one that was carried out last counts, and one that waits
    if none was (inferred).
    """
    values = {"ledger": ledger, "position": position, "receipt": receipt}
    if update := await repository.first(_FIND_INGESTED, **values):
        return update
    if waiting := await repository.first(_FIND_WAITING, **values):
        return _pending_one(waiting)
    return await repository.first(_FIND, **values)


def _pending_one(row: Any) -> Waiting:
    """Return an update to come; in a batch the operation says of which item."""
    item_id = row.item_id or Operation(**loads_stored(row.operation)).id
    return Waiting(item_id, row.receipt_id, row.started_at)


async def record_many(repository: Repository, rows: Iterable[dict[str, Any]]) -> None:
    """Record updates."""
    await repository.many(_RECORD, rows)


async def end_many(repository: Repository, rows: Iterable[dict[str, Any]]) -> None:
    """Record what became of updates."""
    await repository.many(_END, rows)
