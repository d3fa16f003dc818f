"""The API of Attraqt; the first call imports it."""

from mockalog.kernel.formats.json_columns import object_of
from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.late_imports import imported
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.vendor import AuthRules, VendorApi
from mockalog.vendors.attraqt.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.attraqt.json_columns import Activation, Ingestion, ItemMessage
from mockalog.vendors.attraqt.router import control_routes, oauth_error, router
from mockalog.vendors.attraqt.rules.category_trees import MAX_BYTES
from mockalog.vendors.attraqt.rules.locales import ISO_CODES
from mockalog.vendors.attraqt.service import jobs

api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    translate=oauth_error,
    seed=imported("mockalog.vendors.attraqt.seeds:AttraqtSeed"),
    invariants=imported("mockalog.vendors.attraqt.repository.invariants:INVARIANTS"),
    jobs={
        jobs.ACTIVATE: JobKind(
            jobs.run_activation, jobs.fail_activation, payload=object_of(Activation)
        ),
        jobs.INGEST: JobKind(
            jobs.run_ingestion,
            jobs.fail_ingestion,
            imports=(ISO_CODES,),
            payload=object_of(Ingestion),
        ),
        jobs.WRITE_ITEMS: JobKind(
            jobs.run_write_items, jobs.fail_write_items, payload=object_of(ItemMessage)
        ),
    },
    faults=FaultErrors(FAULTS, STATUSES),
    control_routes=control_routes,
    late_modules=("jwt", ISO_CODES),
    documentation=imported("mockalog.vendors.attraqt.schemas.documentation:DOCUMENTATION"),
    # Each resource has both kinds (docs/vendors/attraqt.md#23-permissions).
    auth=AuthRules(permissions=frozenset({"items:READ", "feedback:WRITE"})),
    # A category tree has the largest documented body.
    max_body=MAX_BYTES,
)
