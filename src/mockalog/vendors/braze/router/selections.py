"""Selections: docs/vendors/braze.md#6-selections."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.router.access import ASYNC_SCHEMA, KEY
from mockalog.vendors.braze.router.paths import SELECTION, SELECTIONS
from mockalog.vendors.braze.schemas.catalogs import CatalogName
from mockalog.vendors.braze.schemas.responses import SuccessOut, succeeds, success
from mockalog.vendors.braze.schemas.selections import NewSelectionIn, SelectionName
from mockalog.vendors.braze.service import selections

router = VendorRouter(
    tag="Selections",
    key=KEY,
    bucket=ASYNC_SCHEMA,
    may_schedule_jobs=True,
    responses=succeeds(SuccessOut, 202),
)


@router.post(
    SELECTIONS,
    permission="catalogs.create_selection",
    body=NewSelectionIn,
    errors=(
        "catalog-not-found",
        "invalid-selection",
        "selection-has-invalid-source",
        "selection-has-invalid-filter",
        "too-many-filters",
        "selection-contains-too-many-arrays",
        "selection-invalid-results-limit",
        "invalid-sorting",
        "selection-limit-reached",
        "selection-name-already-exists",
        "company-size-limit-already-reached",
    ),
)
async def create_selection(call: Call, catalog_name: CatalogName) -> Response:
    """Create a selection shortly after the answer. The list of catalogs shows it."""
    await selections.create_selection(call, catalog_name, call.json)
    return success(202)


@router.delete(
    SELECTION,
    permission="catalogs.delete_selection",
    errors=("catalog-not-found", "invalid-selection.404"),
)
async def delete_selection(
    call: Call, catalog_name: CatalogName, selection_name: SelectionName
) -> Response:
    """Delete a selection shortly after the answer. Its items stay."""
    await selections.delete_selection(call, catalog_name, selection_name)
    return success(202)
