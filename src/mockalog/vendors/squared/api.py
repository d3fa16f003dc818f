"""The API of AI Squared, imported with its first call."""

from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.late_imports import imported
from mockalog.kernel.vendor.fault_responses import FaultErrors
from mockalog.kernel.vendor.rails import revalidated
from mockalog.kernel.vendor.vendor import AuthRules, BeforeRouting, VendorApi
from mockalog.vendors.squared.errors import FAULTS, STATUSES, envelope, headers
from mockalog.vendors.squared.json_columns import StoredRun, StoredSchedule
from mockalog.vendors.squared.models import ADVANCE_RUN, SCHEDULED_RUN
from mockalog.vendors.squared.router import control_routes, router
from mockalog.vendors.squared.rules.accounts.roles import ADMIN, RIGHTS
from mockalog.vendors.squared.rules.connectors.connection_checks import load_connection_checks
from mockalog.vendors.squared.rules.connectors.registry import load_registry
from mockalog.vendors.squared.service import jobs
from mockalog.vendors.squared.service.before_routing import NAMES, answer_before_routing

TEMPLATE_MODULES = ("liquid", "regex", "dateutil.parser")

api = VendorApi(
    router=router,
    envelope=envelope,
    headers=headers,
    revalidated=revalidated,
    faults=FaultErrors(FAULTS, STATUSES),
    jobs={
        ADVANCE_RUN: JobKind(
            jobs.run_advance_run,
            jobs.fail_advance_run,
            imports=TEMPLATE_MODULES,
            payload=StoredRun,
        ),
        SCHEDULED_RUN: JobKind(
            jobs.run_scheduled_run,
            jobs.fail_scheduled_run,
            imports=("croniter",),
            payload=StoredSchedule,
        ),
    },
    seed=imported("mockalog.vendors.squared.seeds:SquaredSeed"),
    invariants=imported("mockalog.vendors.squared.repository.invariants:INVARIANTS"),
    control_routes=control_routes,
    documentation=imported("mockalog.vendors.squared.schemas.documentation:DOCUMENTATION"),
    auth=AuthRules(RIGHTS[ADMIN], parse_json_first=True, service_checks_permission=True),
    before_routing=BeforeRouting(answer_before_routing, NAMES),
    suffix=".json",
    late_modules=("jwt", "croniter", "jsonschema", *TEMPLATE_MODULES),
    late_data=(load_registry, load_connection_checks),
)
