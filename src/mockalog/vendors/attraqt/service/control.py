"""Calls of the control plane: list the items of a catalog, which the vendor's API cannot."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import CATALOG_NOT_FOUND, AttraqtError
from mockalog.vendors.attraqt.repository import catalog_history, items
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

# Items on a page.
PAGE_SIZE = 1000


async def list_items(
    call: Call, tenancy: Tenancy, version: int | None, position: int
) -> dict[str, object]:
    """Return a page of a catalog's items, their number in the catalog, and the next cursor.

    `position`: the cursor of the page before, 0 for the first page. The last page has no cursor.
    """
    history = None
    if version is not None:
        history = await catalog_history.find_open(call.repository, tenancy, version)
    if history is None:
        raise AttraqtError(CATALOG_NOT_FOUND)
    rows = await items.list_from(call.repository, history.id, position=position, limit=PAGE_SIZE)
    cursor = str(rows[-1].position + 1) if len(rows) == PAGE_SIZE else None
    return schemas.inspected_items_out(rows, history.num_items, cursor)
