"""The rows of feedback: activations of a catalog and updates of its items."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, select, update

from mockalog.kernel.repository import Repository
from mockalog.vendors.attraqt.models import activations, ingestions, updates
from mockalog.vendors.attraqt.rules.feedback import Period

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
    .order_by(ingestions.c.id.desc())
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
    row: Any = await repository.first(_COUNT, ledger=ledger, state=state, **period._asdict())
    return int(row.number)


async def list_updates(
    repository: Repository, ledger: int, state: str, period: Period, *, skip: int, limit: int
) -> Sequence[Any]:
    """Return updates of a state that began in a period, the newest first."""
    values = {"ledger": ledger, "state": state, "skip": skip, "limit": limit}
    return await repository.all(_LIST, **values, **period._asdict())


async def find_update(
    repository: Repository, ledger: int, position: int, receipt: str
) -> Any | None:
    """Return the update that has a receipt, None if there is none.

    `position` is what the receipt begins with: a place in a batch, of which the last ingestion
    counts (inferred), or one in the ledger.
    """
    values = {"ledger": ledger, "position": position, "receipt": receipt}
    update = await repository.first(_FIND_INGESTED, **values)
    return update or await repository.first(_FIND, **values)


async def record_many(repository: Repository, rows: Iterable[dict[str, Any]]) -> None:
    """Record updates."""
    await repository.many(_RECORD, rows)


async def end_many(repository: Repository, rows: Iterable[dict[str, Any]]) -> None:
    """Record what became of updates."""
    await repository.many(_END, rows)
