"""The part of Braze that answers calls, imported with the first call."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.vendor import Documentation, VendorApi
from mockalog.vendors.braze.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.braze.router import control_routes, router
from mockalog.vendors.braze.service import jobs

if TYPE_CHECKING:
    from mockalog.kernel.documents.invariants import Invariant
    from mockalog.kernel.documents.seeds import Seed


def _seed() -> "type[Seed]":
    """Return the model of a seed; imported late, because most starts have no seed."""
    from mockalog.vendors.braze.seeds import BrazeSeed

    return BrazeSeed


def _invariants() -> "Iterable[Invariant]":
    """Return the cross-row invariants; imported late, because most starts import no state."""
    from mockalog.vendors.braze.repository.invariants import INVARIANTS

    return INVARIANTS


def _documentation() -> Documentation:
    """Return the rest of the document; imported late, because most starts show no document."""
    from mockalog.vendors.braze.schemas.documentation import DOCUMENTATION

    return DOCUMENTATION


api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    seed=_seed,
    invariants=_invariants,
    jobs={
        jobs.CREATE_ITEMS: JobKind(jobs.run_create_items),
        jobs.REPLACE_ITEMS: JobKind(jobs.run_replace_items),
        jobs.UPDATE_ITEMS: JobKind(jobs.run_update_items),
        jobs.DELETE_ITEMS: JobKind(jobs.run_delete_items),
        jobs.CREATE_FIELDS: JobKind(jobs.run_create_fields),
        jobs.DELETE_FIELD: JobKind(jobs.run_delete_field),
        jobs.CREATE_SELECTION: JobKind(jobs.run_create_selection),
        jobs.DELETE_SELECTION: JobKind(jobs.run_delete_selection),
    },
    faults=FaultErrors(FAULTS, STATUSES),
    control_routes=control_routes,
    documentation=_documentation,
)
