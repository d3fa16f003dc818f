"""Fields: docs/vendors/braze.md#5-fields."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.router.access import ASYNC_SCHEMA, KEY
from mockalog.vendors.braze.router.paths import FIELD, FIELDS
from mockalog.vendors.braze.schemas.catalogs import CatalogName
from mockalog.vendors.braze.schemas.fields import FieldName, FieldsIn
from mockalog.vendors.braze.schemas.responses import SuccessOut, succeeds, success
from mockalog.vendors.braze.service import fields

router = VendorRouter(
    tag="Fields",
    key=KEY,
    bucket=ASYNC_SCHEMA,
    may_schedule_jobs=True,
    responses=succeeds(SuccessOut, 202),
)


@router.post(
    FIELDS,
    permission="catalogs.create_fields",
    body=FieldsIn,
    errors=(
        "catalog-not-found",
        "invalid-fields.shape",
        "request-includes-too-many-fields",
        "invalid-field-names",
        "field-names-too-large",
        "invalid-field-types",
        "field-names-not-unique",
        "catalog-exceeds-fields-limit",
        "company-size-limit-already-reached",
    ),
)
async def create_fields(call: Call, catalog_name: CatalogName) -> Response:
    """Add up to 50 fields shortly after the answer. Items show them as null."""
    await fields.create_fields(call, catalog_name, call.json)
    return success(202)


@router.delete(
    FIELD,
    permission="catalogs.delete_fields",
    errors=(
        "catalog-not-found",
        "invalid-field-name",
        "field-referenced-by-selection",
        "field-is-inventory",
    ),
)
async def delete_field(call: Call, catalog_name: CatalogName, field_name: FieldName) -> Response:
    """Delete a field with its values shortly after the answer. The field `id` stays."""
    await fields.delete_field(call, catalog_name, field_name)
    return success(202)
