"""The rows of activations."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.attraqt.models import activations
from mockalog.vendors.attraqt.rules.feedback import PENDING


class ActivationRow(NamedTuple):
    """An activation of a catalog; `ended_at` is None while it runs."""

    receipt_id: str
    state: str
    message: str
    started_at: int
    ended_at: int | None


class NumberRow(NamedTuple):
    """The number of the last activation, 0 before the first one."""

    number: int


_of_history = (
    activations.c.sandbox_id == bindparam("sandbox_id"),
    activations.c.ledger_id == bindparam("history"),
)
_LIST = Query(
    select(*(activations.c[name] for name in ActivationRow._fields))
    .where(*_of_history)
    .order_by(activations.c.number.desc()),
    ActivationRow,
)
_LAST = Query(
    select(func.coalesce(func.max(activations.c.number), 0).label("number")).where(*_of_history),
    NumberRow,
)
_CREATE = insert(activations).values(
    sandbox_id=bindparam("sandbox_id"),
    ledger_id=bindparam("history"),
    number=bindparam("number"),
    receipt_id=bindparam("receipt"),
    state=bindparam("state"),
    message=bindparam("message"),
    started_at=bindparam("started_at"),
    ended_at=None,
)
_END = (
    update(activations)
    .where(*_of_history, activations.c.receipt_id == bindparam("receipt"))
    .values(
        state=bindparam("new_state"),
        message=bindparam("new_message"),
        ended_at=bindparam("new_ended_at"),
    )
)


async def list_all(repository: Repository, history: int) -> Sequence[ActivationRow]:
    """Return the activations of a catalog, the last one first."""
    return await repository.all(_LIST, history=history)


async def begin(
    repository: Repository, history: int, *, receipt: str, message: str, now: int
) -> None:
    """Record the start of an activation; its tenancy's catalogs are locked."""
    last = await repository.first(_LAST, history=history)
    assert last is not None
    await repository.run(
        _CREATE,
        history=history,
        number=last.number + 1,
        receipt=receipt,
        state=PENDING,
        message=message,
        started_at=now,
    )


async def end(
    repository: Repository, history: int, receipt: str, *, state: str, message: str, now: int
) -> None:
    """Record the result of an activation."""
    values = {"new_state": state, "new_message": message, "new_ended_at": now}
    await repository.run(_END, history=history, receipt=receipt, **values)
