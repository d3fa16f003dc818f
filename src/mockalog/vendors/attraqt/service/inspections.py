"""What the vendor has no call for: reading items back, for tests."""

from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import (
    CATALOG_NOT_FOUND,
    INVALID_ARGUMENT,
    ITEM_TENANT_ENV,
    Rejected,
)
from mockalog.vendors.attraqt.repository import items, ledgers
from mockalog.vendors.attraqt.rules.tenancy import integer
from mockalog.vendors.attraqt.service.tenancy import tenancy_of

# Items on a page.
PAGE = 1000


async def list_items(call: Call) -> dict[str, Any]:
    """Return a page of a catalog's items, how many there are in all, and the next cursor.

    `cursor` is what the page before gave; the last page gives none.
    """
    tenancy = tenancy_of(call, ITEM_TENANT_ENV)
    position = integer(call.query.get("cursor") or 0)
    if position is None:
        raise Rejected(INVALID_ARGUMENT, "cursor must be one that a page gave")
    version = integer(call.query.get("catalogVersion"))
    ledger = None
    if version is not None:
        ledger = await ledgers.find_open(call.repository, tenancy, version)
    if ledger is None:
        raise Rejected(CATALOG_NOT_FOUND)
    found = await items.page(call.repository, ledger.id, position=position, limit=PAGE)
    following = found[-1].position + 1 if len(found) == PAGE else None
    cursor = None if following is None else str(following)
    return schemas.inspected_items_out(found, ledger.num_items, cursor)
