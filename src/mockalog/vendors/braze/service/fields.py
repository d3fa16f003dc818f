"""Fields: checked before the response, in effect when their job is due."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.rules.fields import deletable_token, new_fields
from mockalog.vendors.braze.service import jobs
from mockalog.vendors.braze.service.catalogs import check_storage, find_current_catalog


async def create_fields(call: Call, name: str, body: object) -> None:
    """Accept new fields."""
    catalog = await find_current_catalog(call, name)
    new = new_fields(body, catalog.schema)
    await check_storage(call)
    payload = {"fields": [list(field) for field in new]}
    await jobs.schedule(call, jobs.CREATE_FIELDS, catalog, payload)


async def delete_field(call: Call, name: str, field: str) -> None:
    """Accept a field to delete."""
    catalog = await find_current_catalog(call, name)
    token = deletable_token(field, catalog.schema, catalog.fields, catalog.selections)
    await jobs.schedule(call, jobs.DELETE_FIELD, catalog, {"field": field, "token": token})
