"""The part of Braze that answers calls, imported with the first call."""

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.late_imports import imported
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.rails import revalidated
from mockalog.kernel.vendor.vendor import AuthRules, VendorApi
from mockalog.vendors.braze.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.braze.json_columns import (
    StoredDeletion,
    StoredFields,
    StoredItems,
    StoredNewSelection,
    StoredSelectionDeletion,
)
from mockalog.vendors.braze.router import control_routes, router
from mockalog.vendors.braze.rules.bodies import MAX_BODY
from mockalog.vendors.braze.service import jobs

api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    revalidated=revalidated,
    seed=imported("mockalog.vendors.braze.seeds:BrazeSeed"),
    invariants=imported("mockalog.vendors.braze.repository.invariants:INVARIANTS"),
    jobs={
        jobs.CREATE_ITEMS: JobKind(jobs.run_create_items, payload=StoredItems),
        jobs.REPLACE_ITEMS: JobKind(jobs.run_replace_items, payload=StoredItems),
        jobs.UPDATE_ITEMS: JobKind(jobs.run_update_items, payload=StoredItems),
        jobs.DELETE_ITEMS: JobKind(jobs.run_delete_items, payload=StoredItems),
        jobs.CREATE_FIELDS: JobKind(jobs.run_create_fields, payload=StoredFields),
        jobs.DELETE_FIELD: JobKind(jobs.run_delete_field, payload=StoredDeletion),
        jobs.CREATE_SELECTION: JobKind(jobs.run_create_selection, payload=StoredNewSelection),
        jobs.DELETE_SELECTION: JobKind(jobs.run_delete_selection, payload=StoredSelectionDeletion),
    },
    faults=FaultErrors(FAULTS, STATUSES),
    control_routes=control_routes,
    # Real, but of no published operation (A1 of docs/vendors/braze.md#23-authentication).
    auth=AuthRules(
        permissions=frozenset({"catalogs.get_selections"}), has_unlisted_permissions=True
    ),
    max_body=MAX_BODY,
    documentation=imported("mockalog.vendors.braze.schemas.documentation:DOCUMENTATION"),
)
