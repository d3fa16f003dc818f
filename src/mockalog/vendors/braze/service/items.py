"""Single items: synchronous, visible with the answer."""

from collections.abc import Sequence
from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.errors import rejected
from mockalog.vendors.braze.repository import items, positions
from mockalog.vendors.braze.rules import cursors
from mockalog.vendors.braze.rules.changes import NotChanged, changed
from mockalog.vendors.braze.rules.items import Misfits, NewItem, normalised_items, one_item
from mockalog.vendors.braze.rules.layout import Layout, layout_of, shown, values_of
from mockalog.vendors.braze.service import store
from mockalog.vendors.braze.service.catalogs import find, layout, lock


async def list_items(call: Call, name: str) -> tuple[list[str], str | None]:
    """Return a page of items as JSON, and the Link header if there are more than fit on it."""
    catalog = await find(call, name)
    offset = cursors.offset_of(call.query.get("cursor"))
    link = cursors.link(name, offset, catalog.num_items)
    if offset >= catalog.num_items:
        return [], link
    first, skip = await positions.locate(call.repository, catalog, offset)
    rows = await items.page(call.repository, catalog.id, first, skip=skip, limit=cursors.PAGE)
    known = layout(catalog)
    return [shown(known, row) for row in rows], link


async def get_item(call: Call, name: str, item_id: str) -> str:
    """Return an item as JSON."""
    row = await items.get(call.repository, name, item_id)
    if row is None:
        raise rejected("catalog-not-found", name)
    if row.item_id is None:
        raise rejected("item-not-found", item_id)
    known = layout_of(row.fields, row.selections, row.catalog_tokens, row.catalog_drops)
    return shown(known, row)


async def create_item(call: Call, name: str, item_id: str, body: Any) -> None:
    """Store a new item."""
    catalog = await lock(call, name)
    known = layout(catalog)
    new = normalised_items(known, [one_item(body, item_id)], single=True)
    if not await store.create(call.repository, catalog, known, new, call.now):
        raise rejected("item-already-exists", item_id)


async def replace_item(call: Call, name: str, item_id: str, body: Any) -> None:
    """Store an item in place of the one of that id, or as a new one."""
    catalog = await lock(call, name)
    known = layout(catalog)
    new = normalised_items(known, [one_item(body, item_id)], single=True)
    row = await items.find(call.repository, catalog.id, item_id)
    if row is None:
        await store.create(call.repository, catalog, known, new, call.now)
    else:
        await store.replace(call.repository, catalog, known, [(row, new[0].values)], call.now)


async def update_item(call: Call, name: str, item_id: str, body: Any) -> None:
    """Change the values that are sent."""
    catalog = await lock(call, name)
    known = layout(catalog)
    wanted = [one_item(body, item_id)]
    [new] = normalised_items(known, wanted, editing=True, single=True)
    row = await items.find(call.repository, catalog.id, item_id)
    if row is None:
        raise rejected("item-not-found", item_id)
    [values] = edited(known, [(row, new)])
    await store.replace(call.repository, catalog, known, [(row, values)], call.now)


async def delete_item(call: Call, name: str, item_id: str) -> None:
    """Delete an item. Not found is a 400 here: the only two sources that speak say so."""
    catalog = await lock(call, name)
    row = await items.find(call.repository, catalog.id, item_id)
    if row is None:
        raise rejected("item-not-found.400", item_id)
    await store.delete(call.repository, catalog, [row], call.now)


def edited(layout: Layout, found: Sequence[tuple[Any, NewItem]]) -> list[dict[str, Any]]:
    """Return the values of stored rows after an edit; raises `Rejected`."""
    misfits = Misfits()
    after = []
    for row, edit in found:
        try:
            after.append(changed(layout, values_of(layout, row), edit.values))
        except NotChanged as error:
            for field, error_id in error.misfits.items():
                misfits.add(error_id, edit.id, field, edit.values[field])
    misfits.check()
    return after
