"""Calls of the control plane under `/_mockalog/attraqt`: the vendor's API lists no items."""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import INVALID_ARGUMENT, ITEM_TENANT_ENV, AttraqtError
from mockalog.vendors.attraqt.router.access import tenancy_of
from mockalog.vendors.attraqt.rules.primitives import integer
from mockalog.vendors.attraqt.schemas.control import InspectedItemsOut, InspectionQueryIn
from mockalog.vendors.attraqt.service import control

router = VendorRouter(tag="Inspections")


@router.get(
    "/items",
    query=InspectionQueryIn,
    responses={200: InspectedItemsOut},
    errors=("ITEM_TENANT_ENV", "INVALID_ARGUMENT", "CATALOG_NOT_FOUND"),
)
async def list_items(call: Call) -> Response:
    """List a page of a catalog's items, in the order in which they came."""
    tenancy = tenancy_of(call, ITEM_TENANT_ENV)
    position = integer(call.query.get("cursor") or 0)
    if position is None:
        raise AttraqtError(INVALID_ARGUMENT, "cursor must be one that a page gave")
    version = integer(call.query.get("catalogVersion"))
    return json_response(await control.list_items(call, tenancy, version, position))
