"""The control plane as its document describes it: its own calls and the vendors' control routes."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockalog.control.calls.problems import IDS, envelope
from mockalog.control.calls.route import ControlRouter
from mockalog.control.calls.vendor_routes import VendorControlRouter, vendor_router_of
from mockalog.control.documents import error_catalogue
from mockalog.control.documents.vendor_models import Models, settings_models, state_models
from mockalog.control.routes import router as own
from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.kernel.vendor.declaration import Declaration
from mockalog.kernel.vendor.fault_rules import EXAMPLE_SCOPE
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router
from mockalog.kernel.vendor.vendor import Documentation, Vendor


@dataclass(frozen=True)
class ControlApi:
    """The parts that `openapi.document_of` reads, named as in a vendor's API."""

    router: Router
    documentation: Callable[[], Documentation]
    envelope: Callable[[ApiError, Exchange], Response] = envelope
    control_routes: Router = field(default_factory=Router)


def control_api(vendors: Collection[Vendor], options: SettingRegistry) -> ControlApi:
    """Return the parts of the document; it imports every vendor."""
    settings = settings_models(options)
    models = {"get_settings": settings, "update_settings": settings, **state_models(vendors)}
    added = [_vendor_routes(vendor) for vendor in vendors]
    tags = {vendor.title: f"Calls that {vendor.title} adds." for vendor in vendors}
    documentation = error_catalogue.documentation(tags)
    return ControlApi(Router.of(_own_routes(models), *added), lambda: documentation)


def _own_routes(models: Mapping[str, Models]) -> ControlRouter:
    """Return the control plane's own calls, with the models that depend on the vendors."""
    router = ControlRouter()
    for route in own.operations:
        declaration: Declaration = {**route.declaration}
        if route.name in models:
            _set_models(declaration, route, models[route.name])
        router.declare(route.verbs, route.path, **declaration)(route.endpoint)
    return router


def _set_models(declaration: Declaration, route: Route, models: Models) -> None:
    if route.verbs != ("GET",):
        declaration["body"] = models.body
    if models.response is not None:
        declaration["responses"] = {200: models.response}


def _vendor_routes(vendor: Vendor) -> VendorControlRouter:
    """Return the calls of a vendor; their refusals become problems of the same status."""
    router = vendor_router_of(vendor)
    for route in router.operations:
        route.declaration["errors"] = _problem_ids(route, vendor)
    return router


def _problem_ids(route: Route, vendor: Vendor) -> tuple[str, ...]:
    catalogue = vendor.api.documentation().errors
    declared: Any = route.declaration.get("errors", ())
    refusals = [catalogue[error_id].refusal for error_id in declared]
    answers = [vendor.api.envelope(refusal, Exchange(EXAMPLE_SCOPE)) for refusal in refusals]
    return tuple(dict.fromkeys(IDS[response.status] for response in answers))
