"""Calls that Braze's API lacks: parts of the dashboard, for tests."""

from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.repository import catalogs, items
from mockalog.vendors.braze.rules.fields import set_marks
from mockalog.vendors.braze.rules.selection_results import Item, select_items
from mockalog.vendors.braze.rules.selections import find_selection
from mockalog.vendors.braze.service.catalogs import find_catalog, lock_catalog


async def list_selected_items(call: Call, name: str, selection_name: str) -> list[Item]:
    """Return the current items of a selection; raises `BrazeError`."""
    catalog = await find_catalog(call, name)
    selection = find_selection(catalog.selections, selection_name)
    schema, seed = catalog.schema, str(call.setting("braze.random_seed"))
    results: list[Item] = []
    async for rows in items.walk(call.repository, catalog.id):
        more = [loads(row.current_document(schema)) for row in rows]
        results = select_items(selection, results + more, seed)
    return results


async def mark_field(call: Call, name: str, field_name: str, marks: object) -> dict[str, object]:
    """Set the marks of a field and return the field; raises `BrazeError`."""
    catalog = await lock_catalog(call, name)
    fields = loads(catalog.fields)
    field = set_marks(fields, field_name, marks)
    await catalogs.set_fields(
        call.repository,
        catalog.id,
        dumps(fields).decode(),
        tokens=catalog.tokens,
        drops=catalog.drops,
        now=call.now,
    )
    return field
