"""What the vendor has no call for: the dashboard's part, for tests."""

from typing import Any

from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.repository import catalogs, items
from mockalog.vendors.braze.rules.fields import marked
from mockalog.vendors.braze.rules.layout import shown
from mockalog.vendors.braze.rules.picks import picked
from mockalog.vendors.braze.rules.selections import find as find_selection
from mockalog.vendors.braze.service.catalogs import find, layout, lock


async def selected(call: Call, name: str, selection_name: str) -> list[Any]:
    """Return the items that a selection picks now; raises `Rejected`."""
    catalog = await find(call, name)
    selection = find_selection(catalog.selections, selection_name)
    known, seed = layout(catalog), str(call.setting("braze.random_seed"))
    best: list[Any] = []
    async for rows in items.walk(call.repository, catalog.id):
        best = picked(selection, best + [loads(shown(known, row)) for row in rows], seed)
    return best


async def mark_field(call: Call, name: str, field: str) -> dict[str, Any]:
    """Set a field's marks from the body and return the field; raises `Rejected`."""
    catalog = await lock(call, name)
    fields = loads(catalog.fields)
    found = marked(fields, field, call.json)
    await catalogs.set_fields(
        call.repository,
        catalog.id,
        dumps(fields).decode(),
        tokens=catalog.tokens,
        drops=catalog.drops,
        now=call.now,
    )
    return found
