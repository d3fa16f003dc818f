"""The part of Attraqt that answers calls, imported with the first of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.vendor import AuthRules, Documentation, VendorApi
from mockalog.vendors.attraqt.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.attraqt.router import inspections, router
from mockalog.vendors.attraqt.rules.category_trees import MAX_BYTES
from mockalog.vendors.attraqt.service.activations import ACTIVATE, fail_activation, run_activation
from mockalog.vendors.attraqt.service.items import TAKE_IN, fail_take_in, run_take_in
from mockalog.vendors.attraqt.service.runs import INGEST, fail_ingestion, run_ingestion

if TYPE_CHECKING:
    from mockalog.kernel.documents.invariants import Invariant
    from mockalog.kernel.documents.seeds import Seed


def _seed() -> "type[Seed]":
    """Return what a seed may say; imported late, because most starts have none."""
    from mockalog.vendors.attraqt.seeds import AttraqtSeed

    return AttraqtSeed


def _invariants() -> "Iterable[Invariant]":
    """Return what its rows owe each other; imported late, because most starts take none in."""
    from mockalog.vendors.attraqt.repository.invariants import INVARIANTS

    return INVARIANTS


def _documentation() -> Documentation:
    """Return what no route declares; imported late, because most starts show no document."""
    from mockalog.vendors.attraqt.schemas.documentation import DOCUMENTATION

    return DOCUMENTATION


api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    seed=_seed,
    invariants=_invariants,
    jobs={
        ACTIVATE: JobKind(run_activation, fail_activation),
        INGEST: JobKind(run_ingestion, fail_ingestion),
        TAKE_IN: JobKind(run_take_in, fail_take_in),
    },
    faults=FaultErrors(FAULTS, STATUSES),
    control_routes=inspections,
    documentation=_documentation,
    # Each resource has both kinds (docs/vendors/attraqt.md#22-permissions).
    auth=AuthRules(permissions=frozenset({"items:READ", "feedback:WRITE"})),
    # The largest body that any page names is a category tree's.
    max_body=MAX_BYTES,
)
