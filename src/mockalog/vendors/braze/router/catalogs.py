"""Catalogs: docs/vendors/braze.md#3-catalogs."""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.router.access import KEY, SYNC_CATALOGS
from mockalog.vendors.braze.router.paths import CATALOG, CATALOGS
from mockalog.vendors.braze.rules.catalogs import new_catalog
from mockalog.vendors.braze.schemas.catalogs import (
    CatalogName,
    CatalogsIn,
    CatalogsOut,
    NewCatalogOut,
)
from mockalog.vendors.braze.schemas.responses import SUCCESS, SuccessOut, succeeds, success
from mockalog.vendors.braze.service import catalogs

router = VendorRouter(tag="Catalogs", key=KEY, bucket=SYNC_CATALOGS)


@router.post(
    CATALOGS,
    permission="catalogs.create",
    body=CatalogsIn,
    responses=succeeds(NewCatalogOut, 201),
    errors=(
        "catalog-array-invalid",
        "too-many-catalog-atoms",
        "invalid-catalog-name",
        "catalog-name-too-large",
        "description-too-long",
        "invalid-fields.shape",
        "too-many-fields",
        "id-not-first-column",
        "invalid-field-names",
        "field-names-too-large",
        "invalid-field-types",
        "field-names-not-unique",
        "catalog-name-already-exists",
    ),
)
async def create_catalog(call: Call) -> Response:
    """Create one catalog. Its first field is `id` of type `string`."""
    catalog = await catalogs.create_catalog(call, new_catalog(call.json))
    return json_response({"catalogs": [catalog], **SUCCESS}, 201)


@router.get(CATALOGS, permission="catalogs.get", responses=succeeds(CatalogsOut))
async def list_catalogs(call: Call) -> Response:
    """List every catalog of the workspace with its fields and selections, without paging."""
    return json_response({"catalogs": await catalogs.list_catalogs(call), **SUCCESS})


@router.delete(
    CATALOG,
    permission="catalogs.delete",
    responses=succeeds(SuccessOut),
    errors=("catalog-not-found",),
)
async def delete_catalog(call: Call, catalog_name: CatalogName) -> Response:
    """Delete a catalog with its items and selections."""
    await catalogs.delete_catalog(call, catalog_name)
    return success()
