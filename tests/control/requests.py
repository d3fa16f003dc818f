"""Every control call, with a path that can be called."""

import re

from mockalog.control.calls.vendor_routes import vendor_router_of
from mockalog.control.routes import router
from mockalog.kernel.vendor.route import Route
from mockalog.vendors import VENDORS

CALLS = [
    *router.operations,
    *(route for vendor in VENDORS for route in vendor_router_of(vendor).operations),
]
# Health checks and the certificate: neither token nor sandbox.
OPEN = [route for route in CALLS if "key" not in route.declaration]
GUARDED = [route for route in CALLS if route not in OPEN]

_FILLED = {"vendor": "braze", "credential_id": "1", "fault_id": "1"}


def path_of(route: Route) -> str:
    """Return the path with a value in place of each parameter."""
    return re.sub(r"{(\w+)(:path)?}", lambda found: _FILLED.get(found[1], "docs.js"), route.path)


def name_of(route: Route) -> str:
    """Return the name of a call, for a test's id."""
    return route.name
