"""The part of AI Squared that answers calls, imported with the first of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockalog.kernel.vendor.vendor import Documentation, VendorApi
from mockalog.vendors.squared.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.squared.router import inspections, router
from mockalog.vendors.squared.rules.roles import ADMIN, RIGHTS
from mockalog.vendors.squared.service import chains, schedules
from mockalog.vendors.squared.service.upfront import NAMES, answer_upfront

if TYPE_CHECKING:
    from mockalog.kernel.documents.invariants import Invariant
    from mockalog.kernel.documents.seeds import Seed


def _seed() -> "type[Seed]":
    """Return what a seed may say; imported late, because most starts have none."""
    from mockalog.vendors.squared.seeds import SquaredSeed

    return SquaredSeed


def _invariants() -> "Iterable[Invariant]":
    """Return what its rows owe each other; imported late, because most starts take none in."""
    from mockalog.vendors.squared.repository.invariants import INVARIANTS

    return INVARIANTS


def _documentation() -> Documentation:
    """Return what no route declares; imported late, because most starts show no document."""
    from mockalog.vendors.squared.schemas.documentation import DOCUMENTATION

    return DOCUMENTATION


api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    faults=FAULTS,
    statuses=STATUSES,
    jobs={
        chains.ADVANCE_RUN: chains.advance_run,
        schedules.SCHEDULED_RUN: schedules.run_scheduled,
    },
    job_imports={
        chains.ADVANCE_RUN: ("sqlglot.dialects.sqlite", "liquid", "regex", "dateutil.parser"),
        schedules.SCHEDULED_RUN: ("croniter",),
    },
    job_failures={
        chains.ADVANCE_RUN: chains.fail_run,
        schedules.SCHEDULED_RUN: schedules.keep_schedule,
    },
    seed=_seed,
    invariants=_invariants,
    control_routes=inspections,
    documentation=_documentation,
    permissions=RIGHTS[ADMIN],
    before_routing=answer_upfront,
    before_routing_names=NAMES,
    suffix=".json",
    parse_json_before_auth=True,
    service_checks_permission=True,
)
