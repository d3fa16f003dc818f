"""Connectors."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import NAME_START, connectors
from mockalog.vendors.squared.repository.totals import counted
from mockalog.vendors.squared.rules.connectors import CATEGORIES, SUB_CATEGORIES, Filters

_IN_WORKSPACE = (
    connectors.c.sandbox_id == bindparam("sandbox_id"),
    connectors.c.workspace_id == bindparam("of_workspace"),
)
_THE_ONE = (*_IN_WORKSPACE, connectors.c.id == bindparam("connector_id"))

_GET = select(connectors).where(*_THE_ONE)
_LOCK = _GET.with_for_update()
_LOCK_ALL = (
    select(connectors.c.id).where(*_IN_WORKSPACE).order_by(connectors.c.id).with_for_update()
)
_LOCK_ANY = (
    select(connectors)
    .where(
        connectors.c.sandbox_id == bindparam("sandbox_id"),
        connectors.c.id == bindparam("connector_id"),
    )
    .with_for_update()
)
_TAKEN = (
    select(connectors.c.id)
    .where(
        *_IN_WORKSPACE,
        literal_column(NAME_START.text) == bindparam("start"),
        connectors.c.name == bindparam("wanted"),
        connectors.c.connector_type == bindparam("kind"),
    )
    .limit(1)
)
_CREATE = insert(connectors).returning(connectors)
_CHANGED = (
    "name",
    "description",
    "connector_type",
    "connector_name",
    "category",
    "sub_category",
    "icon",
    "configuration",
    "masked",
    "updated_at",
)
_UPDATE = (
    update(connectors)
    .where(*_THE_ONE)
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
    .returning(connectors)
)
_DELETE = delete(connectors).where(*_THE_ONE).returning(connectors.c.id)


class _Listing(NamedTuple):
    page: Select[Any]
    total: Select[Any]


# As many as there are filters, each built once: built statements cost more than they run.
@cache
def _listing(by_type: bool, category: str | None, sub_category: str | None) -> _Listing:
    conditions: list[ColumnElement[bool]] = list(_IN_WORKSPACE)
    if by_type:
        conditions.append(connectors.c.connector_type == bindparam("kind"))
    if category:
        conditions.append(or_(*(connectors.c.category == c for c in CATEGORIES[category])))
    if sub_category:
        wanted = SUB_CATEGORIES[sub_category]
        conditions.append(or_(*(connectors.c.sub_category == c for c in wanted)))
    rows = select(connectors).where(and_(*conditions))
    latest = rows.order_by(connectors.c.updated_at.desc(), connectors.c.id.desc())
    return _Listing(
        latest.limit(bindparam("most")).offset(bindparam("skipped")),
        select(func.count().label("total")).select_from(connectors).where(and_(*conditions)),
    )


async def get_connector(repository: Repository, workspace_id: int, id_: int) -> Any | None:
    """Return a connector of a workspace."""
    return await repository.first(_GET, of_workspace=workspace_id, connector_id=id_)


async def lock_connector(repository: Repository, workspace_id: int, id_: int) -> Any | None:
    """Return a connector that nobody else deletes before this transaction ends."""
    return await repository.locked(_LOCK, of_workspace=workspace_id, connector_id=id_)


async def lock_all(repository: Repository, workspace_id: int) -> None:
    """Let nobody else change or delete a connector of a workspace until this transaction ends."""
    await repository.all(_LOCK_ALL, of_workspace=workspace_id)


async def lock_any(repository: Repository, id_: int) -> Any | None:
    """Return a connector of any workspace, which nobody deletes before this transaction ends."""
    return await repository.locked(_LOCK_ANY, connector_id=id_)


async def is_taken(repository: Repository, workspace_id: int, name: str, kind: str) -> bool:
    """Return whether the workspace has a connector of that name and type."""
    values = {"of_workspace": workspace_id, "wanted": name, "start": name[:64], "kind": kind}
    return await repository.first(_TAKEN, **values) is not None


async def list_connectors(
    repository: Repository, workspace_id: int, filters: Filters, limit: int, offset: int
) -> tuple[Sequence[Any], int]:
    """Return a page of connectors, latest change first, and how many there are in all."""
    listing = _listing(filters.connector_type is not None, filters.category, filters.sub_category)
    values = {"of_workspace": workspace_id, "kind": filters.connector_type}
    paged = {**values, "most": limit, "skipped": offset}
    rows = await repository.all(listing.page, **paged)
    return rows, await counted(repository, listing.total, rows, paged)


async def create_connector(repository: Repository, **columns: Any) -> Any:
    """Store a connector and return the row."""
    return await repository.first(_CREATE, **columns)


async def update_connector(
    repository: Repository, workspace_id: int, id_: int, columns: dict[str, Any]
) -> Any | None:
    """Store a connector's new columns and return the row, None if it is gone."""
    changed = {f"new_{name}": columns[name] for name in _CHANGED}
    return await repository.first(_UPDATE, of_workspace=workspace_id, connector_id=id_, **changed)


async def delete_connector(repository: Repository, workspace_id: int, id_: int) -> Any | None:
    """Delete a connector; return its id, None if there was none."""
    return await repository.first(_DELETE, of_workspace=workspace_id, connector_id=id_)
