"""Single items: docs/vendors/braze.md#4-items."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.router.access import (
    CONTAINER_ERRORS,
    ID_ERRORS,
    KEY,
    SYNC_ITEMS,
    VALUE_ERRORS,
)
from mockalog.vendors.braze.router.paths import ITEM, ITEMS
from mockalog.vendors.braze.schemas.catalogs import CatalogName
from mockalog.vendors.braze.schemas.items import (
    ItemId,
    ItemsOut,
    OneEditIn,
    OneItemIn,
    OneItemOut,
    PageIn,
    items_out,
)
from mockalog.vendors.braze.schemas.responses import LINK, SuccessOut, succeeds, success
from mockalog.vendors.braze.service import items

router = VendorRouter(tag="Items", key=KEY, bucket=SYNC_ITEMS)

WRITE_ERRORS = (
    *CONTAINER_ERRORS,
    *ID_ERRORS,
    "id-in-body",
    *VALUE_ERRORS,
    "filtered-set-field-too-long",
)


@router.get(
    ITEMS,
    permission="catalogs.get_items",
    query=PageIn,
    responses=succeeds(ItemsOut, headers=LINK),
    errors=("catalog-not-found", "invalid-cursor"),
)
async def list_items(call: Call, catalog_name: CatalogName) -> Response:
    """List the items of a catalog, 50 on a page. The `Link` header leads to the other pages."""
    documents, link = await items.list_items(call, catalog_name, call.query.get("cursor"))
    page = items_out(documents)
    return page if link is None else page._replace(headers=((b"link", link.encode()),))


@router.get(
    ITEM,
    permission="catalogs.get_item",
    responses=succeeds(OneItemOut),
    errors=("catalog-not-found", "item-not-found"),
)
async def get_item(call: Call, catalog_name: CatalogName, item_id: ItemId) -> Response:
    """Return one item, in an array."""
    return items_out([await items.get_item(call, catalog_name, item_id)])


@router.post(
    ITEM,
    permission="catalogs.create_item",
    body=OneItemIn,
    responses=succeeds(SuccessOut, 201),
    errors=(*WRITE_ERRORS, "item-already-exists"),
)
async def create_item(call: Call, catalog_name: CatalogName, item_id: ItemId) -> Response:
    """Create one item at once. Fields that the request leaves out are null."""
    await items.create_item(call, catalog_name, item_id, call.json)
    return success(201)


@router.put(
    ITEM,
    permission="catalogs.replace_item",
    body=OneItemIn,
    responses=succeeds(SuccessOut),
    errors=WRITE_ERRORS,
)
async def replace_item(call: Call, catalog_name: CatalogName, item_id: ItemId) -> Response:
    """Replace one item at once, or create it. Fields that the request leaves out become null."""
    await items.replace_item(call, catalog_name, item_id, call.json)
    return success()


@router.patch(
    ITEM,
    permission="catalogs.update_item",
    body=OneEditIn,
    responses=succeeds(SuccessOut),
    errors=(*WRITE_ERRORS, "item-not-found"),
)
async def update_item(call: Call, catalog_name: CatalogName, item_id: ItemId) -> Response:
    """Change fields of one item at once. The other fields keep their values."""
    await items.update_item(call, catalog_name, item_id, call.json)
    return success()


@router.delete(
    ITEM,
    permission="catalogs.delete_item",
    responses=succeeds(SuccessOut, 202),
    errors=("catalog-not-found", "item-not-found.400"),
)
async def delete_item(call: Call, catalog_name: CatalogName, item_id: ItemId) -> Response:
    """Delete one item at once, in spite of the status 202."""
    await items.delete_item(call, catalog_name, item_id)
    return success(202)
