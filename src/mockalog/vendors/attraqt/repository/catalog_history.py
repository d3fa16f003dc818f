"""The rows of catalog histories: creation, counters and positions of a catalog.

A history outlives its catalog, because feedback does.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, insert, select, update

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, series
from mockalog.kernel.jobs.queue import SubjectGoneError
from mockalog.vendors.attraqt.models import catalog_history, catalogs
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.feedback import Page
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

NUMBERS = series("attraqt.ledgers")


class HistoryRow(NamedTuple):
    """The history of a catalog that exists or existed.

    `num_items`: the items in the catalog. `last_item`, `last_update`: the positions of the next
    item and of the next update.
    """

    id: int
    environment: str
    version: int
    receipt_id: str
    created_at: int
    num_items: int
    last_item: int
    last_update: int


class OpenHistoryRow(NamedTuple):
    """The history of an existing catalog, and the catalog's JSON."""

    id: int
    version: int
    num_items: int
    document: str


_of_tenancy = of_tenancy(catalog_history)
_of_version = (*_of_tenancy, catalog_history.c.version == bindparam("version"))
_select = select(*(catalog_history.c[name] for name in HistoryRow._fields))

_FIND = Query(_select.where(*_of_version), HistoryRow)
_LIST = Query(
    _select.where(*_of_tenancy)
    .order_by(catalog_history.c.version.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("skip")),
    HistoryRow,
)
_FIND_OPEN = Query(
    select(
        catalog_history.c.id,
        catalog_history.c.version,
        catalog_history.c.num_items,
        catalogs.c.document,
    )
    .select_from(catalog_history)
    .join(
        catalogs,
        and_(
            catalogs.c.sandbox_id == catalog_history.c.sandbox_id,
            catalogs.c.tenant == catalog_history.c.tenant,
            catalogs.c.environment == catalog_history.c.environment,
            catalogs.c.version == catalog_history.c.version,
        ),
    )
    .where(*_of_version),
    OpenHistoryRow,
)
_LOCK_OPEN = Query(
    _select.where(*_of_version, catalog_history.c.is_open).with_for_update(), HistoryRow
)
_CREATE = insert(catalog_history).values(
    sandbox_id=bindparam("sandbox_id"),
    id=bindparam("id"),
    tenant=bindparam("tenant"),
    environment=bindparam("environment"),
    version=bindparam("version"),
    receipt_id=bindparam("receipt_id"),
    created_at=bindparam("created_at"),
    is_open=True,
    num_items=0,
    last_item=0,
    last_update=0,
)
_of_id = (
    catalog_history.c.sandbox_id == bindparam("sandbox_id"),
    catalog_history.c.id == bindparam("history"),
)
_COUNT = (
    update(catalog_history)
    .where(*_of_id)
    .values(
        num_items=catalog_history.c.num_items + bindparam("items"),
        last_item=catalog_history.c.last_item + bindparam("stored"),
        last_update=catalog_history.c.last_update + bindparam("updates"),
    )
)
_CLOSE = update(catalog_history).where(*_of_id).values(is_open=False, num_items=0)


async def find(repository: Repository, tenancy: Tenancy, version: int) -> HistoryRow | None:
    """Return the history of a catalog, None if the catalog never existed."""
    return await repository.first(_FIND, **tenancy._asdict(), version=version)


async def get(repository: Repository, tenancy: Tenancy, version: int) -> HistoryRow:
    """Return the history of a catalog that exists or existed; raises `SubjectGoneError`."""
    history = await find(repository, tenancy, version)
    if history is None:
        raise SubjectGoneError(f"the catalog {version} never existed")
    return history


async def list_page(repository: Repository, tenancy: Tenancy, page: Page) -> Sequence[HistoryRow]:
    """Return histories, those of the newest catalogs first."""
    return await repository.all(_LIST, **tenancy._asdict(), **page._asdict())


async def find_open(
    repository: Repository, tenancy: Tenancy, version: int
) -> OpenHistoryRow | None:
    """Return the history of an existing catalog, None if the catalog does not exist."""
    return await repository.first(_FIND_OPEN, **tenancy._asdict(), version=version)


async def lock_open(repository: Repository, tenancy: Tenancy, version: int) -> HistoryRow | None:
    """Lock the items of an existing catalog until commit; None if it does not exist."""
    return await repository.locked(_LOCK_OPEN, **tenancy._asdict(), version=version)


async def create(
    repository: Repository, tenancy: Tenancy, version: int, *, receipt: str, now: int
) -> None:
    """Create the history of a new catalog."""
    values = {
        "id": await repository.next_number(NUMBERS),
        "version": version,
        "receipt_id": receipt,
        "created_at": now,
    }
    await repository.run(_CREATE, **tenancy._asdict(), **values)


async def count(
    repository: Repository, history: int, *, items: int = 0, stored: int = 0, updates: int = 0
) -> None:
    """Add to the counters: items in the catalog, items ever stored, updates recorded."""
    await repository.run(_COUNT, history=history, items=items, stored=stored, updates=updates)


async def close(repository: Repository, history: int) -> None:
    """Mark the catalog of a history as deleted."""
    await repository.run(_CLOSE, history=history)
