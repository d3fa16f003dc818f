"""Catalogs.

Source: docs/vendors/attraqt.md#3-catalogs.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import CATALOG_TENANT_ENV
from mockalog.vendors.attraqt.router.access import KEY, optional_object, tenancy_of
from mockalog.vendors.attraqt.rules.primitives import is_true
from mockalog.vendors.attraqt.schemas.base import (
    CatalogVersion,
    EmptyOut,
    TenancyIn,
    VersionOut,
)
from mockalog.vendors.attraqt.schemas.catalogs import (
    ActivationQueryIn,
    CatalogIn,
    CatalogOut,
    CatalogsOut,
    NewCatalogQueryIn,
)
from mockalog.vendors.attraqt.service import catalogs

router = VendorRouter(
    tag="Catalogs",
    key=KEY,
    query=TenancyIn,
    responses={200: EmptyOut},
    errors=("CATALOG_TENANT_ENV",),
)


@router.get("/catalogs", permission="catalogs:READ", responses={200: CatalogsOut})
async def list_catalogs(call: Call) -> Response:
    """List the catalogs, newest first: there are at most two."""
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    return schemas.list_out("catalogs", await catalogs.list_catalogs(call, tenancy))


@router.get(
    "/catalogs/active",
    permission="catalogs:READ",
    responses={200: CatalogOut},
    errors=("CATALOG_TENANT_ENV", "CATALOG_NOT_FOUND"),
)
async def get_active_catalog(call: Call) -> Response:
    """Show the ACTIVE catalog; one that is ACTIVATING does not count."""
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    return schemas.document_out(await catalogs.get_active_catalog(call, tenancy))


@router.post(
    "/catalogs",
    permission="catalogs:WRITE",
    query=NewCatalogQueryIn,
    body=CatalogIn,
    responses={200: VersionOut},
    errors=(
        "CATALOG_TENANT_ENV",
        "CATALOG_LIMIT_REACHED",
        "CATALOG_SCHEMAS",
        "CATALOG_CATEGORY_TREES",
        "INVALID_ARGUMENT",
        "CATALOG_FHR_FAILED",
    ),
)
async def create_catalog(call: Call) -> Response:
    """Create an INACTIVE catalog, with `createBatchImport` also its default batch.

    A tenant's environment holds at most two catalogs, whatever their states.
    """
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    with_batch_import = is_true(call.query.get("createBatchImport"))
    version = await catalogs.create_catalog(
        call, tenancy, call.json, with_batch_import=with_batch_import
    )
    return json_response({"version": version})


@router.post(
    "/catalogs/activate/{version}",
    permission="catalogs:WRITE",
    may_schedule_jobs=True,
    query=ActivationQueryIn,
    errors=(
        "CATALOG_TENANT_ENV",
        "CATALOG_NOT_FOUND",
        "CATALOG_ALREADY_ACTIVE",
        "INVALID_ARGUMENT",
        "CATALOG_FHR_FAILED",
        "malformed-body",
    ),
)
async def activate_catalog(call: Call, version: CatalogVersion) -> Response:
    """Start the activation of an INACTIVE catalog.

    The catalog is ACTIVATING until the activation ends. Then it is ACTIVE and the catalog that was
    ACTIVE becomes INACTIVE, or the activation fails and the catalog is INACTIVE again. Feedback
    tells how it ended: too few items are no error of this call. A body needs no fields.
    """
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    min_item_count = call.query.get("minItemCount")
    await catalogs.activate_catalog(
        call, tenancy, version, min_item_count, read_body=lambda: optional_object(call)
    )
    return json_response({})


@router.delete(
    "/catalogs/{version}",
    permission="catalogs:WRITE",
    errors=("CATALOG_TENANT_ENV", "CATALOG_NOT_FOUND", "CATALOG_DELETION_ACTIVE"),
)
async def delete_catalog(call: Call, version: CatalogVersion) -> Response:
    """Delete an INACTIVE catalog with all of its items; its feedback stays."""
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    await catalogs.delete_catalog(call, tenancy, version)
    return json_response({})
