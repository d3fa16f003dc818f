"""Queries on syncs."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import (
    catalogs,
    connectors,
    models,
    sync_records,
    sync_runs,
    syncs,
)
from mockalog.vendors.squared.repository.paging import (
    TotalRow,
    count_total,
    latest_page,
    total_of,
)
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow, ConnectorRow
from mockalog.vendors.squared.rules.rows import ModelRow
from mockalog.vendors.squared.rules.syncs.rows import SyncRow

_OWN: BindParameter[int] = bindparam("sandbox_id")
_SANDBOX = syncs.c.sandbox_id == _OWN
_IN_WORKSPACE = (_SANDBOX, syncs.c.workspace_id == bindparam("of_workspace"))
_THE_ONE = syncs.c.id == bindparam("sync_id")

_GET_BY_ID = Query(select(syncs).where(_SANDBOX, _THE_ONE), SyncRow)
_GET = Query(select(syncs).where(*_IN_WORKSPACE, _THE_ONE), SyncRow)
_CREATE = Query(insert(syncs).returning(syncs), SyncRow)
_CHANGED = tuple(
    column.name
    for column in syncs.c
    if column.name not in ("sandbox_id", "id", "workspace_id", "created_at")
)
_UPDATE = (
    update(syncs)
    .where(_SANDBOX, _THE_ONE)
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)

Owner = Literal["sync", "model", "connector"]

_OWNER: BindParameter[int] = bindparam("owner")
_OF: Mapping[Owner, ColumnElement[bool]] = {
    "sync": syncs.c.id == _OWNER,
    "model": syncs.c.model_id == _OWNER,
    "connector": or_(
        syncs.c.source_id == _OWNER,
        syncs.c.destination_id == _OWNER,
        syncs.c.model_id.in_(
            select(models.c.id).where(models.c.sandbox_id == _OWN, models.c.connector_id == _OWNER)
        ),
    ),
}
_DELETE = {
    owner: (
        *(
            delete(table).where(
                table.c.sandbox_id == _OWN,
                table.c.sync_id.in_(select(syncs.c.id).where(_SANDBOX, condition)),
            )
            for table in (sync_records, sync_runs)
        ),
        delete(syncs).where(_SANDBOX, condition),
    )
    for owner, condition in _OF.items()
}


class _Listing(NamedTuple):
    page: Query[SyncRow]
    total: Query[TotalRow]
    models: Query[ModelRow]
    connectors: Query[ConnectorRow]
    catalogs: Query[CatalogRow]


def _listing(*conditions: ColumnElement[bool]) -> _Listing:
    latest = latest_page(syncs, *_IN_WORKSPACE, *conditions)
    page = latest.subquery("page")
    used = select(models).where(models.c.sandbox_id == _OWN)
    used = used.where(models.c.id.in_(select(page.c.model_id)))
    source = used.subquery("used")
    ai = select(source.c.connector_id).where(source.c.query_type == "ai_ml")
    ends = (select(page.c.source_id), select(page.c.destination_id), select(source.c.connector_id))
    is_end = or_(*(connectors.c.id.in_(end) for end in ends))
    schemas = select(catalogs).where(catalogs.c.sandbox_id == _OWN)
    return _Listing(
        Query(latest, SyncRow),
        total_of(syncs, *_IN_WORKSPACE),
        Query(used, ModelRow),
        Query(select(connectors).where(connectors.c.sandbox_id == _OWN, is_end), ConnectorRow),
        Query(schemas.where(catalogs.c.connector_id.in_(ai)), CatalogRow),
    )


_ALL = _listing()
_ONE = _listing(_THE_ONE)


class SyncPage(NamedTuple):
    """Syncs with the models, connectors and catalogs that a response shows within them."""

    rows: Sequence[SyncRow]
    models: dict[int, ModelRow]
    connectors: dict[int, ConnectorRow]
    # By the connector's id.
    catalogs: dict[int, CatalogRow]


async def get_sync_by_id(repository: Repository, sync_id: int) -> SyncRow | None:
    """Return a sync of any workspace."""
    return await repository.first(_GET_BY_ID, sync_id=sync_id)


async def get_sync(repository: Repository, workspace_id: int, sync_id: int) -> SyncRow | None:
    """Return a sync of a workspace."""
    values = {"of_workspace": workspace_id, "sync_id": sync_id}
    return await repository.first(_GET, **values)


async def list_syncs(
    repository: Repository, workspace_id: int, limit: int, offset: int
) -> tuple[SyncPage, int]:
    """Return a page of syncs, latest change first, and the number of all of them."""
    values = {"of_workspace": workspace_id, "most": limit, "skipped": offset}
    page = await _page(repository, _ALL, values)
    return page, await count_total(repository, _ALL.total, page.rows, values)


async def get_sync_page(repository: Repository, workspace_id: int, sync_id: int) -> SyncPage:
    """Return a page of one sync, or of none if it does not exist."""
    values = {"of_workspace": workspace_id, "sync_id": sync_id, "most": 1, "skipped": 0}
    return await _page(repository, _ONE, values)


async def _page(repository: Repository, listing: _Listing, values: Mapping[str, Any]) -> SyncPage:
    return SyncPage(
        await repository.all(listing.page, **values),
        {row.id: row for row in await repository.all(listing.models, **values)},
        {row.id: row for row in await repository.all(listing.connectors, **values)},
        {row.connector_id: row for row in await repository.all(listing.catalogs, **values)},
    )


async def create_sync(repository: Repository, **columns: object) -> SyncRow:
    """Store a sync and return the row."""
    return await repository.one(_CREATE, **columns)


async def update_sync(repository: Repository, row: SyncRow, **columns: object) -> None:
    """Store new columns of a sync; the others keep the values of `row`."""
    values = {f"new_{name}": columns.get(name, getattr(row, name)) for name in _CHANGED}
    await repository.run(_UPDATE, sync_id=row.id, **values)


async def delete_syncs_of(repository: Repository, owner: Owner, owner_id: int) -> None:
    """Delete a sync, or all syncs of a model or a connector, with their runs and records."""
    for statement in _DELETE[owner]:
        await repository.run(statement, owner=owner_id)
