"""Items in bulk: checked before the response, in effect when their job is due."""

from collections.abc import Sequence

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.repository import items
from mockalog.vendors.braze.repository.catalogs import CatalogRow
from mockalog.vendors.braze.rules.array_edits import has_array_edits
from mockalog.vendors.braze.rules.catalog_schema import CatalogSchema, item_document
from mockalog.vendors.braze.rules.items import (
    NewItem,
    edited_items,
    item_ids,
    many_items,
    read_items,
)
from mockalog.vendors.braze.service import jobs
from mockalog.vendors.braze.service.catalogs import check_storage, find_current_catalog


async def create_items(call: Call, name: str, body: object) -> None:
    """Accept items to create."""
    catalog = await find_current_catalog(call, name)
    schema = catalog.schema
    new = read_items(schema, many_items(schema, body))
    await jobs.schedule_items(call, jobs.CREATE_ITEMS, catalog, new)


async def replace_items(call: Call, name: str, body: object) -> None:
    """Accept items to create or to replace; no other item call checks the storage limit."""
    catalog = await find_current_catalog(call, name)
    schema = catalog.schema
    new = read_items(schema, many_items(schema, body, not_strings="ids-not-string"))
    await check_storage(call, _size(schema, new))
    await jobs.schedule_items(call, jobs.REPLACE_ITEMS, catalog, new)


def _size(schema: CatalogSchema, new: Sequence[NewItem]) -> int:
    """Return the bytes of the items' documents."""
    return sum(len(item_document(schema, item.id, item.values).encode()) for item in new)


async def update_items(call: Call, name: str, body: object) -> None:
    """Accept edits of items."""
    catalog = await find_current_catalog(call, name)
    schema = catalog.schema
    edits = read_items(schema, many_items(schema, body), editing=True)
    await _check_array_edits(call, catalog, edits)
    await jobs.schedule_items(call, jobs.UPDATE_ITEMS, catalog, edits)


async def _check_array_edits(call: Call, catalog: CatalogRow, edits: Sequence[NewItem]) -> None:
    """Raise `BrazeError` if an edit breaks a limit of an array of an existing item."""
    schema = catalog.schema
    array_edits = [edit for edit in edits if has_array_edits(schema, edit.values)]
    if array_edits:
        ids = [edit.id for edit in array_edits]
        rows = await items.find_many(call.repository, catalog.id, ids)
        existing = [edit for edit in array_edits if edit.id in rows]
        edited_items(schema, [(rows[edit.id].current_values(schema), edit) for edit in existing])


async def delete_items(call: Call, name: str, body: object) -> None:
    """Accept ids of items to delete; other keys of the items are ignored."""
    catalog = await find_current_catalog(call, name)
    ids = [NewItem(item_id, {}) for item_id in item_ids(body)]
    await jobs.schedule_items(call, jobs.DELETE_ITEMS, catalog, ids)
