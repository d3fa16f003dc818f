"""Calls under `/_mockalog/braze`: parts of the dashboard that the API lacks."""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.schemas.catalogs import CatalogName
from mockalog.vendors.braze.schemas.fields import FieldName, FieldOut, MarksIn
from mockalog.vendors.braze.schemas.items import PickedItemsOut
from mockalog.vendors.braze.schemas.selections import SelectionName
from mockalog.vendors.braze.service import control

router = VendorRouter(tag="Braze")


@router.get(
    "/selections/{catalog_name}/{selection_name}/items",
    responses={200: PickedItemsOut},
    errors=("catalog-not-found", "invalid-selection.404"),
)
async def list_selected_items(
    call: Call, catalog_name: CatalogName, selection_name: SelectionName
) -> Response:
    """List the items that a selection picks, in its order."""
    items = await control.list_selected_items(call, catalog_name, selection_name)
    return json_response({"items": items})


@router.patch(
    "/catalogs/{catalog_name}/fields/{field_name}",
    body=MarksIn,
    responses={200: FieldOut},
    errors=("catalog-not-found", "invalid-field-name", "invalid-fields.marks"),
)
async def mark_field(call: Call, catalog_name: CatalogName, field_name: FieldName) -> Response:
    """Mark a field as `is_inventory` or `is_price`, as the dashboard does."""
    return json_response(await control.mark_field(call, catalog_name, field_name, call.json))
