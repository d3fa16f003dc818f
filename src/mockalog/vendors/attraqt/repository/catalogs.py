"""The rows of catalogs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import catalogs
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

_mine = of_tenancy(catalogs)
_LIST = select(catalogs.c.document).where(*_mine).order_by(catalogs.c.version.desc())
_ALL = (
    select(catalogs.c.version, catalogs.c.slot, catalogs.c.state, catalogs.c.document)
    .where(*_mine)
    .order_by(catalogs.c.version.desc())
)
_ACTIVE = select(catalogs.c.document).where(*_mine, catalogs.c.state == "ACTIVE")
_CREATE = insert(catalogs).values(
    sandbox_id=bindparam("sandbox_id"),
    tenant=bindparam("tenant"),
    environment=bindparam("environment"),
    version=bindparam("version"),
    slot=bindparam("slot"),
    state=bindparam("state"),
    document=bindparam("document"),
)
_CHANGE = (
    update(catalogs)
    .where(*_mine, catalogs.c.version == bindparam("old_version"))
    .values(state=bindparam("new_state"), document=bindparam("new_document"))
)
_DELETE = delete(catalogs).where(*_mine, catalogs.c.version == bindparam("version"))


def _catalogs(tenancy: Tenancy) -> str:
    """Return the series that numbers a tenancy's catalogs and whose lock guards their states."""
    return series("attraqt.catalogs", *tenancy)


async def next_version(repository: Repository, tenancy: Tenancy) -> int:
    """Return the next version; no other writer touches the tenancy's catalogs before commit."""
    return await repository.next_number(_catalogs(tenancy))


async def lock(repository: Repository, tenancy: Tenancy) -> None:
    """Keep every other writer off the tenancy's catalogs until commit."""
    await repository.lock(_catalogs(tenancy))


async def documents(repository: Repository, tenancy: Tenancy) -> list[str]:
    """Return the catalogs' documents, newest first."""
    rows = await repository.all(_LIST, **tenancy._asdict())
    return [row.document for row in rows]


async def all_of(repository: Repository, tenancy: Tenancy) -> Sequence[Any]:
    """Return version, slot, state and document of each catalog, newest first."""
    return await repository.all(_ALL, **tenancy._asdict())


async def active(repository: Repository, tenancy: Tenancy) -> str | None:
    """Return the document of the ACTIVE catalog, None if there is none."""
    row = await repository.first(_ACTIVE, **tenancy._asdict())
    return None if row is None else str(row.document)


async def create(
    repository: Repository, tenancy: Tenancy, *, version: int, slot: int, state: str, document: str
) -> None:
    """Store a catalog."""
    values = {"version": version, "slot": slot, "state": state, "document": document}
    await repository.run(_CREATE, **tenancy._asdict(), **values)


async def change(
    repository: Repository, tenancy: Tenancy, version: int, *, state: str, document: str
) -> None:
    """Move a catalog to another state."""
    values = {"old_version": version, "new_state": state, "new_document": document}
    await repository.run(_CHANGE, **tenancy._asdict(), **values)


async def delete_one(repository: Repository, tenancy: Tenancy, version: int) -> None:
    """Delete a catalog."""
    await repository.run(_DELETE, **tenancy._asdict(), version=version)
