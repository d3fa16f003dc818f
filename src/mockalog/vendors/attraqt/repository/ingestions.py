"""The rows of ingestions."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import ingestions
from mockalog.vendors.attraqt.repository.batch_imports import BatchRow
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.ingestions import PENDING
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

NUMBERS = series("attraqt.ingestions")


class IngestionRow(NamedTuple):
    """An ingestion of the first `size` operations of a batch; configuration and result are JSON."""

    id: int
    name: str
    status: str
    configuration: str
    result: str
    created_at: int
    due_at: int
    ended_at: int | None
    batch_id: int
    size: int


_of_tenancy = of_tenancy(ingestions)
_named = (*_of_tenancy, ingestions.c.name == bindparam("named"))
_select = select(*(ingestions.c[name] for name in IngestionRow._fields))

_LIST = Query(
    _select.where(*_of_tenancy, ingestions.c.created_at >= bindparam("since")).order_by(
        ingestions.c.id.desc()
    ),
    IngestionRow,
)
_FIND = Query(_select.where(*_named), IngestionRow)
_LOCK = Query(_select.where(*_named).with_for_update(), IngestionRow)
_CREATE = insert(ingestions).values(
    sandbox_id=bindparam("sandbox_id"),
    id=bindparam("id"),
    tenant=bindparam("tenant"),
    environment=bindparam("environment"),
    name=bindparam("name"),
    ledger_id=bindparam("history"),
    batch_id=bindparam("batch"),
    size=bindparam("size"),
    first_update=None,
    status=PENDING,
    configuration=bindparam("configuration"),
    result=bindparam("result"),
    created_at=bindparam("created_at"),
    due_at=bindparam("due_at"),
    ended_at=None,
)
_END = (
    update(ingestions)
    .where(*_named)
    .values(
        status=bindparam("new_status"),
        result=bindparam("new_result"),
        first_update=bindparam("new_first_update"),
        ended_at=bindparam("new_ended_at"),
    )
)


async def list_since(
    repository: Repository, tenancy: Tenancy, since: int
) -> Sequence[IngestionRow]:
    """Return the ingestions created at an instant or later, the newest first."""
    return await repository.all(_LIST, **tenancy._asdict(), since=since)


async def find(repository: Repository, tenancy: Tenancy, name: str) -> IngestionRow | None:
    """Return an ingestion to read, None if it does not exist."""
    return await repository.first(_FIND, **tenancy._asdict(), named=name)


async def lock(repository: Repository, tenancy: Tenancy, name: str) -> IngestionRow | None:
    """Return an ingestion to end; no other transaction ends it."""
    return await repository.locked(_LOCK, **tenancy._asdict(), named=name)


async def create(
    repository: Repository,
    tenancy: Tenancy,
    name: str,
    *,
    history: int,
    batch: BatchRow,
    configuration: str,
    result: str,
    now: int,
    due_at: int,
) -> None:
    """Store a pending ingestion of the operations that its batch holds now."""
    documents = {"configuration": configuration, "result": result}
    extent = {"history": history, "batch": batch.id, "size": batch.last_item}
    values = {**documents, **extent, "name": name, "created_at": now, "due_at": due_at}
    number = await repository.next_number(NUMBERS)
    await repository.run(_CREATE, id=number, **tenancy._asdict(), **values)


async def end(
    repository: Repository,
    tenancy: Tenancy,
    name: str,
    *,
    status: str,
    result: str,
    first_update: int,
    now: int,
) -> None:
    """Store the status and the result of an ended ingestion, and its first update's position."""
    documents = {"new_status": status, "new_result": result}
    values = {**documents, "new_first_update": first_update, "new_ended_at": now}
    await repository.run(_END, **tenancy._asdict(), named=name, **values)
