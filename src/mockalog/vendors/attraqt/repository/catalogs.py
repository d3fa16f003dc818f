"""The rows of catalogs."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import catalogs
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.catalogs import ACTIVE
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

# The first part of the name of each series that numbers the catalogs of a tenancy.
VERSIONS = "attraqt.catalogs"


class CatalogRow(NamedTuple):
    """A catalog; `document` is its JSON."""

    version: int
    slot: int
    state: str
    document: str


class StateRow(NamedTuple):
    """The state of a catalog."""

    state: str


class DocumentRow(NamedTuple):
    """The JSON of a catalog."""

    document: str


_of_tenancy = of_tenancy(catalogs)
_newest_first = catalogs.c.version.desc()
_LIST = Query(
    select(catalogs.c.version, catalogs.c.slot, catalogs.c.state, catalogs.c.document)
    .where(*_of_tenancy)
    .order_by(_newest_first),
    CatalogRow,
)
_LIST_DOCUMENTS = Query(
    select(catalogs.c.document).where(*_of_tenancy).order_by(_newest_first), DocumentRow
)
_FIND_ACTIVE = Query(
    select(catalogs.c.document).where(*_of_tenancy, catalogs.c.state == ACTIVE), DocumentRow
)
_of_version = (*_of_tenancy, catalogs.c.version == bindparam("version"))
_FIND_STATE = Query(select(catalogs.c.state).where(*_of_version), StateRow)
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
    .where(*_of_tenancy, catalogs.c.version == bindparam("old_version"))
    .values(state=bindparam("new_state"), document=bindparam("new_document"))
)
_DELETE = delete(catalogs).where(*_of_version)


def _series(tenancy: Tenancy) -> str:
    """Return the series of a tenancy's versions; its lock also protects the states."""
    return series(VERSIONS, *tenancy)


async def next_version(repository: Repository, tenancy: Tenancy) -> int:
    """Return the next version; the tenancy's catalogs are locked until commit."""
    return await repository.next_number(_series(tenancy))


async def lock(repository: Repository, tenancy: Tenancy) -> None:
    """Lock the tenancy's catalogs until commit."""
    await repository.lock(_series(tenancy))


async def list_all(repository: Repository, tenancy: Tenancy) -> Sequence[CatalogRow]:
    """Return the catalogs, the newest first."""
    return await repository.all(_LIST, **tenancy._asdict())


async def list_documents(repository: Repository, tenancy: Tenancy) -> list[str]:
    """Return the JSON of the catalogs, the newest first."""
    rows = await repository.all(_LIST_DOCUMENTS, **tenancy._asdict())
    return [row.document for row in rows]


async def find_active(repository: Repository, tenancy: Tenancy) -> str | None:
    """Return the JSON of the ACTIVE catalog, None if no catalog is ACTIVE."""
    row = await repository.first(_FIND_ACTIVE, **tenancy._asdict())
    return None if row is None else row.document


async def find_state(repository: Repository, tenancy: Tenancy, version: int) -> str | None:
    """Return the state of a catalog, None if it does not exist."""
    row = await repository.first(_FIND_STATE, **tenancy._asdict(), version=version)
    return None if row is None else row.state


async def create(repository: Repository, tenancy: Tenancy, catalog: CatalogRow) -> None:
    """Store a catalog."""
    await repository.run(_CREATE, **tenancy._asdict(), **catalog._asdict())


async def change_state(
    repository: Repository, tenancy: Tenancy, version: int, *, state: str, document: str
) -> None:
    """Store another state of a catalog, and its JSON."""
    values = {"old_version": version, "new_state": state, "new_document": document}
    await repository.run(_CHANGE, **tenancy._asdict(), **values)


async def delete_one(repository: Repository, tenancy: Tenancy, version: int) -> None:
    """Delete a catalog."""
    await repository.run(_DELETE, **tenancy._asdict(), version=version)
