"""A vendor as an ASGI app: it finds the operation, and it is the one place that answers errors."""

import asyncio
import logging

from starlette.types import Receive, Scope, Send

from mockalog.kernel.errors import ApiError, ConnectionDroppedError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.request_body import read_body
from mockalog.kernel.http.responses import JSON
from mockalog.kernel.sandboxes.attribution import attribute
from mockalog.kernel.vendor.responder import VERSION_HEADER, Responder
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor

logger = logging.getLogger(__name__)

# The key in a scope's state under which a server puts the function that closes the connection.
DROP = "mockalog.drop"

# The key in a scope's state of the server's set of tasks that wait, which its stop cancels at once.
WAITING = "mockalog.waiting"

# The key in a scope's state under which a server puts the refusal of a head that it cannot read.
REFUSAL = "mockalog.refusal"


class VendorApp:
    """Answers the calls of one vendor."""

    def __init__(self, vendor: Vendor, runtime: Runtime) -> None:
        self.vendor = vendor
        self.runtime = runtime
        self._responder: Responder | None = None

    async def _load(self) -> Responder:
        """Return the vendor's responder, after the first call has imported the vendor's API."""
        api = await self.vendor.loaded()
        self._responder = Responder(self.vendor, api, self.runtime)
        return self._responder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every error gets the vendor's body."""
        exchange: Exchange = scope["exchange"]
        exchange.vendor = self.vendor.name
        try:
            await self._dispatch(scope, receive, send)
        except (
            ConnectionDroppedError,
            asyncio.CancelledError,
        ) as end:  # cancelled: a server's stop
            await self._drop(scope, exchange, send, end)
        except Exception as error:
            if exchange.status:  # the response has begun
                raise
            if self._responder is None:
                logger.exception("%s cannot be imported", self.vendor.title)
                await _send_unworded(send)
                return
            await self._refuse(self._responder, error, scope, send)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find the operation and let its route answer."""
        exchange: Exchange = scope["exchange"]
        responder = scope["responder"] = self._responder or await self._load()
        api = responder.api
        exchange.request_body = await read_body(exchange.headers, receive, api.max_body)
        if response := api.before_routing.respond(exchange):
            await responder.send(api.revalidated(exchange, response), exchange, send)
            return
        path = exchange.raw_path.rstrip("/").removesuffix(api.suffix)
        route, scope["path_params"] = api.router.find(exchange.method, path)
        scope["route"] = route
        await route.handle(scope, receive, send)

    async def _refuse(
        self, responder: Responder, error: Exception, scope: Scope, send: Send
    ) -> None:
        """Answer an error; the journal learns the sandbox of the call if it is not known yet."""
        exchange: Exchange = scope["exchange"]
        if isinstance(error, ApiError) and exchange.sandbox_id is None:
            runtime, route = self.runtime, scope.get("route")
            public = route is not None and route.public
            await attribute(runtime.authenticator, runtime.sandboxes, exchange, public=public)
        await responder.send(responder.refuse(error, exchange), exchange, send)

    async def _drop(self, scope: Scope, exchange: Exchange, send: Send, end: BaseException) -> None:
        """Close the connection; raise `end` in process, where there is none."""
        drop = scope.get("state", {}).get(DROP)
        if drop is None:
            self.runtime.journal.record(exchange)
            raise end
        drop()
        # These bytes reach no client, but they end the request for the server.
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        exchange.status, exchange.response_headers = 0, []


async def _send_unworded(send: Send) -> None:
    """Answer a call of a vendor whose import failed, so that its envelope is missing too."""
    body = b'{"message":"Internal Server Error"}'
    headers = [
        (b"content-length", b"%d" % len(body)),
        (b"content-type", JSON),
        VERSION_HEADER,
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
