"""The part of Braze that answers calls, imported with the first of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.vendor import Documentation, VendorApi
from mockalog.vendors.braze.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.braze.router import inspections, router
from mockalog.vendors.braze.service import bulk, schema

if TYPE_CHECKING:
    from mockalog.kernel.documents.invariants import Invariant
    from mockalog.kernel.documents.seeds import Seed


def _seed() -> "type[Seed]":
    """Return what a seed may say; imported late, because most starts have none."""
    from mockalog.vendors.braze.seeds import BrazeSeed

    return BrazeSeed


def _invariants() -> "Iterable[Invariant]":
    """Return what its rows owe each other; imported late, because most starts take none in."""
    from mockalog.vendors.braze.repository.invariants import INVARIANTS

    return INVARIANTS


def _documentation() -> Documentation:
    """Return what no route declares; imported late, because most starts show no document."""
    from mockalog.vendors.braze.schemas.documentation import DOCUMENTATION

    return DOCUMENTATION


api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    seed=_seed,
    invariants=_invariants,
    jobs={
        "braze.create_items": JobKind(bulk.do_create_items),
        "braze.replace_items": JobKind(bulk.do_replace_items),
        "braze.update_items": JobKind(bulk.do_update_items),
        "braze.delete_items": JobKind(bulk.do_delete_items),
        "braze.create_fields": JobKind(schema.do_create_fields),
        "braze.delete_field": JobKind(schema.do_delete_field),
        "braze.create_selection": JobKind(schema.do_create_selection),
        "braze.delete_selection": JobKind(schema.do_delete_selection),
    },
    faults=FaultErrors(FAULTS, STATUSES),
    control_routes=inspections,
    documentation=_documentation,
)
