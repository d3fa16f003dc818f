"""Attraqt's named queries. Every one is of one tenancy."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, select, update

from mockalog.kernel.repository import Repository, series
from mockalog.vendors.attraqt.models import catalogs, category_trees, item_schemas
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


def _of_tenancy(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.sandbox_id == bindparam("sandbox_id"),
        table.c.tenant == bindparam("tenant"),
        table.c.environment == bindparam("environment"),
    )


_mine = _of_tenancy(catalogs)
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


async def next_catalog_version(repository: Repository, tenancy: Tenancy) -> int:
    """Return the next version; no other writer touches the tenancy's catalogs before commit."""
    return await repository.next_number(_catalogs(tenancy))


async def lock_catalogs(repository: Repository, tenancy: Tenancy) -> None:
    """Keep every other writer off the tenancy's catalogs until commit."""
    await repository.lock(_catalogs(tenancy))


async def list_catalogs(repository: Repository, tenancy: Tenancy) -> list[str]:
    """Return the catalogs' documents, newest first."""
    rows = await repository.all(_LIST, **tenancy._asdict())
    return [row.document for row in rows]


async def all_catalogs(repository: Repository, tenancy: Tenancy) -> Sequence[Any]:
    """Return version, slot, state and document of each catalog, newest first."""
    return await repository.all(_ALL, **tenancy._asdict())


async def active_catalog(repository: Repository, tenancy: Tenancy) -> str | None:
    """Return the document of the ACTIVE catalog, None if there is none."""
    row = await repository.first(_ACTIVE, **tenancy._asdict())
    return None if row is None else str(row.document)


async def create_catalog(
    repository: Repository, tenancy: Tenancy, *, version: int, slot: int, state: str, document: str
) -> None:
    """Store a catalog."""
    values = {"version": version, "slot": slot, "state": state, "document": document}
    await repository.run(_CREATE, **tenancy._asdict(), **values)


async def change_catalog(
    repository: Repository, tenancy: Tenancy, version: int, *, state: str, document: str
) -> None:
    """Move a catalog to another state."""
    values = {"old_version": version, "new_state": state, "new_document": document}
    await repository.run(_CHANGE, **tenancy._asdict(), **values)


async def delete_catalog(repository: Repository, tenancy: Tenancy, version: int) -> None:
    """Delete a catalog."""
    await repository.run(_DELETE, **tenancy._asdict(), version=version)


async def use_assertion(repository: Repository, key: str) -> bool:
    """Mark a client assertion as used; return whether it is the first time."""
    return await repository.next_number(series("attraqt.assertions", key)) == 1


class Versions:
    """The queries of one table of named, versioned documents."""

    def __init__(self, table: Table) -> None:
        of_tenancy = _of_tenancy(table)
        named = (*of_tenancy, table.c.name == bindparam("name"))
        one = (*named, table.c.version == bindparam("version"))
        self._table = table.name
        self._summaries = (
            select(table.c.name, table.c.summary).where(*of_tenancy).order_by(table.c.id.desc())
        )
        self._known = select(table.c.name, table.c.version).where(*of_tenancy)
        self._exists = select(table.c.id).where(*named).limit(1)
        self._get = select(table.c.document).where(*one)
        self._delete = delete(table).where(*one)
        self._create = insert(table).values(
            sandbox_id=bindparam("sandbox_id"),
            tenant=bindparam("tenant"),
            environment=bindparam("environment"),
            name=bindparam("name"),
            version=bindparam("version"),
            document=bindparam("document"),
            summary=bindparam("summary"),
        )

    async def next_version(self, repository: Repository, tenancy: Tenancy, name: str) -> int:
        """Return the name's next version; no other writer adds one before commit."""
        return await repository.next_number(series(self._table, *tenancy, name))

    async def summaries(self, repository: Repository, tenancy: Tenancy) -> Sequence[Any]:
        """Return name and summary of every version, newest first."""
        return await repository.all(self._summaries, **tenancy._asdict())

    async def known(self, repository: Repository, tenancy: Tenancy) -> set[tuple[str, int]]:
        """Return every name with each of its versions."""
        rows = await repository.all(self._known, **tenancy._asdict())
        return {(row.name, row.version) for row in rows}

    async def exists(self, repository: Repository, tenancy: Tenancy, name: str) -> bool:
        """Return whether the name has any version."""
        row = await repository.first(self._exists, **tenancy._asdict(), name=name)
        return row is not None

    async def get(
        self, repository: Repository, tenancy: Tenancy, name: str, version: int
    ) -> str | None:
        """Return the document of one version, None if there is none."""
        row = await repository.first(self._get, **tenancy._asdict(), name=name, version=version)
        return None if row is None else str(row.document)

    async def create(
        self,
        repository: Repository,
        tenancy: Tenancy,
        name: str,
        version: int,
        *,
        document: str,
        summary: str,
    ) -> None:
        """Store a version."""
        values = {"version": version, "document": document, "summary": summary}
        await repository.run(self._create, **tenancy._asdict(), name=name, **values)

    async def delete(
        self, repository: Repository, tenancy: Tenancy, name: str, version: int
    ) -> bool:
        """Delete a version; return whether there was one."""
        values = {"name": name, "version": version}
        return await repository.run(self._delete, **tenancy._asdict(), **values) == 1


ITEM_SCHEMAS = Versions(item_schemas)
CATEGORY_TREES = Versions(category_trees)
