"""What the vendors add to the control plane: `/_mockalog/<vendor>/…`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from mockalog.control.call import ControlCall
from mockalog.control.keys import KEYS
from mockalog.control.problems import Problem
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.responses import Response
from mockalog.kernel.sandboxes.authentication import Principal
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import Declaration, Endpoint, segments
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router
from mockalog.kernel.vendor.vendor import Vendor

if TYPE_CHECKING:
    from mockalog.control.app import ControlApp


class InspectionRoute(Route):
    """A call that a vendor adds; its endpoint is written like those of the vendor's API."""

    def __init__(
        self, path: str, endpoint: Endpoint, verbs: tuple[str, ...], declaration: Declaration
    ) -> None:
        super().__init__(path, endpoint, verbs, declaration)
        self.vendor = segments(path)[0]
        self.name = f"{self.vendor}_{self.name}"

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in one sandbox, after its due jobs; refusals hold the vendor's own words."""
        app: ControlApp = scope["app"]
        asked = ControlCall(app, scope)
        asked.exchange.operation = self.name
        if self.imports:
            await self.import_late(asked)
        await asked.find_sandbox()
        try:
            answer = await self._answer(asked, scope["path_params"])
        except ApiError as refusal:
            if isinstance(refusal, Problem):
                raise
            vendor = app.runtime.vendors[self.vendor]
            worded = vendor.api.envelope(refusal, asked.exchange)
            raise Problem(worded.status, worded.body.decode()) from None
        await app.send(Response(answer.status, answer.body), asked.exchange, send)

    async def _answer(self, asked: ControlCall, parameters: Mapping[str, str]) -> Response:
        if asked.sandbox is None:
            raise Problem(400, "say whose: send the client's credential or X-Mockalog-Sandbox")
        runtime = asked.runtime
        call = Call(runtime, asked.exchange, self)
        call.principal = Principal(asked.sandbox)
        call.now = asked.sandbox.clock.now()
        if asked.sandbox.has_due(call.now):
            await runtime.jobs.run_due(asked.sandbox, call.now)
        async with runtime.database.transaction() as connection:
            call.enter(connection)
            answer: Response = await self.endpoint(call, **parameters)
            return answer


class InspectionRouter(Router):
    """The calls that one vendor adds; a slash too many means nothing, as in its API."""

    kind = InspectionRoute


def router_of(vendor: Vendor) -> InspectionRouter:
    """Return the router of a vendor's own control calls; its API is imported by now."""
    router = InspectionRouter(f"/{vendor.name}")
    own: Declaration = {"tag": vendor.title, "key": KEYS, "headers": SandboxHeaders}
    for route in vendor.api.control_routes.operations:
        declaration: Declaration = {**route.declaration, **own}
        router.declare(route.verbs, route.path, **declaration)(route.endpoint)
    return router
