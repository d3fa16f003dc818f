"""Queries on connectors."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import NAME_START, connectors
from mockalog.vendors.squared.repository import IdRow
from mockalog.vendors.squared.repository.paging import (
    TotalRow,
    count_total,
    latest_page,
    total_of,
)
from mockalog.vendors.squared.rules.connectors.connectors import CATEGORIES, SUB_CATEGORIES, Filters
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow

_IN_WORKSPACE = (
    connectors.c.sandbox_id == bindparam("sandbox_id"),
    connectors.c.workspace_id == bindparam("of_workspace"),
)
_THE_ONE = (*_IN_WORKSPACE, connectors.c.id == bindparam("connector_id"))

_one = select(connectors).where(*_THE_ONE)
_GET = Query(_one, ConnectorRow)
_LOCK = Query(_one.with_for_update(), ConnectorRow)
_LOCK_OF_WORKSPACE = Query(
    select(connectors.c.id).where(*_IN_WORKSPACE).order_by(connectors.c.id).with_for_update(), IdRow
)
_LOCK_BY_ID = Query(
    select(connectors)
    .where(
        connectors.c.sandbox_id == bindparam("sandbox_id"),
        connectors.c.id == bindparam("connector_id"),
    )
    .with_for_update(),
    ConnectorRow,
)
_FIND_NAME = Query(
    select(connectors.c.id)
    .where(
        *_IN_WORKSPACE,
        literal_column(NAME_START.text) == bindparam("start"),
        connectors.c.name == bindparam("wanted"),
        connectors.c.connector_type == bindparam("kind"),
    )
    .limit(1),
    IdRow,
)
_CREATE = Query(insert(connectors).returning(connectors), ConnectorRow)
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
_UPDATE = Query(
    update(connectors)
    .where(*_THE_ONE)
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
    .returning(connectors),
    ConnectorRow,
)
_DELETE = Query(delete(connectors).where(*_THE_ONE).returning(connectors.c.id), IdRow)


class _Listing(NamedTuple):
    page: Query[ConnectorRow]
    total: Query[TotalRow]


# One entry for each combination of filters: to build a statement costs more than to run it.
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
    return _Listing(
        Query(latest_page(connectors, *conditions), ConnectorRow), total_of(connectors, *conditions)
    )


async def get_connector(repository: Repository, workspace_id: int, id_: int) -> ConnectorRow | None:
    """Return a connector of a workspace."""
    return await repository.first(_GET, of_workspace=workspace_id, connector_id=id_)


async def lock_connector(
    repository: Repository, workspace_id: int, id_: int
) -> ConnectorRow | None:
    """Return a connector of a workspace, locked until this transaction ends."""
    return await repository.locked(_LOCK, of_workspace=workspace_id, connector_id=id_)


async def lock_connectors(repository: Repository, workspace_id: int) -> None:
    """Lock all connectors of a workspace until this transaction ends."""
    await repository.all(_LOCK_OF_WORKSPACE, of_workspace=workspace_id)


async def lock_connector_by_id(repository: Repository, id_: int) -> ConnectorRow | None:
    """Return a connector of any workspace, locked until this transaction ends."""
    return await repository.locked(_LOCK_BY_ID, connector_id=id_)


async def is_name_taken(repository: Repository, workspace_id: int, name: str, kind: str) -> bool:
    """Return whether the workspace has a connector of this name and type."""
    values = {"of_workspace": workspace_id, "wanted": name, "start": name[:64], "kind": kind}
    return await repository.first(_FIND_NAME, **values) is not None


async def list_connectors(
    repository: Repository, workspace_id: int, filters: Filters, limit: int, offset: int
) -> tuple[Sequence[ConnectorRow], int]:
    """Return a page of connectors, latest change first, and the number of all of them."""
    listing = _listing(filters.connector_type is not None, filters.category, filters.sub_category)
    values = {"of_workspace": workspace_id, "kind": filters.connector_type}
    paged = {**values, "most": limit, "skipped": offset}
    rows = await repository.all(listing.page, **paged)
    return rows, await count_total(repository, listing.total, rows, paged)


async def create_connector(repository: Repository, **columns: object) -> ConnectorRow:
    """Store a connector and return the row."""
    return await repository.one(_CREATE, **columns)


async def update_connector(
    repository: Repository, workspace_id: int, id_: int, columns: Mapping[str, object]
) -> ConnectorRow | None:
    """Store a connector's new columns and return the row, None if it was deleted."""
    changed = {f"new_{name}": columns[name] for name in _CHANGED}
    return await repository.first(_UPDATE, of_workspace=workspace_id, connector_id=id_, **changed)


async def delete_connector(repository: Repository, workspace_id: int, id_: int) -> IdRow | None:
    """Delete a connector; return its id, None if it does not exist."""
    return await repository.first(_DELETE, of_workspace=workspace_id, connector_id=id_)
