"""Item schemas.

Source: docs/vendors/attraqt.md#4-item-schemas.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import ITEM_SCHEMA_TENANT_ENV
from mockalog.vendors.attraqt.router.access import KEY, has_fhr_validation, tenancy_of
from mockalog.vendors.attraqt.rules.locales import ISO_CODES
from mockalog.vendors.attraqt.schemas.base import EmptyOut, FhrIn, TenancyIn, VersionOut
from mockalog.vendors.attraqt.schemas.item_schemas import (
    ItemSchemaIn,
    ItemSchemaName,
    ItemSchemaOut,
    ItemSchemasOut,
    ItemSchemaVersion,
    ReplacedItemSchemaIn,
)
from mockalog.vendors.attraqt.service import versions
from mockalog.vendors.attraqt.service.versions import ITEM_SCHEMA

router = VendorRouter(
    tag="Item schemas", key=KEY, query=TenancyIn, errors=("ITEM_SCHEMA_TENANT_ENV",)
)


@router.get("/item-schemas", permission="item-schemas:READ", responses={200: ItemSchemasOut})
async def list_item_schemas(call: Call) -> Response:
    """List every version of every item schema, newest first, attributes left out."""
    tenancy = tenancy_of(call, ITEM_SCHEMA_TENANT_ENV)
    entries = await versions.list_versions(call, ITEM_SCHEMA, tenancy)
    return schemas.list_out("itemSchemas", entries)


@router.post(
    "/item-schemas",
    permission="item-schemas:WRITE",
    imports=(ISO_CODES,),
    query=FhrIn,
    body=ItemSchemaIn,
    responses={200: VersionOut},
    errors=(
        "ITEM_SCHEMA_TENANT_ENV",
        "ITEM_SCHEMA_NAME",
        "ITEM_SCHEMA_VERSION",
        "ITEM_SCHEMA_ATTRIBUTES",
        "ITEM_SCHEMA_ALREADY_EXISTS",
    ),
)
async def create_item_schema(call: Call) -> Response:
    """Create an item schema under a new name.

    With `fhrValidation` an OBJECT or OBJECTLIST needs exactly one LOCALIZEDTEXT value and one TEXT
    value id, and holds no further objects.
    """
    tenancy = tenancy_of(call, ITEM_SCHEMA_TENANT_ENV)
    fhr = has_fhr_validation(call)
    version = await versions.create_version(call, ITEM_SCHEMA, tenancy, call.json, fhr=fhr)
    return json_response({"version": version})


@router.put(
    "/item-schemas/{name}",
    permission="item-schemas:WRITE",
    imports=(ISO_CODES,),
    query=FhrIn,
    body=ReplacedItemSchemaIn,
    optional_body=True,
    responses={200: VersionOut},
    errors=(
        "ITEM_SCHEMA_TENANT_ENV",
        "ITEM_SCHEMA_NOT_FOUND",
        "ITEM_SCHEMA_NAME",
        "ITEM_SCHEMA_VERSION",
        "ITEM_SCHEMA_ATTRIBUTES",
    ),
)
async def replace_item_schema(call: Call, name: ItemSchemaName) -> Response:
    """Store a full new version of an item schema.

    Earlier versions stay as they are, and so do the catalogs that use them.
    """
    tenancy = tenancy_of(call, ITEM_SCHEMA_TENANT_ENV)
    fhr = has_fhr_validation(call)
    version = await versions.replace_version(
        call, ITEM_SCHEMA, tenancy, name, read_body=lambda: call.json, fhr=fhr
    )
    return json_response({"version": version})


@router.get(
    "/item-schemas/{name}/{version}",
    permission="item-schemas:READ",
    responses={200: ItemSchemaOut},
    errors=("ITEM_SCHEMA_TENANT_ENV", "ITEM_SCHEMA_NOT_FOUND"),
)
async def get_item_schema(call: Call, name: ItemSchemaName, version: ItemSchemaVersion) -> Response:
    """Show one version, defaults filled in."""
    tenancy = tenancy_of(call, ITEM_SCHEMA_TENANT_ENV)
    document = await versions.get_version(call, ITEM_SCHEMA, tenancy, name, version)
    return schemas.document_out(document)


@router.delete(
    "/item-schemas/{name}/{version}",
    permission="item-schemas:WRITE",
    responses={200: EmptyOut},
    errors=("ITEM_SCHEMA_TENANT_ENV", "ITEM_SCHEMA_NOT_FOUND", "ITEM_SCHEMA_DELETION_USE"),
)
async def delete_item_schema(
    call: Call, name: ItemSchemaName, version: ItemSchemaVersion
) -> Response:
    """Delete one version that no catalog uses."""
    tenancy = tenancy_of(call, ITEM_SCHEMA_TENANT_ENV)
    await versions.delete_version(call, ITEM_SCHEMA, tenancy, name, version)
    return json_response({})
