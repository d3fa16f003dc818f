"""Syncs."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import (
    catalogs,
    connectors,
    models,
    sync_records,
    sync_runs,
    syncs,
)
from mockalog.vendors.squared.repository.totals import counted

_OWN: BindParameter[int] = bindparam("sandbox_id")
_SANDBOX = syncs.c.sandbox_id == _OWN
_IN_WORKSPACE = (_SANDBOX, syncs.c.workspace_id == bindparam("of_workspace"))
_THE_ONE = syncs.c.id == bindparam("sync_id")

_GET = select(syncs).where(_SANDBOX, _THE_ONE)
_GET_IN_WORKSPACE = select(syncs).where(*_IN_WORKSPACE, _THE_ONE)
_CREATE = insert(syncs).returning(syncs)
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
    page: Select[Any]
    total: Select[Any]
    models: Select[Any]
    connectors: Select[Any]
    catalogs: Select[Any]


def _listing(*conditions: ColumnElement[bool]) -> _Listing:
    latest = (
        select(syncs)
        .where(*_IN_WORKSPACE, *conditions)
        .order_by(syncs.c.updated_at.desc(), syncs.c.id.desc())
        .limit(bindparam("most"))
        .offset(bindparam("skipped"))
    )
    page = latest.subquery("page")
    used = select(models).where(models.c.sandbox_id == _OWN)
    used = used.where(models.c.id.in_(select(page.c.model_id)))
    source = used.subquery("used")
    ai = select(source.c.connector_id).where(source.c.query_type == "ai_ml")
    ends = (select(page.c.source_id), select(page.c.destination_id), select(source.c.connector_id))
    return _Listing(
        latest,
        select(func.count().label("total")).select_from(syncs).where(*_IN_WORKSPACE),
        used,
        select(connectors).where(
            connectors.c.sandbox_id == _OWN, or_(*(connectors.c.id.in_(end) for end in ends))
        ),
        select(catalogs).where(catalogs.c.sandbox_id == _OWN, catalogs.c.connector_id.in_(ai)),
    )


_ALL = _listing()
_ONE = _listing(_THE_ONE)


class Page(NamedTuple):
    """Syncs with what is shown within them, by its id; a catalog by its connector's."""

    rows: Sequence[Any]
    models: dict[int, Any]
    connectors: dict[int, Any]
    catalogs: dict[int, Any]


async def get(repository: Repository, sync_id: int) -> Any | None:
    """Return a sync of whichever workspace."""
    return await repository.first(_GET, sync_id=sync_id)


async def get_sync(repository: Repository, workspace_id: int, sync_id: int) -> Any | None:
    """Return a sync of a workspace."""
    values = {"of_workspace": workspace_id, "sync_id": sync_id}
    return await repository.first(_GET_IN_WORKSPACE, **values)


async def list_syncs(
    repository: Repository, workspace_id: int, limit: int, offset: int
) -> tuple[Page, int]:
    """Return a page of syncs, latest change first, and how many there are in all."""
    values = {"of_workspace": workspace_id, "most": limit, "skipped": offset}
    page = await _page(repository, _ALL, values)
    return page, await counted(repository, _ALL.total, page.rows, values)


async def show_sync(repository: Repository, workspace_id: int, sync_id: int) -> Page:
    """Return one sync as a page."""
    values = {"of_workspace": workspace_id, "sync_id": sync_id, "most": 1, "skipped": 0}
    return await _page(repository, _ONE, values)


async def _page(repository: Repository, listing: _Listing, values: Mapping[str, Any]) -> Page:
    return Page(
        await repository.all(listing.page, **values),
        {row.id: row for row in await repository.all(listing.models, **values)},
        {row.id: row for row in await repository.all(listing.connectors, **values)},
        {row.connector_id: row for row in await repository.all(listing.catalogs, **values)},
    )


async def create_sync(repository: Repository, **columns: Any) -> Any:
    """Store a sync and return the row."""
    return await repository.first(_CREATE, **columns)


async def change(repository: Repository, row: Any, **columns: Any) -> None:
    """Store new columns of a sync; the others stay as they are in its row."""
    kept = {f"new_{name}": columns.get(name, getattr(row, name)) for name in _CHANGED}
    await repository.run(_UPDATE, sync_id=row.id, **kept)


async def delete_of(repository: Repository, owner: Owner, owner_id: int) -> None:
    """Delete a sync, or all that use a model or a connector, with their runs and records."""
    for statement in _DELETE[owner]:
        await repository.run(statement, owner=owner_id)
