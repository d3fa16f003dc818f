"""Selections: checked before the response, in effect when their job is due."""

from mockalog.kernel.formats.json import loads
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.rules.selections import check_new, find_selection, new_selection
from mockalog.vendors.braze.service import jobs
from mockalog.vendors.braze.service.catalogs import check_storage, find_current_catalog


async def create_selection(call: Call, name: str, body: object) -> None:
    """Accept a new selection."""
    catalog = await find_current_catalog(call, name)
    selection = new_selection(body, catalog.schema)
    check_new(selection, loads(catalog.selections))
    await check_storage(call)
    await jobs.schedule(call, jobs.CREATE_SELECTION, catalog, {"selection": selection})


async def delete_selection(call: Call, name: str, selection_name: str) -> None:
    """Accept a selection to delete."""
    catalog = await find_current_catalog(call, name)
    selection = find_selection(catalog.selections, selection_name)
    payload = {"number": selection["number"]}
    await jobs.schedule(call, jobs.DELETE_SELECTION, catalog, payload)
