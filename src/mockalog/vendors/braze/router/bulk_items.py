"""Items in bulk: docs/vendors/braze.md#47-bulk-writes."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.router.access import (
    ASYNC_ITEMS,
    CONTAINER_ERRORS,
    ID_ERRORS,
    KEY,
    VALUE_ERRORS,
)
from mockalog.vendors.braze.router.paths import ITEMS
from mockalog.vendors.braze.schemas.catalogs import CatalogName
from mockalog.vendors.braze.schemas.items import ItemEditsIn, ItemKeysIn, ItemsIn
from mockalog.vendors.braze.schemas.responses import SuccessOut, succeeds, success
from mockalog.vendors.braze.service import bulk_items

router = VendorRouter(
    tag="Items in bulk",
    key=KEY,
    bucket=ASYNC_ITEMS,
    may_schedule_jobs=True,
    responses=succeeds(SuccessOut, 202),
)

ITEM_ERRORS = (*CONTAINER_ERRORS, "items-missing-ids", *ID_ERRORS, "ids-not-unique")


@router.post(
    ITEMS,
    permission="catalogs.add_items",
    body=ItemsIn,
    errors=(*ITEM_ERRORS, "ids-not-strings", *VALUE_ERRORS),
)
async def create_items(call: Call, catalog_name: CatalogName) -> Response:
    """Create up to 50 items shortly after the answer. Items that exist stay as they are."""
    await bulk_items.create_items(call, catalog_name, call.json)
    return success(202)


@router.put(
    ITEMS,
    permission="catalogs.replace_items",
    body=ItemsIn,
    errors=(
        *ITEM_ERRORS,
        "ids-not-string",
        *VALUE_ERRORS,
        "company-size-limit-already-reached",
        "company-size-limit-surge",
    ),
)
async def replace_items(call: Call, catalog_name: CatalogName) -> Response:
    """Replace or create up to 50 items shortly after the answer.

    Fields that an item leaves out become null.
    """
    await bulk_items.replace_items(call, catalog_name, call.json)
    return success(202)


@router.patch(
    ITEMS,
    permission="catalogs.update_items",
    body=ItemEditsIn,
    errors=(*ITEM_ERRORS, "ids-not-strings", *VALUE_ERRORS),
)
async def update_items(call: Call, catalog_name: CatalogName) -> Response:
    """Change fields of up to 50 items shortly after the answer.

    Braze drops edits of items that do not exist.
    """
    await bulk_items.update_items(call, catalog_name, call.json)
    return success(202)


@router.delete(
    ITEMS,
    permission="catalogs.delete_items",
    body=ItemKeysIn,
    errors=(*ITEM_ERRORS, "ids-not-strings"),
)
async def delete_items(call: Call, catalog_name: CatalogName) -> Response:
    """Delete up to 50 items shortly after the answer. Braze drops unknown ids."""
    await bulk_items.delete_items(call, catalog_name, call.json)
    return success(202)
