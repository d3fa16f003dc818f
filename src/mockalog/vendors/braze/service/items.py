"""Single items: a write takes effect before its response."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.errors import braze_error
from mockalog.vendors.braze.repository import items, positions
from mockalog.vendors.braze.rules import cursors
from mockalog.vendors.braze.rules.items import edited_items, one_item, read_items
from mockalog.vendors.braze.service import item_store
from mockalog.vendors.braze.service.catalogs import find_catalog, lock_catalog


async def list_items(call: Call, name: str, cursor: str | None) -> tuple[list[str], str | None]:
    """Return a page of items as JSON, and its Link header if it is not the only page."""
    catalog = await find_catalog(call, name)
    offset = cursors.offset_of(cursor)
    link = cursors.link(name, offset, catalog.num_items)
    if offset >= catalog.num_items:
        return [], link
    first, skip = await positions.locate(call.repository, catalog, offset)
    rows = await items.page(call.repository, catalog.id, first, skip=skip, limit=cursors.PAGE)
    schema = catalog.schema
    return [row.current_document(schema) for row in rows], link


async def get_item(call: Call, name: str, item_id: str) -> str:
    """Return an item as JSON."""
    result = await items.get(call.repository, name, item_id)
    if result is None:
        raise braze_error("catalog-not-found", name)
    schema, row = result
    if row is None:
        raise braze_error("item-not-found", item_id)
    return row.current_document(schema)


async def create_item(call: Call, name: str, item_id: str, body: object) -> None:
    """Store a new item."""
    catalog = await lock_catalog(call, name)
    schema = catalog.schema
    new = read_items(schema, [one_item(schema, body, item_id)], single=True)
    if not await item_store.create(call.repository, catalog, new, call.now):
        raise braze_error("item-already-exists", item_id)


async def replace_item(call: Call, name: str, item_id: str, body: object) -> None:
    """Replace the item of an id, or store a new item."""
    catalog = await lock_catalog(call, name)
    schema = catalog.schema
    [item] = read_items(schema, [one_item(schema, body, item_id)], single=True)
    row = await items.find(call.repository, catalog.id, item_id)
    if row is None:
        await item_store.create(call.repository, catalog, [item], call.now)
    else:
        await item_store.replace(call.repository, catalog, [(row, item.values)], call.now)


async def update_item(call: Call, name: str, item_id: str, body: object) -> None:
    """Change the values of an item that the body holds."""
    catalog = await lock_catalog(call, name)
    schema = catalog.schema
    [edit] = read_items(schema, [one_item(schema, body, item_id)], editing=True, single=True)
    row = await items.find(call.repository, catalog.id, item_id)
    if row is None:
        raise braze_error("item-not-found", item_id)
    [values] = edited_items(schema, [(row.current_values(schema), edit)])
    await item_store.replace(call.repository, catalog, [(row, values)], call.now)


async def delete_item(call: Call, name: str, item_id: str) -> None:
    """Delete an item. A missing item is a 400: the only two sources agree on that."""
    catalog = await lock_catalog(call, name)
    row = await items.find(call.repository, catalog.id, item_id)
    if row is None:
        raise braze_error("item-not-found.400", item_id)
    await item_store.delete(call.repository, catalog, [row], call.now)
