"""What the vendors add to the control plane: `/_mockalog/<vendor>/…`."""

from fastapi import APIRouter, Request, Response

from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.problems import Problem, no_call
from mockalog.kernel.auth import Principal
from mockalog.kernel.call import Call
from mockalog.kernel.errors import Refused, UnknownOperation
from mockalog.kernel.journal import RESERVED, Exchange
from mockalog.kernel.route import Route
from mockalog.kernel.routing import METHODS
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import Sandbox
from mockalog.kernel.vendor import Vendor
from mockalog.kernel.wire import Answer


def router_of(vendor: Vendor) -> APIRouter:
    """Return the router of a vendor's own control calls."""
    router = APIRouter(prefix=f"/{vendor.name}")

    # The bare prefix too: Starlette would answer it with a redirect.
    @router.api_route("", methods=[*METHODS])
    @router.api_route("/{path:path}", methods=[*METHODS])
    async def inspect(request: Request, runtime: RuntimeDep, sandbox: SandboxDep) -> Response:
        """Answer in one sandbox, after its due jobs; refusals hold the vendor's own words."""
        exchange = Exchange(request.scope)
        exchange.request_body = await request.body()
        try:
            answer = await _answer(runtime, vendor, exchange, sandbox)
        except UnknownOperation:
            return no_call(request)
        except Refused as refusal:
            worded = vendor.api.envelope(refusal, exchange)
            raise Problem(worded.status, worded.body.decode()) from None
        return Response(answer.body, answer.status, media_type="application/json")

    return router


async def _answer(
    runtime: Runtime, vendor: Vendor, exchange: Exchange, sandbox: Sandbox | None
) -> Answer:
    path = exchange.raw_path.removeprefix(f"{RESERVED}/{vendor.name}")
    operation, parameters = vendor.api.inspections.find(exchange.method, path)
    if sandbox is None:
        raise Problem(400, "say whose: send the client's credential or X-Mockalog-Sandbox")
    call = _call(runtime, exchange, operation, sandbox)
    if sandbox.has_due(call.now):
        await runtime.jobs.run_due(sandbox, call.now)
    async with runtime.database.transaction() as connection:
        call.enter(connection)
        answer: Answer = await operation.endpoint(call, **parameters)
        return answer


def _call(runtime: Runtime, exchange: Exchange, operation: Route, sandbox: Sandbox) -> Call:
    call = Call(runtime, exchange, operation)
    call.principal = Principal(sandbox)
    call.now = sandbox.clock.now()
    return call
