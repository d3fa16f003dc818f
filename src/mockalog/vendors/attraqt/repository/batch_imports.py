"""The rows of batches and of their operations."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import batch_items, batches
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

NUMBERS = series("attraqt.batches")


class BatchRow(NamedTuple):
    """A batch; `last_item` is the number of its operations."""

    id: int
    name: str
    created_at: int
    last_item: int


class BatchItemRow(NamedTuple):
    """An operation of a batch, as JSON, with its receipt."""

    receipt_id: str
    operation: str


_of_tenancy = of_tenancy(batches)
_select = select(batches.c.id, batches.c.name, batches.c.created_at, batches.c.last_item)
_find = _select.where(*_of_tenancy, batches.c.name == bindparam("named"))

_LIST = Query(_select.where(*_of_tenancy).order_by(batches.c.id.desc()), BatchRow)
_FIND = Query(_find, BatchRow)
_LOCK = Query(_find.with_for_update(), BatchRow)
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
_SLICE = Query(
    select(batch_items.c.receipt_id, batch_items.c.operation)
    .where(
        batch_items.c.sandbox_id == bindparam("sandbox_id"),
        batch_items.c.batch_id == bindparam("batch"),
        batch_items.c.position >= bindparam("first"),
        batch_items.c.position < bindparam("end"),
    )
    .order_by(batch_items.c.position),
    BatchItemRow,
)


async def list_all(repository: Repository, tenancy: Tenancy) -> Sequence[BatchRow]:
    """Return every batch, the newest first."""
    return await repository.all(_LIST, **tenancy._asdict())


async def find(repository: Repository, tenancy: Tenancy, name: str) -> BatchRow | None:
    """Return a batch to read, None if it does not exist."""
    return await repository.first(_FIND, **tenancy._asdict(), named=name)


async def lock(repository: Repository, tenancy: Tenancy, name: str) -> BatchRow | None:
    """Return a batch to add to; no other transaction adds to it until commit."""
    return await repository.locked(_LOCK, **tenancy._asdict(), named=name)


async def create(repository: Repository, tenancy: Tenancy, name: str, now: int) -> None:
    """Store an empty batch."""
    id_ = await repository.next_number(NUMBERS)
    await repository.run(_CREATE, **tenancy._asdict(), id=id_, name=name, created_at=now)


async def add_items(
    repository: Repository, batch: BatchRow, entries: Iterable[BatchItemRow]
) -> None:
    """Add operations to a locked batch."""
    rows = [
        {"batch": batch.id, "number": number, "receipt": receipt, "operation": operation}
        for number, (receipt, operation) in enumerate(entries, batch.last_item)
    ]
    await repository.many(_ADD, rows)
    await repository.run(_COUNT, batch=batch.id, items=len(rows))


async def read_items(
    repository: Repository, batch: int, first: int, end: int
) -> Sequence[BatchItemRow]:
    """Return the operations from position `first` up to, not including, `end`."""
    return await repository.all(_SLICE, batch=batch, first=first, end=end)
