"""The calls that the vendors add to the control plane: `/_mockalog/<vendor>/…`."""

from collections.abc import Mapping

from starlette.types import Receive, Scope, Send

from mockalog.control.calls.call import App, ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.models import SandboxHeaders
from mockalog.control.calls.problems import ProblemError
from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.responses import Response
from mockalog.kernel.late_imports import after_imports
from mockalog.kernel.sandboxes.authentication import Principal
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import Declaration, Endpoint, segments
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router
from mockalog.kernel.vendor.vendor import Vendor


class VendorControlRoute(Route):
    """A call that a vendor adds; its endpoint has the signature of the vendor's own endpoints."""

    def __init__(
        self, path: str, endpoint: Endpoint, verbs: tuple[str, ...], declaration: Declaration
    ) -> None:
        super().__init__(path, endpoint, verbs, declaration)
        self.vendor = segments(path)[0]
        self.name = f"{self.vendor}_{self.name}"

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run due jobs, then answer in one sandbox. A refusal holds the vendor's error body."""
        app: App = scope["app"]
        control_call = ControlCall(app, scope, receive)
        control_call.exchange.operation = self.name
        if self.imports:
            await self.import_late(control_call)
        await control_call.find_sandbox()
        try:
            response = await self._response(control_call, scope["path_params"])
        except ProblemError:
            raise
        except ApiError as refusal:
            raise self._problem(control_call, refusal) from None
        await app.send(Response(response.status, response.body), control_call.exchange, send)

    async def _response(self, control_call: ControlCall, parameters: Mapping[str, str]) -> Response:
        sandbox, runtime = control_call.sandbox, control_call.runtime
        if sandbox is None:
            raise ProblemError(
                400,
                "the call needs a sandbox: send a client's credential or X-Mockalog-Sandbox",
            )
        call = Call(runtime, control_call.exchange, self)
        call.principal = Principal(sandbox)
        call.now = sandbox.clock.now()
        if sandbox.has_due(call.now):
            await runtime.jobs.run_due(sandbox, call.now)
        return await after_imports(lambda: self._run_endpoint(call, parameters))

    async def _run_endpoint(self, call: Call, parameters: Mapping[str, str]) -> Response:
        async with call.runtime.database.transaction(call.sandbox.id) as connection:
            call.enter(connection)
            response: Response = await self.endpoint(call, **parameters)
            return response

    def _problem(self, control_call: ControlCall, refusal: ApiError) -> ProblemError:
        """Return a problem with the status and the body of the vendor's own error."""
        vendor = control_call.vendors[self.vendor]
        response = vendor.api.envelope(refusal, control_call.exchange)
        return ProblemError(response.status, response.body.decode())


class VendorControlRouter(Router):
    """The calls that one vendor adds; as in the vendor's API, empty segments are ignored."""

    kind = VendorControlRoute


def vendor_router_of(vendor: Vendor) -> VendorControlRouter:
    """Return the router of a vendor's own control calls; its API must be imported."""
    router = VendorControlRouter(f"/{vendor.name}")
    own: Declaration = {"tag": vendor.title, "key": KEYS, "headers": SandboxHeaders}
    for route in vendor.api.control_routes.operations:
        declaration: Declaration = {**route.declaration, **own}
        router.declare(route.verbs, route.path, **declaration)(route.endpoint)
    return router
