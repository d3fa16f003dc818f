"""Ledgers: what a catalog has been through, and how many items it holds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update

from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import catalogs, ledgers
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

NUMBERS = series("attraqt.ledgers")
_mine = of_tenancy(ledgers)
_one = (*_mine, ledgers.c.version == bindparam("version"))

_FIND = select(ledgers).where(*_one)
_LIST = (
    select(ledgers)
    .where(*_mine)
    .order_by(ledgers.c.version.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("skip"))
)
# The ledger of a catalog that is there, with what the catalog refers to.
_OPEN = (
    select(ledgers.c.id, ledgers.c.version, ledgers.c.num_items, catalogs.c.document)
    .select_from(ledgers)
    .join(
        catalogs,
        and_(
            catalogs.c.sandbox_id == ledgers.c.sandbox_id,
            catalogs.c.tenant == ledgers.c.tenant,
            catalogs.c.environment == ledgers.c.environment,
            catalogs.c.version == ledgers.c.version,
        ),
    )
    .where(*_one)
)
_LOCK = (
    select(ledgers.c.id, ledgers.c.version, ledgers.c.last_item, ledgers.c.last_update)
    .where(*_one, ledgers.c.is_open)
    .with_for_update()
)
_CREATE = insert(ledgers).values(
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
_numbered = (
    ledgers.c.sandbox_id == bindparam("sandbox_id"),
    ledgers.c.id == bindparam("ledger"),
)
_COUNT = (
    update(ledgers)
    .where(*_numbered)
    .values(
        num_items=ledgers.c.num_items + bindparam("items"),
        last_item=ledgers.c.last_item + bindparam("stored"),
        last_update=ledgers.c.last_update + bindparam("updates"),
    )
)
_CLOSE = update(ledgers).where(*_numbered).values(is_open=False, num_items=0)


async def find(repository: Repository, tenancy: Tenancy, version: int) -> Any | None:
    """Return the ledger of a catalog that is or was there, None if there never was one."""
    return await repository.first(_FIND, **tenancy._asdict(), version=version)


async def page(repository: Repository, tenancy: Tenancy, *, skip: int, limit: int) -> Sequence[Any]:
    """Return ledgers, those of the newest catalogs first."""
    return await repository.all(_LIST, **tenancy._asdict(), skip=skip, limit=limit)


async def find_open(repository: Repository, tenancy: Tenancy, version: int) -> Any | None:
    """Return id, version, number of items and catalog's document, None if it is not there."""
    return await repository.first(_OPEN, **tenancy._asdict(), version=version)


async def lock(repository: Repository, tenancy: Tenancy, version: int) -> Any | None:
    """Return the ledger of a catalog that is there, to change its items: nobody else does so."""
    return await repository.locked(_LOCK, **tenancy._asdict(), version=version)


async def create(
    repository: Repository, tenancy: Tenancy, version: int, *, receipt: str, now: int
) -> None:
    """Begin the ledger of a new catalog."""
    values = {
        "id": await repository.next_number(NUMBERS),
        "version": version,
        "receipt_id": receipt,
        "created_at": now,
    }
    await repository.run(_CREATE, **tenancy._asdict(), **values)


async def count(
    repository: Repository, ledger: int, *, items: int = 0, stored: int = 0, updates: int = 0
) -> None:
    """Add to a ledger: items that there are, items ever stored, updates recorded."""
    await repository.run(_COUNT, ledger=ledger, items=items, stored=stored, updates=updates)


async def close(repository: Repository, ledger: int) -> None:
    """Mark a ledger as one whose catalog is gone."""
    await repository.run(_CLOSE, ledger=ledger)
