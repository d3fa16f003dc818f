"""Batches, ingestions and the default locale (attraqt.md, sections 7 and 8)."""

from mockalog.kernel.call import Call
from mockalog.kernel.vendor_route import VendorRouter
from mockalog.kernel.wire import Answer, answer
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.router.items import ITEMS
from mockalog.vendors.attraqt.service import batches, ingestions, locales

router = VendorRouter()

BATCH_ITEMS = "/batch-imports/items"
INGESTIONS = "/batch-imports/ingestions"


@router.post("/batch-imports", permission="batch-imports:WRITE")
async def create_batch_import(call: Call) -> Answer:
    """Create an empty batch."""
    return answer({"id": await batches.create_batch(call)})


@router.get("/batch-imports", permission="batch-imports:READ")
async def list_batch_imports(call: Call) -> Answer:
    """List the batches, newest first."""
    return schemas.batches_out(await batches.list_batches(call))


@router.post(BATCH_ITEMS, permission="batch-imports:WRITE", bucket=ITEMS)
async def upsert_batch_items(call: Call) -> Answer:
    """Add items to a batch that are to be created or replaced."""
    return answer(await batches.add_items(call, "upsert"))


@router.patch(BATCH_ITEMS, permission="batch-imports:WRITE", bucket=ITEMS)
async def patch_batch_items(call: Call) -> Answer:
    """Add items to a batch that are to be changed."""
    return answer(await batches.add_items(call, "patch"))


@router.post(f"{BATCH_ITEMS}/delete", permission="batch-imports:WRITE", bucket=ITEMS)
async def delete_batch_items(call: Call) -> Answer:
    """Add items to a batch that are to be deleted."""
    return answer(await batches.add_items(call, "delete"))


@router.post(INGESTIONS, permission="batch-imports:WRITE", schedules=True)
async def create_ingestion(call: Call) -> Answer:
    """Start to take a batch into a catalog."""
    return answer({"id": await ingestions.create_ingestion(call)})


@router.get(INGESTIONS, permission="batch-imports:READ")
async def list_ingestions(call: Call) -> Answer:
    """List the ingestions, newest first."""
    return answer({"batchImportIngestions": await ingestions.list_ingestions(call)})


@router.get(f"{INGESTIONS}/{{ingestion}}", permission="batch-imports:READ")
async def get_ingestion(call: Call, ingestion: str) -> Answer:
    """Show how far an ingestion is."""
    return answer(await ingestions.get_ingestion(call, ingestion))


@router.delete(f"{INGESTIONS}/{{ingestion}}", permission="batch-imports:WRITE")
async def cancel_ingestion(call: Call, ingestion: str) -> Answer:
    """Cancel an ingestion that is not done."""
    await ingestions.cancel_ingestion(call, ingestion)
    return answer({})


@router.get("/locale", permission="locale:READ")
async def get_locale(call: Call) -> Answer:
    """Show the default locale."""
    return answer({"locale": await locales.get_locale(call)})


@router.post("/locale/{locale}", permission="locale:WRITE")
async def set_locale(call: Call, locale: str) -> Answer:
    """Set the default locale."""
    return answer({"locale": await locales.set_locale(call, locale)})


@router.delete("/locale", permission="locale:WRITE")
async def delete_locale(call: Call) -> Answer:
    """Unset the default locale."""
    await locales.delete_locale(call)
    return answer({})
