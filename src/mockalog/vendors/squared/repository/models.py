"""Queries on models."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from mockalog.kernel.database.in_clauses import chosen, one_of
from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import catalogs, connectors, models
from mockalog.vendors.squared.repository import IdRow
from mockalog.vendors.squared.repository.paging import (
    TotalRow,
    count_total,
    latest_page,
    total_of,
)
from mockalog.vendors.squared.rules.connectors.rows import CatalogRow, ConnectorRow
from mockalog.vendors.squared.rules.models import COLUMNS, QUERY_TYPES
from mockalog.vendors.squared.rules.rows import ModelRow

_SANDBOX = models.c.sandbox_id == bindparam("sandbox_id")
_IN_WORKSPACE = (_SANDBOX, models.c.workspace_id == bindparam("of_workspace"))
_THE_ONE = (*_IN_WORKSPACE, models.c.id == bindparam("model_id"))

_GET = Query(select(models).where(*_THE_ONE), ModelRow)
_CREATE = Query(insert(models).returning(models), ModelRow)
_CHANGED = (*COLUMNS, "updated_at")
_UPDATE = Query(
    update(models)
    .where(*_THE_ONE)
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
    .returning(models),
    ModelRow,
)
_DELETE = Query(delete(models).where(*_THE_ONE).returning(models.c.id), IdRow)
_DELETE_OF_CONNECTOR = delete(models).where(
    _SANDBOX, models.c.connector_id == bindparam("of_connector")
)

_OF_TYPES = one_of(models.c.query_type, len(QUERY_TYPES))


class _Listing(NamedTuple):
    page: Query[ModelRow]
    total: Query[TotalRow]
    connectors: Query[ConnectorRow]
    catalogs: Query[CatalogRow]


def _listing(*conditions: ColumnElement[bool]) -> _Listing:
    latest = latest_page(models, *_IN_WORKSPACE, *conditions)
    shown = latest.subquery("shown")
    of_page = select(shown.c.connector_id)
    of_ai = of_page.where(shown.c.query_type == "ai_ml")
    own: BindParameter[int] = bindparam("sandbox_id")
    sources = select(connectors).where(connectors.c.sandbox_id == own)
    schemas = select(catalogs).where(catalogs.c.sandbox_id == own)
    return _Listing(
        Query(latest, ModelRow),
        total_of(models, *_IN_WORKSPACE, *conditions),
        Query(sources.where(connectors.c.id.in_(of_page)), ConnectorRow),
        Query(schemas.where(catalogs.c.connector_id.in_(of_ai)), CatalogRow),
    )


_ALL = _listing()
_FILTERED = _listing(_OF_TYPES)


class ModelPage(NamedTuple):
    """Models with the connectors and catalogs that a response shows within them."""

    rows: Sequence[ModelRow]
    total: int
    # Both by the connector's id.
    connectors: dict[int, ConnectorRow]
    catalogs: dict[int, CatalogRow]


async def get_model(repository: Repository, workspace_id: int, id_: int) -> ModelRow | None:
    """Return a model of a workspace."""
    return await repository.first(_GET, of_workspace=workspace_id, model_id=id_)


async def list_models(
    repository: Repository,
    workspace_id: int,
    types: frozenset[str] | None,
    limit: int,
    offset: int,
) -> ModelPage:
    """Return a page of models, latest change first; `types` None: of all query types."""
    listing = _ALL if types is None else _FILTERED
    known = [one for one in QUERY_TYPES if types and one in types]
    values = {"of_workspace": workspace_id, **chosen(known, len(QUERY_TYPES))}
    paged = {**values, "most": limit, "skipped": offset}
    rows = await repository.all(listing.page, **paged)
    return ModelPage(
        rows,
        await count_total(repository, listing.total, rows, paged),
        {row.id: row for row in await repository.all(listing.connectors, **paged)},
        {row.connector_id: row for row in await repository.all(listing.catalogs, **paged)},
    )


async def create_model(repository: Repository, **columns: object) -> ModelRow:
    """Store a model and return the row."""
    return await repository.one(_CREATE, **columns)


async def update_model(
    repository: Repository, workspace_id: int, id_: int, columns: Mapping[str, object]
) -> ModelRow | None:
    """Store a model's new columns and return the row, None if it was deleted."""
    changed = {f"new_{name}": columns[name] for name in _CHANGED}
    return await repository.first(_UPDATE, of_workspace=workspace_id, model_id=id_, **changed)


async def delete_model(repository: Repository, workspace_id: int, id_: int) -> IdRow | None:
    """Delete a model; return its id, None if it does not exist."""
    return await repository.first(_DELETE, of_workspace=workspace_id, model_id=id_)


async def delete_models_of_connector(repository: Repository, connector_id: int) -> None:
    """Delete the models that read from a connector."""
    await repository.run(_DELETE_OF_CONNECTOR, of_connector=connector_id)
