"""The rows of batches and of what is in them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import batch_items, batches
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

NUMBERS = series("attraqt.batches")
_mine = of_tenancy(batches)
_named = (*_mine, batches.c.name == bindparam("named"))

_LIST = select(batches.c.name, batches.c.created_at).where(*_mine).order_by(batches.c.id.desc())
_FIND = select(batches).where(*_named)
_LOCK = _FIND.with_for_update()
_CREATE = insert(batches).values(
    sandbox_id=bindparam("sandbox_id"),
    id=bindparam("id"),
    tenant=bindparam("tenant"),
    environment=bindparam("environment"),
    name=bindparam("name"),
    created_at=bindparam("created_at"),
    last_item=0,
)
_COUNT = (
    update(batches)
    .where(batches.c.sandbox_id == bindparam("sandbox_id"), batches.c.id == bindparam("batch"))
    .values(last_item=batches.c.last_item + bindparam("items"))
)
_ADD = insert(batch_items).values(
    sandbox_id=bindparam("sandbox_id"),
    batch_id=bindparam("batch"),
    position=bindparam("number"),
    receipt_id=bindparam("receipt"),
    operation=bindparam("operation"),
)
_SLICE = (
    select(batch_items.c.receipt_id, batch_items.c.operation)
    .where(
        batch_items.c.sandbox_id == bindparam("sandbox_id"),
        batch_items.c.batch_id == bindparam("batch"),
        batch_items.c.position >= bindparam("first"),
        batch_items.c.position < bindparam("end"),
    )
    .order_by(batch_items.c.position)
)


async def all_of(repository: Repository, tenancy: Tenancy) -> Sequence[Any]:
    """Return name and instant of creation of every batch, the newest first."""
    return await repository.all(_LIST, **tenancy._asdict())


async def find(repository: Repository, tenancy: Tenancy, name: str) -> Any | None:
    """Return a batch to read, None if there is none of that name."""
    return await repository.first(_FIND, **tenancy._asdict(), named=name)


async def lock(repository: Repository, tenancy: Tenancy, name: str) -> Any | None:
    """Return a batch to add to it: nobody else does so."""
    return await repository.locked(_LOCK, **tenancy._asdict(), named=name)


async def create(repository: Repository, tenancy: Tenancy, name: str, now: int) -> None:
    """Store an empty batch."""
    id_ = await repository.next_number(NUMBERS)
    await repository.run(_CREATE, **tenancy._asdict(), id=id_, name=name, created_at=now)


async def add(repository: Repository, batch: Any, entries: Sequence[tuple[str, str]]) -> None:
    """Add receipts and their operations to a locked batch."""
    rows = [
        {
            "batch": batch.id,
            "number": batch.last_item + number,
            "receipt": receipt,
            "operation": operation,
        }
        for number, (receipt, operation) in enumerate(entries)
    ]
    await repository.many(_ADD, rows)
    await repository.run(_COUNT, batch=batch.id, items=len(rows))


async def slice_of(repository: Repository, batch: int, first: int, end: int) -> Sequence[Any]:
    """Return receipt and operation from `first` up to, not including, `end`."""
    return await repository.all(_SLICE, batch=batch, first=first, end=end)
