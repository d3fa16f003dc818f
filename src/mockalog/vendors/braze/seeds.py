"""The section `braze` of a seed file."""

from collections.abc import Sequence
from urllib.parse import quote

from mockalog.kernel.documents.errors import InvalidDocumentError, Path
from mockalog.kernel.documents.seeds import Caller, Part, Parts, Section, Seed, chunks
from mockalog.vendors.braze.rules.items import MAX_ITEMS


class Catalog(Section):
    """A catalog with what is in it; fields, items and selections as Braze takes them."""

    name: str
    description: str | None = None
    fields: list[Part]
    items: Parts = ()
    selections: Sequence[Part] = ()

    async def apply(self, caller: Caller, at: Path) -> None:
        """Create the catalog, its items, and last the selections, which need the fields."""
        described = {} if self.description is None else {"description": self.description}
        body = {"catalogs": [{"name": self.name, **described, "fields": self.fields}]}
        await caller.call("POST", "/catalogs", body, at=at)
        path = f"/catalogs/{quote(self.name, safe='')}"
        for first, some in chunks(self.items, MAX_ITEMS):
            await _create_items(caller, f"{path}/items", some, (*at, "items"), first)
        for number, selection in enumerate(self.selections):
            place = (*at, "selections", number)
            await caller.call("POST", f"{path}/selections", {"selection": selection}, at=place)


async def _create_items(
    caller: Caller, path: str, items: Sequence[Part], at: Path, first: int
) -> None:
    """Create items by one call; after an error each by its own call, to find the wrong one.

    `first` is the number of the first item.
    """
    try:
        await caller.call("POST", path, {"items": list(items)}, at=(*at, first))
    except InvalidDocumentError:
        for number, item in enumerate(items, first):
            await caller.call("POST", path, {"items": [item]}, at=(*at, number))
        raise  # each alone is valid, such as two items of one id


class BrazeSeed(Seed):
    """Catalogs, in the order in which they are listed."""

    catalogs: Sequence[Catalog] = ()

    async def apply(self, caller: Caller) -> None:
        """Create the catalogs."""
        for number, catalog in enumerate(self.catalogs):
            await catalog.apply(caller, ("catalogs", number))
