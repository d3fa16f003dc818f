"""Reading items back, under `/_mockalog/attraqt`: the vendor has no call for it."""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.schemas.inspections import InspectedItemsOut, InspectionQueryIn
from mockalog.vendors.attraqt.service import inspections as inspecting

inspections = VendorRouter(tag="Inspections")


@inspections.get(
    "/items",
    query=InspectionQueryIn,
    responses={200: InspectedItemsOut},
    errors=("ITEM_TENANT_ENV", "INVALID_ARGUMENT", "CATALOG_NOT_FOUND"),
)
async def list_items(call: Call) -> Response:
    """List a page of a catalog's items, in the order in which they came."""
    return json_response(await inspecting.list_items(call))
