"""The API of Attraqt; the first call imports it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.vendor import AuthRules, Documentation, VendorApi
from mockalog.vendors.attraqt.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.attraqt.router import control_routes, router
from mockalog.vendors.attraqt.rules.category_trees import MAX_BYTES
from mockalog.vendors.attraqt.service import jobs

if TYPE_CHECKING:
    from mockalog.kernel.documents.invariants import Invariant
    from mockalog.kernel.documents.seeds import Seed


def _seed() -> "type[Seed]":
    """Return the model of seeds; imported late, because most starts have no seed."""
    from mockalog.vendors.attraqt.seeds import AttraqtSeed

    return AttraqtSeed


def _invariants() -> "Iterable[Invariant]":
    """Return the invariants of the rows; imported late, because most starts import no state."""
    from mockalog.vendors.attraqt.repository.invariants import INVARIANTS

    return INVARIANTS


def _documentation() -> Documentation:
    """Return the rest of the OpenAPI document; imported late, because most starts show none."""
    from mockalog.vendors.attraqt.schemas.documentation import DOCUMENTATION

    return DOCUMENTATION


api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    seed=_seed,
    invariants=_invariants,
    jobs={
        jobs.ACTIVATE: JobKind(jobs.run_activation, jobs.fail_activation),
        jobs.INGEST: JobKind(jobs.run_ingestion, jobs.fail_ingestion),
        jobs.WRITE_ITEMS: JobKind(jobs.run_write_items, jobs.fail_write_items),
    },
    faults=FaultErrors(FAULTS, STATUSES),
    control_routes=control_routes,
    documentation=_documentation,
    # Each resource has both kinds (docs/vendors/attraqt.md#22-permissions).
    auth=AuthRules(permissions=frozenset({"items:READ", "feedback:WRITE"})),
    # A category tree has the largest documented body.
    max_body=MAX_BYTES,
)
