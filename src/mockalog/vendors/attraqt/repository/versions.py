"""The rows of item schemas and category trees."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Table, bindparam, delete, insert, select

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, series
from mockalog.vendors.attraqt.models import category_trees, item_schemas
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


class SummaryRow(NamedTuple):
    """A version as lists show it; `summary` is JSON."""

    name: str
    summary: str


class NameRow(NamedTuple):
    """The name and the number of a version."""

    name: str
    version: int


class NumberRow(NamedTuple):
    """The number of a version."""

    version: int


class DocumentRow(NamedTuple):
    """The JSON of a version."""

    document: str


class Versions:
    """The queries of one table of named, versioned documents."""

    def __init__(self, table: Table) -> None:
        mine = of_tenancy(table)
        named = (*mine, table.c.name == bindparam("name"))
        one = (*named, table.c.version == bindparam("version"))
        self._table = table.name
        self._summaries = Query(
            select(table.c.name, table.c.summary).where(*mine).order_by(table.c.id.desc()),
            SummaryRow,
        )
        self._names = Query(select(table.c.name, table.c.version).where(*mine), NameRow)
        self._exists = Query(select(table.c.version).where(*named).limit(1), NumberRow)
        self._find = Query(select(table.c.document).where(*one), DocumentRow)
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
        """Return the next version of a name; the name is locked until commit."""
        return await repository.next_number(series(self._table, *tenancy, name))

    async def summaries(self, repository: Repository, tenancy: Tenancy) -> Sequence[SummaryRow]:
        """Return name and summary of every version, newest first."""
        return await repository.all(self._summaries, **tenancy._asdict())

    async def names(self, repository: Repository, tenancy: Tenancy) -> set[tuple[str, int]]:
        """Return the name and the number of every version."""
        rows = await repository.all(self._names, **tenancy._asdict())
        return {(row.name, row.version) for row in rows}

    async def exists(self, repository: Repository, tenancy: Tenancy, name: str) -> bool:
        """Return whether a name has a version."""
        row = await repository.first(self._exists, **tenancy._asdict(), name=name)
        return row is not None

    async def find(
        self, repository: Repository, tenancy: Tenancy, name: str, version: int
    ) -> str | None:
        """Return the JSON of one version, None if it does not exist."""
        row = await repository.first(self._find, **tenancy._asdict(), name=name, version=version)
        return None if row is None else row.document

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
        """Delete a version; return whether it existed."""
        values = {"name": name, "version": version}
        return await repository.run(self._delete, **tenancy._asdict(), **values) == 1


ITEM_SCHEMAS = Versions(item_schemas)
CATEGORY_TREES = Versions(category_trees)
