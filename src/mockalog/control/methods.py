"""Which methods a path of the control plane takes."""

from fastapi import Request
from starlette.routing import Match

from mockalog.kernel.journal import RESERVED, Exchange
from mockalog.kernel.routing import METHODS
from mockalog.kernel.runtime import Runtime


def methods_of(request: Request) -> list[str]:
    """Return the methods that the path of a request takes; none if it is no control call's."""
    runtime: Runtime = request.app.state.runtime
    path = Exchange(request.scope).raw_path.removeprefix(RESERVED)
    first, _, rest = path.lstrip("/").partition("/")
    if first in runtime.vendors:  # whose calls are one route each
        return runtime.vendors[first].api.inspections.allowed(rest)
    return [method for method in METHODS if _is_routed(request, method)]


def _is_routed(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
