"""Items of a batch.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.router.access import ITEMS, KEY
from mockalog.vendors.attraqt.schemas.items import (
    BatchItemIdIn,
    BatchItemIn,
    BatchItemsQueryIn,
    BatchQueryIn,
    ReceiptOut,
)
from mockalog.vendors.attraqt.service import batches

router = VendorRouter(
    tag="Batch imports",
    key=KEY,
    permission="batch-imports:WRITE",
    bucket=ITEMS,
    query=BatchItemsQueryIn,
    body=list[BatchItemIn],
    responses={200: list[ReceiptOut]},
    errors=(
        "BATCH_IMPORT_TENANT_ENV",
        "INVALID_ARGUMENT",
        "BATCH_IMPORT_NOT_FOUND",
        "BATCH_IMPORT_EXPIRED",
        "ITEM_TENANT_ENV",
        "ITEM_INVALID",
    ),
)


@router.post("/batch-imports/items")
async def upsert_batch_items(call: Call) -> Response:
    """Add items to a batch that are to be created or replaced.

    An ingestion holds them against the schemas of its catalog; feedback tells how that ended.
    """
    return json_response(await batches.add_items(call, "upsert"))


@router.patch("/batch-imports/items")
async def patch_batch_items(call: Call) -> Response:
    """Add items to a batch that are to be changed; null removes an attribute."""
    return json_response(await batches.add_items(call, "patch"))


@router.post("/batch-imports/items/delete", query=BatchQueryIn, body=list[BatchItemIdIn])
async def delete_batch_items(call: Call) -> Response:
    """Add items to a batch that are to be deleted."""
    return json_response(await batches.add_items(call, "delete"))
