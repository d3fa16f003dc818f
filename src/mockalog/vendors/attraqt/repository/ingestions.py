"""The rows of ingestions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import ingestions
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

NUMBERS = series("attraqt.ingestions")
_mine = of_tenancy(ingestions)
_named = (*_mine, ingestions.c.name == bindparam("named"))

_LIST = (
    select(ingestions)
    .where(*_mine, ingestions.c.created_at >= bindparam("since"))
    .order_by(ingestions.c.id.desc())
)
_FIND = select(ingestions).where(*_named)
_LOCK = _FIND.with_for_update()
_CREATE = insert(ingestions).values(
    sandbox_id=bindparam("sandbox_id"),
    id=bindparam("id"),
    tenant=bindparam("tenant"),
    environment=bindparam("environment"),
    name=bindparam("name"),
    ledger_id=bindparam("ledger"),
    batch_id=bindparam("batch"),
    size=bindparam("size"),
    first_update=None,
    status="pending",
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


async def list_since(repository: Repository, tenancy: Tenancy, since: int) -> Sequence[Any]:
    """Return the ingestions that were made at an instant or later, the newest first."""
    return await repository.all(_LIST, **tenancy._asdict(), since=since)


async def find(repository: Repository, tenancy: Tenancy, name: str) -> Any | None:
    """Return an ingestion to read, None if there is none of that name."""
    return await repository.first(_FIND, **tenancy._asdict(), named=name)


async def lock(repository: Repository, tenancy: Tenancy, name: str) -> Any | None:
    """Return an ingestion to end it: nobody else does so."""
    return await repository.locked(_LOCK, **tenancy._asdict(), named=name)


async def create(
    repository: Repository,
    tenancy: Tenancy,
    name: str,
    *,
    ledger: int,
    batch: Any,
    configuration: str,
    result: str,
    now: int,
    due_at: int,
) -> None:
    """Store an ingestion that has not begun; it takes in what its batch's row says it holds."""
    told = {"configuration": configuration, "result": result}
    extent = {"ledger": ledger, "batch": batch.id, "size": batch.last_item}
    values = {**told, **extent, "name": name, "created_at": now, "due_at": due_at}
    number = await repository.next_number(NUMBERS)
    await repository.run(_CREATE, id=number, **tenancy._asdict(), **values)


async def end(
    repository: Repository,
    tenancy: Tenancy,
    name: str,
    *,
    status: str,
    result: str,
    first_update: int | None,
    now: int,
) -> None:
    """Store what became of an ingestion, and where its updates begin if it has any."""
    what = {"new_status": status, "new_result": result}
    values = {**what, "new_first_update": first_update, "new_ended_at": now}
    await repository.run(_END, **tenancy._asdict(), named=name, **values)
