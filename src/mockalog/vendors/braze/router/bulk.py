"""Items in bulk: docs/vendors/braze.md#47-bulk-writes."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.router.access import ASYNC_ITEMS, KEY
from mockalog.vendors.braze.router.paths import ITEMS
from mockalog.vendors.braze.router.refusals import CONTAINER, IDS, VALUES
from mockalog.vendors.braze.schemas.answers import SuccessOut, succeeds, success
from mockalog.vendors.braze.schemas.catalogs import CatalogName
from mockalog.vendors.braze.schemas.items import ItemEditsIn, ItemKeysIn, ItemsIn
from mockalog.vendors.braze.service import bulk

router = VendorRouter(
    tag="Items in bulk",
    key=KEY,
    bucket=ASYNC_ITEMS,
    may_schedule_jobs=True,
    responses=succeeds(SuccessOut, 202),
)

NAMING = (*CONTAINER, "items-missing-ids", *IDS, "ids-not-unique")


@router.post(
    ITEMS,
    permission="catalogs.add_items",
    body=ItemsIn,
    errors=(*NAMING, "ids-not-strings", *VALUES),
)
async def create_items(call: Call, catalog_name: CatalogName) -> Response:
    """Create up to 50 items shortly after the answer. Items that exist stay as they are."""
    await bulk.create_items(call, catalog_name, call.json)
    return success(202)


@router.put(
    ITEMS,
    permission="catalogs.replace_items",
    body=ItemsIn,
    errors=(
        *NAMING,
        "ids-not-string",
        *VALUES,
        "company-size-limit-already-reached",
        "company-size-limit-surge",
    ),
)
async def replace_items(call: Call, catalog_name: CatalogName) -> Response:
    """Replace or create up to 50 items shortly after the answer.

    Fields that an item leaves out become null.
    """
    await bulk.replace_items(call, catalog_name, call.json)
    return success(202)


@router.patch(
    ITEMS,
    permission="catalogs.update_items",
    body=ItemEditsIn,
    errors=(*NAMING, "ids-not-strings", *VALUES),
)
async def update_items(call: Call, catalog_name: CatalogName) -> Response:
    """Change fields of up to 50 items shortly after the answer.

    Braze drops edits of items that do not exist.
    """
    await bulk.update_items(call, catalog_name, call.json)
    return success(202)


@router.delete(
    ITEMS,
    permission="catalogs.delete_items",
    body=ItemKeysIn,
    errors=(*NAMING, "ids-not-strings"),
)
async def delete_items(call: Call, catalog_name: CatalogName) -> Response:
    """Delete up to 50 items shortly after the answer. Braze drops unknown ids."""
    await bulk.delete_items(call, catalog_name, call.json)
    return success(202)
