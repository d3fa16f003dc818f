"""Items.

Source: docs/vendors/attraqt.md#6-items.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import ITEM_TENANT_ENV
from mockalog.vendors.attraqt.json_columns import Kind
from mockalog.vendors.attraqt.router.access import ITEMS, KEY, has_fhr_validation, tenancy_of
from mockalog.vendors.attraqt.rules.items import Message, parse_operations
from mockalog.vendors.attraqt.rules.locales import ISO_CODES
from mockalog.vendors.attraqt.schemas.base import FhrIn, TenancyIn
from mockalog.vendors.attraqt.schemas.items import ItemIdIn, ItemIn, ReceiptOut
from mockalog.vendors.attraqt.service import items

router = VendorRouter(
    tag="Items",
    key=KEY,
    permission="items:WRITE",
    bucket=ITEMS,
    may_schedule_jobs=True,
    imports=(ISO_CODES,),
    query=FhrIn,
    body=list[ItemIn],
    responses={200: list[ReceiptOut]},
    errors=("ITEM_TENANT_ENV", "ITEM_INVALID", "CATALOG_NOT_FOUND"),
)


@router.post("/items")
async def upsert_items(call: Call) -> Response:
    """Create items, or replace all attributes of those that exist.

    The message is checked as a whole: if one item is wrong, nothing is stored and the message of
    the error names each item that is wrong. Required attributes and the types of all values are
    checked. If the catalog has a category tree, items of a root schema need `categories`.
    """
    return await _stream(call, "upsert")


@router.patch("/items")
async def patch_items(call: Call) -> Response:
    """Change the attributes that are sent; null removes one.

    Types are checked, required attributes are not. An item that does not exist becomes a FAILURE
    in the feedback of its receipt.
    """
    return await _stream(call, "patch")


@router.post("/items/delete", imports=(), query=TenancyIn, body=list[ItemIdIn])
async def delete_items(call: Call) -> Response:
    """Delete items; no item schema is consulted.

    The receipts are in the order of the message.
    """
    return await _stream(call, "delete")


async def _stream(call: Call, kind: Kind) -> Response:
    tenancy = tenancy_of(call, ITEM_TENANT_ENV)
    message = Message(kind, tenancy, call.now, fhr=has_fhr_validation(call))
    operations = parse_operations(call.json, message)
    return json_response(await items.stream_items(call, tenancy, operations))
