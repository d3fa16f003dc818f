"""The API of AI Squared, imported with its first call."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.vendor import AuthRules, BeforeRouting, Documentation, VendorApi
from mockalog.vendors.squared.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.squared.models import ADVANCE_RUN, SCHEDULED_RUN
from mockalog.vendors.squared.router import control_routes, router
from mockalog.vendors.squared.rules.accounts.roles import ADMIN, RIGHTS
from mockalog.vendors.squared.service import jobs
from mockalog.vendors.squared.service.before_routing import NAMES, answer_before_routing

if TYPE_CHECKING:
    from mockalog.kernel.documents.invariants import Invariant
    from mockalog.kernel.documents.seeds import Seed


def _seed() -> "type[Seed]":
    """Return the model of a seed; imported late, because most starts have no seed."""
    from mockalog.vendors.squared.seeds import SquaredSeed

    return SquaredSeed


def _invariants() -> "Iterable[Invariant]":
    """Return the invariants; imported late, because most starts import no state."""
    from mockalog.vendors.squared.repository.invariants import INVARIANTS

    return INVARIANTS


def _documentation() -> Documentation:
    """Return the documentation; imported late, because most starts show no document."""
    from mockalog.vendors.squared.schemas.documentation import DOCUMENTATION

    return DOCUMENTATION


api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    faults=FaultErrors(FAULTS, STATUSES),
    jobs={
        ADVANCE_RUN: JobKind(
            jobs.run_advance_run,
            jobs.fail_advance_run,
            imports=("sqlglot.dialects.sqlite", "liquid", "regex", "dateutil.parser"),
        ),
        SCHEDULED_RUN: JobKind(
            jobs.run_scheduled_run, jobs.fail_scheduled_run, imports=("croniter",)
        ),
    },
    seed=_seed,
    invariants=_invariants,
    control_routes=control_routes,
    documentation=_documentation,
    auth=AuthRules(RIGHTS[ADMIN], parse_json_first=True, service_checks_permission=True),
    before_routing=BeforeRouting(answer_before_routing, NAMES),
    suffix=".json",
)
