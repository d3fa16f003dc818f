"""The rows of feedback: updates of items.

An operation of a pending ingestion has no update yet; it is read from its batch.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

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

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.json_columns import Operation
from mockalog.vendors.attraqt.models import batch_items, ingestions, updates
from mockalog.vendors.attraqt.rules.feedback import (
    FAILURE,
    INGESTION_FAILED,
    PENDING,
    Page,
    Period,
)
from mockalog.vendors.attraqt.rules.ingestions import PENDING as INGESTION_PENDING
from mockalog.vendors.attraqt.rules.merging import Outcome


class UpdateRow(NamedTuple):
    """An update of an item; `ended_at` is None while it is pending."""

    item_id: str
    receipt_id: str
    state: str
    message: str
    started_at: int
    ended_at: int | None


class PendingRow(NamedTuple):
    """A pending update with its item's id, or an operation of a pending ingestion as JSON."""

    started_at: int
    position: int
    item_id: str | None
    receipt_id: str
    operation: str | None


class NumberRow(NamedTuple):
    """A count. PostgreSQL returns a sum as a Decimal."""

    number: int


_of_history = (
    updates.c.sandbox_id == bindparam("sandbox_id"),
    updates.c.ledger_id == bindparam("history"),
)
_in_state = (
    *_of_history,
    updates.c.state == bindparam("state"),
    updates.c.started_at >= bindparam("begin"),
    updates.c.started_at <= bindparam("end"),
)
_COUNT = Query(select(func.count().label("number")).where(*_in_state), NumberRow)
_select = select(*(updates.c[name] for name in UpdateRow._fields))
_page = _select.where(*_in_state).limit(bindparam("limit")).offset(bindparam("skip"))
_newest, _last = updates.c.started_at.desc(), updates.c.position.desc()
_LIST = Query(_page.order_by(_newest, _last), UpdateRow)
# One bad item of a thousand would be on any page: docs/vendors/attraqt.md#7-batch-imports (A5).
_LIST_FAILURES = Query(
    _page.order_by(_newest, updates.c.message.startswith(INGESTION_FAILED), _last), UpdateRow
)
_waiting = (
    ingestions.c.sandbox_id == bindparam("sandbox_id"),
    ingestions.c.ledger_id == bindparam("history"),
    ingestions.c.status == INGESTION_PENDING,
)
_waiting_in_period = (
    *_waiting,
    ingestions.c.created_at >= bindparam("begin"),
    ingestions.c.created_at <= bindparam("end"),
)
_COUNT_WAITING = Query(
    select(func.coalesce(func.sum(ingestions.c.size), 0).label("number")).where(
        *_waiting_in_period
    ),
    NumberRow,
)
_select_waiting = (
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
    _select_waiting.where(*_waiting_in_period),
).subquery()
_LIST_PENDING = Query(
    select(_pending)
    .order_by(_pending.c.started_at.desc(), _pending.c.position.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("skip")),
    PendingRow,
)
_FIND_WAITING = Query(
    _select_waiting.where(
        *_waiting,
        batch_items.c.position == bindparam("position"),
        batch_items.c.receipt_id == bindparam("receipt"),
    )
    .order_by(ingestions.c.id.desc())
    .limit(1),
    PendingRow,
)
_FIND = Query(
    _select.where(
        *_of_history,
        updates.c.position == bindparam("position"),
        updates.c.receipt_id == bindparam("receipt"),
    ),
    UpdateRow,
)
# The update of an ingestion, by a receipt that holds the operation's position in the batch.
_FIND_INGESTED = Query(
    _select.select_from(ingestions)
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
        ingestions.c.ledger_id == bindparam("history"),
        updates.c.receipt_id == bindparam("receipt"),
    )
    .order_by(ingestions.c.first_update.desc())
    .limit(1),
    UpdateRow,
)
_RECORD = insert(updates).values(
    sandbox_id=bindparam("sandbox_id"),
    ledger_id=bindparam("history"),
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
    .where(*_of_history, updates.c.position == bindparam("number"))
    .values(
        state=bindparam("new_state"),
        message=bindparam("new_message"),
        ended_at=bindparam("new_ended_at"),
    )
)


async def count_updates(repository: Repository, history: int, state: str, period: Period) -> int:
    """Return the number of updates in a state that began in a period."""
    values = {"history": history, **period._asdict()}
    counts = [await repository.first(_COUNT, state=state, **values)]
    if state == PENDING:
        counts.append(await repository.first(_COUNT_WAITING, **values))
    return sum(int(row.number) for row in counts if row is not None)


async def list_updates(
    repository: Repository, history: int, state: str, period: Period, page: Page
) -> Sequence[UpdateRow]:
    """Return the updates in a state that began in a period, the newest first.

    Of a failed ingestion, the items with a reason of their own come first.
    """
    values = {"history": history, "state": state, **period._asdict(), **page._asdict()}
    if state == PENDING:
        return [_pending_update(row) for row in await repository.all(_LIST_PENDING, **values)]
    return await repository.all(_LIST_FAILURES if state == FAILURE else _LIST, **values)


async def find_update(
    repository: Repository, history: int, position: int, receipt: str
) -> UpdateRow | None:
    """Return the update of a receipt, None if it does not exist.

    `position`: the position in the receipt, which counts the catalog's updates or the operations
    of a batch. Of several ingestions of a batch the last finished one wins, then a pending one
    (inferred).
    """
    values = {"history": history, "position": position, "receipt": receipt}
    if ingested := await repository.first(_FIND_INGESTED, **values):
        return ingested
    if waiting := await repository.first(_FIND_WAITING, **values):
        return _pending_update(waiting)
    return await repository.first(_FIND, **values)


def _pending_update(row: PendingRow) -> UpdateRow:
    """Return a pending update; the operation of a batch holds the item's id."""
    item_id = row.item_id
    if item_id is None:
        assert row.operation is not None
        item_id = Operation(**loads_stored(row.operation)).id
    return UpdateRow(item_id, row.receipt_id, PENDING, "", row.started_at, None)


async def create_updates(
    repository: Repository, history: int, first: int, rows: Iterable[UpdateRow]
) -> None:
    """Record consecutive updates from position `first` on."""
    values = (
        {
            "history": history,
            "number": number,
            "item": row.item_id,
            "receipt": row.receipt_id,
            "state": row.state,
            "message": row.message,
            "started_at": row.started_at,
            "ended_at": row.ended_at,
        }
        for number, row in enumerate(rows, first)
    )
    await repository.many(_RECORD, values)


async def end_updates(
    repository: Repository, history: int, first: int, outcomes: Iterable[Outcome], now: int
) -> None:
    """Record the outcomes of consecutive updates from position `first` on."""
    values = (
        {
            "history": history,
            "number": number,
            "new_state": outcome.state,
            "new_message": outcome.message,
            "new_ended_at": now,
        }
        for number, outcome in enumerate(outcomes, first)
    )
    await repository.many(_END, values)
