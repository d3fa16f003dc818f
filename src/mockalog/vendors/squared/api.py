"""The part of AI Squared that answers calls, imported with the first of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.vendor import AuthRules, BeforeRouting, Documentation, VendorApi
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
    faults=FaultErrors(FAULTS, STATUSES),
    jobs={
        chains.ADVANCE_RUN: JobKind(
            chains.advance_run,
            chains.fail_run,
            imports=("sqlglot.dialects.sqlite", "liquid", "regex", "dateutil.parser"),
        ),
        schedules.SCHEDULED_RUN: JobKind(
            schedules.run_scheduled, schedules.keep_schedule, imports=("croniter",)
        ),
    },
    seed=_seed,
    invariants=_invariants,
    control_routes=inspections,
    documentation=_documentation,
    auth=AuthRules(RIGHTS[ADMIN], parse_json_first=True, service_checks_permission=True),
    before_routing=BeforeRouting(answer_upfront, NAMES),
    suffix=".json",
)
