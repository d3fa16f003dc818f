"""Batches.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.router.access import KEY
from mockalog.vendors.attraqt.schemas.base import TenancyIn
from mockalog.vendors.attraqt.schemas.batches import BatchImportsOut, IdOut
from mockalog.vendors.attraqt.service import batches

router = VendorRouter(
    tag="Batch imports", key=KEY, query=TenancyIn, errors=("BATCH_IMPORT_TENANT_ENV",)
)


@router.post("/batch-imports", permission="batch-imports:WRITE", responses={200: IdOut})
async def create_batch_import(call: Call) -> Response:
    """Create an empty batch, which lives for 7 days. A body is ignored."""
    return json_response({"id": await batches.create_batch(call)})


@router.get("/batch-imports", permission="batch-imports:READ", responses={200: BatchImportsOut})
async def list_batch_imports(call: Call) -> Response:
    """List the batches, newest first."""
    return schemas.batches_out(await batches.list_batches(call))
