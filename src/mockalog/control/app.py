"""The control plane as an ASGI app: the gate, the index, and the choke point for all refusals."""

import asyncio
from urllib.parse import quote

from starlette.datastructures import URL
from starlette.types import Message, Receive, Scope, Send

from mockalog.control import inspections
from mockalog.control.call import ControlCall
from mockalog.control.documents import Documents
from mockalog.control.gate import Gate, typed
from mockalog.control.inspections import InspectionRouter
from mockalog.control.problems import Problem, UnknownCall, WrongMethod, envelope, problem_of
from mockalog.control.routers import router
from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.vendor.app import DROP
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import METHODS
from mockalog.kernel.vendor.runtime import Runtime

# Answers that have no length (RFC 9110).
_WITHOUT_LENGTH = (204, 304)

_NOTHING = InspectionRouter()


class ControlApp:
    """Answers every control call of one app."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.router = router
        self.documents = Documents(runtime.vendors, runtime.setting_registry)
        self._gate = Gate(runtime)
        self._inspections: dict[str, InspectionRouter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one control call; one that still waits when the server stops is told so.

        A HEAD is a GET whose body stays here: load balancers ask so for health and readiness.
        """
        scope = {**scope, "headers": typed(scope["headers"]), "app": self}
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _bodiless(send)
        exchange = scope["exchange"] = Exchange(scope)
        try:
            exchange.request_body = await self._gate.admit(scope, receive)
            route, scope["path_params"] = await self._find(scope)
            await route.handle(scope, receive, send)
        except asyncio.CancelledError:
            if DROP not in scope.get("state", {}):  # in process: it is the caller who stops
                raise
            await self._refuse(Problem(503, "the server stops"), exchange, send)
        except Exception as error:
            if exchange.status:  # the answer has begun
                raise
            await self._refuse(error, exchange, send)

    async def _refuse(self, error: Exception, exchange: Exchange, send: Send) -> None:
        problem = problem_of(error, exchange)
        exchange.error_ids = problem.ids
        await self.send(envelope(problem, exchange), exchange, send)

    async def send(self, answer: Response, exchange: Exchange, send: Send) -> None:
        """Send an answer."""
        headers: list[tuple[bytes, bytes]] = []
        if answer.status not in _WITHOUT_LENGTH:
            headers.append((b"content-length", b"%d" % len(answer.body)))
        if answer.content_type is not None:
            headers.append((b"content-type", answer.content_type))
        headers += answer.headers
        exchange.status = answer.status
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _find(self, scope: Scope) -> tuple[Route, dict[str, str]]:
        """Return the call that is meant: one of the control plane itself, or a vendor's."""
        path, method = _path(scope), scope["method"]
        try:
            return self.router.find(method, path)
        except UnknownOperationError:
            added = await self._added(path)
        try:
            return added.find(method, _raw_path(scope))
        except UnknownOperationError:
            if added.operations and method in METHODS:
                await ControlCall(self, scope).find_sandbox()
            raise self._unknown(scope, added) from None

    async def _added(self, path: str) -> InspectionRouter:
        """Return the calls that the vendor adds after whose name a path begins; or none."""
        name = path[1:].partition("/")[0]
        vendor = self.runtime.vendors.get(name)
        if vendor is None:
            return _NOTHING
        if name not in self._inspections:
            await vendor.loaded()
            self._inspections[name] = inspections.router_of(vendor)
        return self._inspections[name]

    def _unknown(self, scope: Scope, added: InspectionRouter) -> Problem:
        """Say that there is no such call: 405 where the path takes other methods, else 404."""
        path = URL(scope={**scope, "query_string": b""}).path
        said = f"{scope['method']} {path} is no control call"
        taken = {*self.router.allowed(_path(scope)), *added.allowed(_raw_path(scope))}
        if taken:
            allowed = ", ".join(method for method in METHODS if method in taken)
            return WrongMethod(f"{said}: this path takes {allowed}", allowed)
        if path.endswith("/"):
            said += f": they have no slash at their end, as {path.rstrip('/')}"
        return UnknownCall(said)


def _path(scope: Scope) -> str:
    """Return the path as the index reads it; a slash that came encoded is one here."""
    path: str = scope["path"]
    return quote(path.removeprefix(CONTROL_PREFIX))


def _raw_path(scope: Scope) -> str:
    exchange: Exchange = scope["exchange"]
    return exchange.raw_path.removeprefix(CONTROL_PREFIX)


def _bodiless(send: Send) -> Send:
    """Return what sends an answer's head with an empty body."""

    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if "body" in message else message)

    return send_head
