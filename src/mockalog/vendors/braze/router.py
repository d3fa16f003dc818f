"""Braze's operations: paths, verbs, statuses, permissions and rate buckets (braze.md, 1 and 2)."""

from mockalog.kernel.call import Call
from mockalog.kernel.rate_limit import Bucket
from mockalog.kernel.routing import Router
from mockalog.kernel.wire import Answer, answer
from mockalog.vendors.braze import rules, service
from mockalog.vendors.braze.schemas import SUCCESS

router = Router()

SYNC_CATALOGS = Bucket("braze.sync-catalogs", limit=50, seconds=60)


@router.post("/catalogs", permission="catalogs.create", bucket=SYNC_CATALOGS)
async def create_catalog(call: Call) -> Answer:
    """Create the one catalog of the body."""
    catalog = await service.create_catalog(call, rules.new_catalog(call.json))
    return answer({"catalogs": [catalog], **SUCCESS}, 201)


@router.get("/catalogs", permission="catalogs.get", bucket=SYNC_CATALOGS)
async def list_catalogs(call: Call) -> Answer:
    """List every catalog; Braze documents no paging here."""
    return answer({"catalogs": await service.list_catalogs(call), **SUCCESS})


@router.delete("/catalogs/{catalog_name}", permission="catalogs.delete", bucket=SYNC_CATALOGS)
async def delete_catalog(call: Call, catalog_name: str) -> Answer:
    """Delete a catalog with its items and selections."""
    await service.delete_catalog(call, catalog_name)
    return answer(SUCCESS)
