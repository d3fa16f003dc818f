"""The control plane as its document shows it: its own calls, and those that the vendors add."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockalog.control import documentation
from mockalog.control.inspections import InspectionRouter, router_of
from mockalog.control.problems import IDS, envelope
from mockalog.control.route import ControlRouter
from mockalog.control.routers import router as own
from mockalog.control.schemas.late import Models, settings_models, state_models
from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.kernel.vendor.declaration import Declaration
from mockalog.kernel.vendor.fault_rules import NOWHERE
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router
from mockalog.kernel.vendor.vendor import Documentation, Vendor


@dataclass(frozen=True)
class ControlApi:
    """The parts that a document is written of."""

    router: Router
    documentation: Callable[[], Documentation]
    envelope: Callable[[ApiError, Exchange], Response] = envelope
    control_routes: Router = field(default_factory=Router)


def control_api(vendors: Collection[Vendor], options: SettingRegistry) -> ControlApi:
    """Return the parts of the document; every vendor is imported for them."""
    settings = settings_models(options)
    late = {"get_settings": settings, "update_settings": settings, **state_models(vendors)}
    added = [_inspections(vendor) for vendor in vendors]
    tags = {vendor.title: f"Calls that {vendor.title} adds." for vendor in vendors}
    described = documentation.documentation(tags)
    return ControlApi(Router.of(_with_models(late), *added), lambda: described)


def _with_models(late: Mapping[str, Models]) -> ControlRouter:
    """Return the calls of the control plane itself, some with models that it knows late."""
    router = ControlRouter()
    for route in own.operations:
        declaration: Declaration = {**route.declaration}
        if route.name in late:
            _complete(declaration, route, late[route.name])
        router.declare(route.verbs, route.path, **declaration)(route.endpoint)
    return router


def _complete(declaration: Declaration, route: Route, models: Models) -> None:
    if route.verbs != ("GET",):
        declaration["body"] = models.taken
    if models.answered is not None:
        declaration["responses"] = {200: models.answered}


def _inspections(vendor: Vendor) -> InspectionRouter:
    """Return the calls that a vendor adds; their refusals are problems of the same status."""
    router = router_of(vendor)
    for route in router.operations:
        route.declaration["errors"] = _problems(route, vendor)
    return router


def _problems(route: Route, vendor: Vendor) -> tuple[str, ...]:
    catalogue = vendor.api.documentation().errors
    declared: Any = route.declaration.get("errors", ())
    refusals = [catalogue[error_id].refusal for error_id in declared]
    answers = [vendor.api.envelope(refusal, Exchange(NOWHERE)) for refusal in refusals]
    return tuple(dict.fromkeys(IDS[answer.status] for answer in answers))
