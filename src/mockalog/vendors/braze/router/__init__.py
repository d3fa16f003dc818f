"""Braze's operations: paths, verbs, statuses, permissions and rate buckets (braze.md, 1 and 2).

Bodies are read here, before the service looks for the catalog: bad syntax comes first (section 7).
"""

from mockalog.kernel.call import Call
from mockalog.kernel.rate_limit import Bucket
from mockalog.kernel.vendor_route import VendorRouter
from mockalog.kernel.wire import Answer, answer
from mockalog.vendors.braze.rules.catalogs import new_catalog
from mockalog.vendors.braze.schemas import SUCCESS, items_out, success
from mockalog.vendors.braze.service import bulk, catalogs, items, schema
from mockalog.vendors.braze.service import inspections as inspecting

router = VendorRouter()
# Under `/_mockalog/braze`: what the vendor's dashboard does and shows, and its API does not.
inspections = VendorRouter()

SYNC_CATALOGS = Bucket("braze.sync-catalogs", limit=50, seconds=60)
SYNC_ITEMS = Bucket("braze.sync-items", limit=50, seconds=60)
ASYNC_ITEMS = Bucket("braze.async-items", limit=16_000, seconds=60)
ASYNC_SCHEMA = Bucket("braze.async-schema", limit=50, seconds=60)

CATALOGS = "/catalogs"
CATALOG = f"{CATALOGS}/{{catalog_name}}"
ITEMS = f"{CATALOG}/items"
ITEM = f"{ITEMS}/{{item_id}}"


@router.post(CATALOGS, permission="catalogs.create", bucket=SYNC_CATALOGS)
async def create_catalog(call: Call) -> Answer:
    """Create the one catalog of the body."""
    catalog = await catalogs.create_catalog(call, new_catalog(call.json))
    return answer({"catalogs": [catalog], **SUCCESS}, 201)


@router.get(CATALOGS, permission="catalogs.get", bucket=SYNC_CATALOGS)
async def list_catalogs(call: Call) -> Answer:
    """List every catalog; Braze documents no paging here."""
    return answer({"catalogs": await catalogs.list_catalogs(call), **SUCCESS})


@router.delete(CATALOG, permission="catalogs.delete", bucket=SYNC_CATALOGS)
async def delete_catalog(call: Call, catalog_name: str) -> Answer:
    """Delete a catalog with its items and selections."""
    await catalogs.delete_catalog(call, catalog_name)
    return success()


@router.get(ITEMS, permission="catalogs.get_items", bucket=SYNC_ITEMS)
async def list_items(call: Call, catalog_name: str) -> Answer:
    """List fifty items; the Link header leads to those before and after."""
    documents, link = await items.list_items(call, catalog_name)
    page = items_out(documents)
    return page if link is None else page._replace(headers=((b"link", link.encode()),))


@router.get(ITEM, permission="catalogs.get_item", bucket=SYNC_ITEMS)
async def get_item(call: Call, catalog_name: str, item_id: str) -> Answer:
    """Get one item, in an array of one."""
    return items_out([await items.get_item(call, catalog_name, item_id)])


@router.post(ITEM, permission="catalogs.create_item", bucket=SYNC_ITEMS)
async def create_item(call: Call, catalog_name: str, item_id: str) -> Answer:
    """Create an item; fields that are not sent are null."""
    await items.create_item(call, catalog_name, item_id, call.json)
    return success(201)


@router.put(ITEM, permission="catalogs.replace_item", bucket=SYNC_ITEMS)
async def replace_item(call: Call, catalog_name: str, item_id: str) -> Answer:
    """Replace an item whole, or create it."""
    await items.replace_item(call, catalog_name, item_id, call.json)
    return success()


@router.patch(ITEM, permission="catalogs.update_item", bucket=SYNC_ITEMS)
async def update_item(call: Call, catalog_name: str, item_id: str) -> Answer:
    """Change the fields that are sent."""
    await items.update_item(call, catalog_name, item_id, call.json)
    return success()


@router.delete(ITEM, permission="catalogs.delete_item", bucket=SYNC_ITEMS)
async def delete_item(call: Call, catalog_name: str, item_id: str) -> Answer:
    """Delete an item: at once, though the answer is 202."""
    await items.delete_item(call, catalog_name, item_id)
    return success(202)


@router.post(ITEMS, permission="catalogs.add_items", bucket=ASYNC_ITEMS, schedules=True)
async def create_items(call: Call, catalog_name: str) -> Answer:
    """Accept up to fifty items to create; those that there are stay as they are."""
    await bulk.create_items(call, catalog_name, call.json)
    return success(202)


@router.put(ITEMS, permission="catalogs.replace_items", bucket=ASYNC_ITEMS, schedules=True)
async def replace_items(call: Call, catalog_name: str) -> Answer:
    """Accept up to fifty items to create or replace."""
    await bulk.replace_items(call, catalog_name, call.json)
    return success(202)


@router.patch(ITEMS, permission="catalogs.update_items", bucket=ASYNC_ITEMS, schedules=True)
async def update_items(call: Call, catalog_name: str) -> Answer:
    """Accept up to fifty edits; those of unknown items are dropped."""
    await bulk.update_items(call, catalog_name, call.json)
    return success(202)


@router.delete(ITEMS, permission="catalogs.delete_items", bucket=ASYNC_ITEMS, schedules=True)
async def delete_items(call: Call, catalog_name: str) -> Answer:
    """Accept up to fifty items to delete, named in the body."""
    await bulk.delete_items(call, catalog_name, call.json)
    return success(202)


@router.post(
    f"{CATALOG}/fields",
    permission="catalogs.create_fields",
    bucket=ASYNC_SCHEMA,
    schedules=True,
)
async def create_fields(call: Call, catalog_name: str) -> Answer:
    """Accept new fields."""
    await schema.create_fields(call, catalog_name, call.json)
    return success(202)


@router.delete(
    f"{CATALOG}/fields/{{field_name}}",
    permission="catalogs.delete_fields",
    bucket=ASYNC_SCHEMA,
    schedules=True,
)
async def delete_field(call: Call, catalog_name: str, field_name: str) -> Answer:
    """Accept a field to delete."""
    await schema.delete_field(call, catalog_name, field_name)
    return success(202)


@router.post(
    f"{CATALOG}/selections",
    permission="catalogs.create_selection",
    bucket=ASYNC_SCHEMA,
    schedules=True,
)
async def create_selection(call: Call, catalog_name: str) -> Answer:
    """Accept a new selection."""
    await schema.create_selection(call, catalog_name, call.json)
    return success(202)


@router.delete(
    f"{CATALOG}/selections/{{selection_name}}",
    permission="catalogs.delete_selection",
    bucket=ASYNC_SCHEMA,
    schedules=True,
)
async def delete_selection(call: Call, catalog_name: str, selection_name: str) -> Answer:
    """Accept a selection to delete."""
    await schema.delete_selection(call, catalog_name, selection_name)
    return success(202)


@inspections.get("/selections/{catalog_name}/{selection_name}/items")
async def list_selected_items(call: Call, catalog_name: str, selection_name: str) -> Answer:
    """List the items that a selection picks, in its order."""
    return answer({"items": await inspecting.selected(call, catalog_name, selection_name)})


@inspections.patch("/catalogs/{catalog_name}/fields/{field_name}")
async def mark_field(call: Call, catalog_name: str, field_name: str) -> Answer:
    """Mark a field as `is_inventory` or `is_price`, as the dashboard does."""
    return answer(await inspecting.mark_field(call, catalog_name, field_name))
