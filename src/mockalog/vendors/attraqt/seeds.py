"""The section `attraqt` of a seed file."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from mockalog.kernel.documents.errors import Path
from mockalog.kernel.documents.seeds import Caller, Parts, Section, Seed, chunks

# Items in one message; the vendor documents no limit.
MESSAGE = 500


class Catalog(Section):
    """A catalog with its items; by default it refers to all schemas and trees of its tenancy."""

    name: str | None = None
    schemas: list[dict[str, Any]] | None = None
    trees: list[dict[str, Any]] | None = None
    items: Parts = ()
    active: bool = False


class Tenancy(Section):
    """The data of one tenancy; schemas, trees and items have the form of Attraqt's requests."""

    tenant: str
    environment: str
    locale: str | None = None
    schemas: Sequence[dict[str, Any]] = ()
    trees: Sequence[dict[str, Any]] = ()
    catalogs: Sequence[Catalog] = ()

    async def apply(self, caller: Caller, at: Path) -> None:
        """Create the schemas and trees, then the catalogs that refer to them."""
        if self.locale is not None:
            path = f"/locale/{quote(self.locale, safe='')}"
            await self._call(caller, path, None, (*at, "locale"))
        schemas = await self._documents(caller, "/item-schemas", self.schemas, (*at, "schemas"))
        trees = await self._documents(caller, "/category-trees", self.trees, (*at, "trees"))
        for number, catalog in enumerate(self.catalogs):
            references = {
                "catalogItemSchemas": schemas if catalog.schemas is None else catalog.schemas,
                "catalogCategoryTrees": trees if catalog.trees is None else catalog.trees,
            }
            await self._catalog(caller, catalog, references, (*at, "catalogs", number))

    async def _documents(
        self, caller: Caller, path: str, documents: Sequence[dict[str, Any]], at: Path
    ) -> list[dict[str, Any]]:
        """Create versions and return references to them."""
        references = []
        for number, document in enumerate(documents):
            created = await self._call(caller, path, document, (*at, number))
            references.append({"name": document["name"], "version": created["version"]})
        return references

    async def _catalog(
        self, caller: Caller, catalog: Catalog, references: dict[str, Any], at: Path
    ) -> None:
        named = {} if catalog.name is None else {"name": catalog.name}
        created = await self._call(caller, "/catalogs", {**named, **references}, at)
        version = created["version"]
        for first, some in chunks(catalog.items, MESSAGE):
            message = [{"catalogVersion": version, **item} for item in some]
            await self._call(caller, "/items", message, (*at, "items", first))
        if catalog.active:
            await self._call(caller, f"/catalogs/activate/{version}", None, (*at, "active"))

    async def _call(self, caller: Caller, path: str, body: Any, at: Path) -> Any:
        query = {"tenant": self.tenant, "environment": self.environment}
        return await caller.call("POST", path, body, at=at, query=query)


class AttraqtSeed(Seed):
    """Tenancies, in the order in which they are listed."""

    tenancies: Sequence[Tenancy] = ()

    async def apply(self, caller: Caller) -> None:
        """Create the data of all tenancies."""
        for number, tenancy in enumerate(self.tenancies):
            await tenancy.apply(caller, ("tenancies", number))
