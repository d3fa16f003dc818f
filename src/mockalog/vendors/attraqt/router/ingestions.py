"""Ingestions of batches.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import BATCH_IMPORT_TENANT_ENV
from mockalog.vendors.attraqt.router.access import KEY, tenancy_of
from mockalog.vendors.attraqt.rules.ingestions import (
    listed_since,
    parse_configuration,
    parse_status_filter,
)
from mockalog.vendors.attraqt.schemas.base import EmptyOut, TenancyIn
from mockalog.vendors.attraqt.schemas.batch_imports import IdOut
from mockalog.vendors.attraqt.schemas.ingestions import (
    IngestionId,
    IngestionIn,
    IngestionOut,
    IngestionsOut,
    IngestionsQueryIn,
)
from mockalog.vendors.attraqt.service import ingestions

router = VendorRouter(tag="Batch imports", key=KEY, query=TenancyIn)

INGESTIONS = "/batch-imports/ingestions"
INGESTION = f"{INGESTIONS}/{{ingestion}}"


@router.post(
    INGESTIONS,
    permission="batch-imports:WRITE",
    may_schedule_jobs=True,
    body=IngestionIn,
    responses={200: IdOut},
    errors=(
        "BATCH_IMPORT_TENANT_ENV",
        "INVALID_ARGUMENT",
        "CATALOG_NOT_FOUND",
        "BATCH_IMPORT_NOT_FOUND",
        "BATCH_IMPORT_EXPIRED",
        "BATCH_IMPORT_CATALOG_ACTIVE",
    ),
)
async def create_ingestion(call: Call) -> Response:
    """Start to take a batch into a catalog.

    It takes in the items that the batch holds now. How it ends is seen later: in the ingestion,
    and in the feedback, which has each item with every problem of it. The setting `attraqt.fhr`
    refuses an ingestion into the ACTIVE catalog.
    """
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    configuration = parse_configuration(call.json)
    return json_response({"id": await ingestions.create_ingestion(call, tenancy, configuration)})


@router.get(
    INGESTIONS,
    permission="batch-imports:READ",
    query=IngestionsQueryIn,
    responses={200: IngestionsOut},
    errors=("BATCH_IMPORT_TENANT_ENV", "INVALID_ARGUMENT"),
)
async def list_ingestions(call: Call) -> Response:
    """List the ingestions, newest first."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    since = listed_since(call.query.get("lookback_duration"), call.now)
    status = parse_status_filter(call.query.get("status"))
    listed = await ingestions.list_ingestions(call, tenancy, since, status)
    return json_response({"batchImportIngestions": listed})


@router.get(
    INGESTION,
    permission="batch-imports:READ",
    responses={200: IngestionOut},
    errors=("BATCH_IMPORT_TENANT_ENV", "INGESTION_NOT_FOUND"),
)
async def get_ingestion(call: Call, ingestion: IngestionId) -> Response:
    """Show how far an ingestion is."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    return json_response(await ingestions.get_ingestion(call, tenancy, ingestion))


@router.delete(
    INGESTION,
    permission="batch-imports:WRITE",
    responses={200: EmptyOut},
    errors=("BATCH_IMPORT_TENANT_ENV", "INGESTION_NOT_FOUND"),
)
async def cancel_ingestion(call: Call, ingestion: IngestionId) -> Response:
    """Cancel an ingestion that is not done; one that is done stays as it is."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    await ingestions.cancel_ingestion(call, tenancy, ingestion)
    return json_response({})
