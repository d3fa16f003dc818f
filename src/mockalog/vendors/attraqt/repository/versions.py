"""The rows of item schemas and category trees."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select

from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import category_trees, item_schemas
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


class Versions:
    """The queries of one table of named, versioned documents."""

    def __init__(self, table: Table) -> None:
        mine = of_tenancy(table)
        named = (*mine, table.c.name == bindparam("name"))
        one = (*named, table.c.version == bindparam("version"))
        self._table = table.name
        self._summaries = (
            select(table.c.name, table.c.summary).where(*mine).order_by(table.c.id.desc())
        )
        self._known = select(table.c.name, table.c.version).where(*mine)
        self._exists = select(table.c.version).where(*named).limit(1)
        self._get = select(table.c.document).where(*one)
        self._delete = delete(table).where(*one)
        self._create = insert(table).values(
            sandbox_id=bindparam("sandbox_id"),
            id=bindparam("id"),
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
        values = {
            "id": await repository.next_number(series(self._table)),
            "version": version,
            "document": document,
            "summary": summary,
        }
        await repository.run(self._create, **tenancy._asdict(), name=name, **values)

    async def delete(
        self, repository: Repository, tenancy: Tenancy, name: str, version: int
    ) -> bool:
        """Delete a version; return whether there was one."""
        values = {"name": name, "version": version}
        return await repository.run(self._delete, **tenancy._asdict(), **values) == 1


ITEM_SCHEMAS = Versions(item_schemas)
CATEGORY_TREES = Versions(category_trees)
