"""Batches.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import BATCH_IMPORT_TENANT_ENV
from mockalog.vendors.attraqt.router.access import KEY, optional_object, tenancy_of
from mockalog.vendors.attraqt.schemas.base import TenancyIn
from mockalog.vendors.attraqt.schemas.batch_imports import BatchImportsOut, IdOut
from mockalog.vendors.attraqt.service import batch_imports

router = VendorRouter(
    tag="Batch imports", key=KEY, query=TenancyIn, errors=("BATCH_IMPORT_TENANT_ENV",)
)


@router.post(
    "/batch-imports",
    permission="batch-imports:WRITE",
    responses={200: IdOut},
    errors=("BATCH_IMPORT_TENANT_ENV", "INVALID_ARGUMENT", "malformed-body"),
)
async def create_batch_import(call: Call) -> Response:
    """Create an empty batch, which lives for 7 days. A body needs no fields."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    optional_object(call)
    return json_response({"id": await batch_imports.create_batch_import(call, tenancy)})


@router.get("/batch-imports", permission="batch-imports:READ", responses={200: BatchImportsOut})
async def list_batch_imports(call: Call) -> Response:
    """List the batches, newest first."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    return schemas.batch_imports_out(await batch_imports.list_batch_imports(call, tenancy))
