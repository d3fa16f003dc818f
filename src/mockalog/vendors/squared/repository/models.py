"""Models."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from mockalog.kernel.database.in_clauses import chosen, one_of
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import catalogs, connectors, models
from mockalog.vendors.squared.repository.totals import counted
from mockalog.vendors.squared.rules.models import COLUMNS, QUERY_TYPES

_SANDBOX = models.c.sandbox_id == bindparam("sandbox_id")
_IN_WORKSPACE = (_SANDBOX, models.c.workspace_id == bindparam("of_workspace"))
_THE_ONE = (*_IN_WORKSPACE, models.c.id == bindparam("model_id"))

_GET = select(models).where(*_THE_ONE)
_CREATE = insert(models).returning(models)
_CHANGED = (*COLUMNS, "updated_at")
_UPDATE = (
    update(models)
    .where(*_THE_ONE)
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
    .returning(models)
)
_DELETE = delete(models).where(*_THE_ONE).returning(models.c.id)
_DELETE_OF = delete(models).where(_SANDBOX, models.c.connector_id == bindparam("of_connector"))

_OF_TYPES = one_of(models.c.query_type, len(QUERY_TYPES))


class _Listing(NamedTuple):
    page: Select[Any]
    total: Select[Any]
    connectors: Select[Any]
    catalogs: Select[Any]


def _listing(*conditions: ColumnElement[bool]) -> _Listing:
    latest = (
        select(models)
        .where(*_IN_WORKSPACE, *conditions)
        .order_by(models.c.updated_at.desc(), models.c.id.desc())
        .limit(bindparam("most"))
        .offset(bindparam("skipped"))
    )
    shown = latest.subquery("shown")
    of_page = select(shown.c.connector_id)
    of_ai = of_page.where(shown.c.query_type == "ai_ml")
    own: BindParameter[int] = bindparam("sandbox_id")
    return _Listing(
        latest,
        select(func.count().label("total")).select_from(models).where(*_IN_WORKSPACE, *conditions),
        select(connectors).where(connectors.c.sandbox_id == own, connectors.c.id.in_(of_page)),
        select(catalogs).where(catalogs.c.sandbox_id == own, catalogs.c.connector_id.in_(of_ai)),
    )


_ALL = _listing()
_NARROWED = _listing(_OF_TYPES)


class Page(NamedTuple):
    """Models with what is shown within them."""

    rows: Sequence[Any]
    total: int
    # By connector's id.
    connectors: dict[int, Any]
    catalogs: dict[int, Any]


async def get_model(repository: Repository, workspace_id: int, id_: int) -> Any | None:
    """Return a model of a workspace."""
    return await repository.first(_GET, of_workspace=workspace_id, model_id=id_)


async def list_models(
    repository: Repository,
    workspace_id: int,
    types: frozenset[str] | None,
    limit: int,
    offset: int,
) -> Page:
    """Return a page of models, latest change first, and how many there are in all."""
    listing = _ALL if types is None else _NARROWED
    known = [one for one in QUERY_TYPES if types and one in types]
    values = {"of_workspace": workspace_id, **chosen(known, len(QUERY_TYPES))}
    paged = {**values, "most": limit, "skipped": offset}
    rows = await repository.all(listing.page, **paged)
    return Page(
        rows,
        await counted(repository, listing.total, rows, paged),
        {row.id: row for row in await repository.all(listing.connectors, **paged)},
        {row.connector_id: row for row in await repository.all(listing.catalogs, **paged)},
    )


async def create_model(repository: Repository, **columns: Any) -> Any:
    """Store a model and return the row."""
    return await repository.first(_CREATE, **columns)


async def update_model(
    repository: Repository, workspace_id: int, id_: int, columns: dict[str, Any]
) -> Any | None:
    """Store a model's new columns and return the row, None if it is gone."""
    changed = {f"new_{name}": columns[name] for name in _CHANGED}
    return await repository.first(_UPDATE, of_workspace=workspace_id, model_id=id_, **changed)


async def delete_model(repository: Repository, workspace_id: int, id_: int) -> Any | None:
    """Delete a model; return its id, None if there was none."""
    return await repository.first(_DELETE, of_workspace=workspace_id, model_id=id_)


async def delete_models_of(repository: Repository, connector_id: int) -> None:
    """Delete the models that read from a connector."""
    await repository.run(_DELETE_OF, of_connector=connector_id)
