"""The control plane as an ASGI app: request guard, routing, and one place for all refusals."""

import asyncio
from collections.abc import Mapping
from urllib.parse import quote

from starlette.datastructures import URL
from starlette.types import Message, Receive, Scope, Send

from mockalog.control.calls import vendor_routes
from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.long_responses import LongResponse
from mockalog.control.calls.problems import (
    ProblemError,
    UnknownCallError,
    WrongMethodError,
    envelope,
    problem_of,
)
from mockalog.control.calls.request_guard import RequestGuard, with_default_content_type
from mockalog.control.calls.vendor_routes import VendorControlRouter
from mockalog.control.documents.documents import Documents
from mockalog.control.routes import router
from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import WITHOUT_LENGTH, Response
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.turns import ClientLeftError
from mockalog.kernel.vendor.app import DROP
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import METHODS
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.settings import Settings

_NO_ROUTES = VendorControlRouter()


class ControlApp:
    """Answers every control call of one app."""

    def __init__(self, runtime: Runtime, settings: Settings, vendors: Mapping[str, Vendor]) -> None:
        self.runtime = runtime
        self.settings = settings
        self.vendors = vendors
        self.router = router
        self.documents = Documents(vendors, runtime.setting_registry)
        self._guard = RequestGuard(settings, vendors)
        self._vendor_routes: dict[str, VendorControlRouter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one control call; a call that waits while the server stops gets a 503.

        HEAD is answered as GET without the body: load balancers send HEAD to health and readiness.
        """
        headers = with_default_content_type(scope["headers"])
        scope = {**scope, "headers": headers, "app": self}
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        exchange = scope["exchange"] = Exchange(scope)
        try:
            await self._response(scope, exchange, receive, send)
        except ClientLeftError:
            return  # no client reads a response
        except asyncio.CancelledError:
            if DROP not in scope.get("state", {}):  # in process the caller itself cancels
                raise
            if exchange.status:  # the response has begun
                scope["state"][DROP]()
                return
            await self._refuse(ProblemError(503, "the server stops"), exchange, send)
        except Exception as error:
            if exchange.status:  # the response has begun
                raise
            await self._refuse(error, exchange, send)

    async def _response(
        self, scope: Scope, exchange: Exchange, receive: Receive, send: Send
    ) -> None:
        exchange.request_body = await self._guard.admit(scope, receive)
        route, scope["path_params"] = await self._find(scope, receive)
        await route.handle(scope, receive, send)

    async def _refuse(self, error: Exception, exchange: Exchange, send: Send) -> None:
        problem = problem_of(error, exchange)
        exchange.error_ids = problem.ids
        await self.send(envelope(problem, exchange), exchange, send)

    async def send(self, response: Response | LongResponse, exchange: Exchange, send: Send) -> None:
        """Send a response and note its status in the exchange."""
        pieces = response.pieces if isinstance(response, LongResponse) else (response.body,)
        headers: list[tuple[bytes, bytes]] = []
        if response.status not in WITHOUT_LENGTH:
            headers.append((b"content-length", b"%d" % sum(map(len, pieces))))
        if response.content_type is not None:
            headers.append((b"content-type", response.content_type))
        headers += response.headers
        exchange.status = response.status
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        for piece in pieces[:-1]:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)  # other calls run between two pieces
        await send({"type": "http.response.body", "body": pieces[-1]})

    async def _find(self, scope: Scope, receive: Receive) -> tuple[Route, dict[str, str]]:
        """Return the route of a call and its path parameters: a route of ours, or a vendor's."""
        path, method = _path(scope), scope["method"]
        try:
            return self.router.find(method, path)
        except UnknownOperationError:
            added = await self._vendor_routes_at(path)
        try:
            return added.find(method, _raw_path(scope))
        except UnknownOperationError:
            if added.operations and method in METHODS:
                await ControlCall(self, scope, receive).find_sandbox()
            raise self._unknown(scope, added) from None

    async def _vendor_routes_at(self, path: str) -> VendorControlRouter:
        """Return the calls of the vendor whose name begins the path; empty for other paths."""
        name = path[1:].partition("/")[0]
        vendor = self.vendors.get(name)
        if vendor is None:
            return _NO_ROUTES
        if name not in self._vendor_routes:
            await vendor.loaded()
            self._vendor_routes[name] = vendor_routes.vendor_router_of(vendor)
        return self._vendor_routes[name]

    def _unknown(self, scope: Scope, added: VendorControlRouter) -> ProblemError:
        """Return a 405 if the path takes other methods, otherwise a 404."""
        path = URL(scope={**scope, "query_string": b""}).path
        said = f"{scope['method']} {path} is not a control call"
        taken = {*self.router.allowed(_path(scope)), *added.allowed(_raw_path(scope))}
        if taken:
            allowed = ", ".join(method for method in METHODS if method in taken)
            return WrongMethodError(f"{said}: this path takes {allowed}", allowed)
        if path.endswith("/"):
            said += f": control paths have no slash at the end, call {path.rstrip('/')}"
        return UnknownCallError(said)


def _path(scope: Scope) -> str:
    """Return the path as the router reads it; an encoded slash counts as a slash."""
    path: str = scope["path"]
    return quote(path.removeprefix(CONTROL_PREFIX))


def _raw_path(scope: Scope) -> str:
    exchange: Exchange = scope["exchange"]
    return exchange.raw_path.removeprefix(CONTROL_PREFIX)


def _without_body(send: Send) -> Send:
    """Return a `send` that passes the head of a response on and empties the body."""

    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if "body" in message else message)

    return send_head
