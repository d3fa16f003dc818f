"""Items of a batch.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import BATCH_IMPORT_TENANT_ENV
from mockalog.vendors.attraqt.json_columns import Kind
from mockalog.vendors.attraqt.router.access import ITEMS, KEY, has_fhr_validation, tenancy_of
from mockalog.vendors.attraqt.rules.items import Message
from mockalog.vendors.attraqt.schemas.items import (
    BatchItemIdIn,
    BatchItemIn,
    BatchItemsQueryIn,
    BatchQueryIn,
    ReceiptOut,
)
from mockalog.vendors.attraqt.service import batch_imports

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
    return await _add(call, "upsert")


@router.patch("/batch-imports/items")
async def patch_batch_items(call: Call) -> Response:
    """Add items to a batch that are to be changed; null removes an attribute."""
    return await _add(call, "patch")


@router.post("/batch-imports/items/delete", query=BatchQueryIn, body=list[BatchItemIdIn])
async def delete_batch_items(call: Call) -> Response:
    """Add items to a batch that are to be deleted."""
    return await _add(call, "delete")


async def _add(call: Call, kind: Kind) -> Response:
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    message = Message(kind, tenancy, call.now, fhr=has_fhr_validation(call), batch=True)
    batch = call.query.get("batch_id", "")
    return json_response(
        await batch_imports.add_batch_items(call, message, batch, read_body=lambda: call.json)
    )
