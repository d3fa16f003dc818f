"""A vendor as an ASGI app: the index, the choke point for all that is refused, and the answer."""

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from mockalog import __version__
from mockalog.kernel.database.interfaces import Outage
from mockalog.kernel.errors import Dropped, Refused, Unexpected
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.request_body import read_body
from mockalog.kernel.http.responses import JSON, Answer
from mockalog.kernel.sandboxes.attribution import attribute
from mockalog.kernel.vendor import Vendor, VendorApi

if TYPE_CHECKING:
    from mockalog.kernel.runtime import Runtime

logger = logging.getLogger(__name__)

VERSION_HEADER = (b"x-mockalog", __version__.encode())
NO_CONTENT = 204

# Where a server puts, in a scope's state, what closes the connection without an answer.
DROP = "mockalog.drop"


class VendorApp:
    """Every byte it sends is the vendor's."""

    api: VendorApi

    def __init__(self, vendor: Vendor, runtime: "Runtime") -> None:
        self.vendor = vendor
        self.runtime = runtime
        self._is_loaded = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong on the way is worded by the vendor."""
        exchange: Exchange = scope["exchange"]
        exchange.vendor = self.vendor.name
        try:
            await self._dispatch(scope, receive, send)
        except (Dropped, asyncio.CancelledError) as end:  # cancelled: the server stops
            await self._drop(scope, exchange, send, end)
        except Exception as error:
            if exchange.status:  # the answer has begun
                raise
            if not self._is_loaded:
                logger.exception("%s cannot be imported", self.vendor.title)
                await _send_unworded(send)
                return
            await self.send(await self._refused(error, exchange), exchange, send)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find the operation that is meant, and let its route answer."""
        exchange: Exchange = scope["exchange"]
        if not self._is_loaded:
            self.api, self._is_loaded = await self.vendor.loaded(), True
        api = self.api
        exchange.request_body = await read_body(exchange.headers, receive, api.max_body)
        if reply := api.upfront(exchange):
            await self.send(reply, exchange, send)
            return
        path = exchange.raw_path.rstrip("/").removesuffix(api.suffix)
        route, scope["path_params"] = api.router.find(exchange.method, path)
        scope["app"] = self
        await route.handle(scope, receive, send)

    async def _refused(self, error: Exception, exchange: Exchange) -> Answer:
        """Word what is refused; if it is not known by now whose the request is, find out."""
        if isinstance(error, Refused) and exchange.sandbox_id is None:
            await attribute(self.runtime.authenticator, self.runtime.sandboxes, exchange)
        return self.refuse(error, exchange)

    def refuse(self, error: Exception, exchange: Exchange) -> Answer:
        """Word a refusal; anything else is our own fault, logged and answered without detail."""
        if not isinstance(error, Refused):
            # An outage is no fault in the code, whose trace would tell anything.
            trace = None if isinstance(error, Outage) else error
            logger.error("%s %s failed: %s", exchange.method, exchange.path, error, exc_info=trace)
            error = Unexpected()
        exchange.error_ids = error.ids
        return self.api.envelope(error, exchange)

    async def _drop(self, scope: Scope, exchange: Exchange, send: Send, end: BaseException) -> None:
        """Close the connection; raises `end` where there is none, in process."""
        drop = scope.get("state", {}).get(DROP)
        if drop is None:
            self.runtime.journal.record(exchange)
            raise end
        drop()
        # Goes nowhere, but the server takes the request for done.
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        exchange.status, exchange.response_headers = 0, []

    async def send(self, answer: Answer, exchange: Exchange, send: Send) -> None:
        """Send an answer with the headers that each of the vendor's answers carries."""
        headers: list[tuple[bytes, bytes]] = []
        if answer.status != NO_CONTENT:  # RFC 9110: such an answer has no length
            headers.append((b"content-length", b"%d" % len(answer.body)))
        if answer.content_type is not None:
            headers.append((b"content-type", answer.content_type))
        headers += self.api.headers(self.runtime, exchange, answer)
        headers += answer.headers
        headers.append(VERSION_HEADER)
        body = b"" if exchange.method == "HEAD" else answer.body
        start = {"type": "http.response.start", "status": answer.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})


async def _send_unworded(send: Send) -> None:
    """Answer a call of a vendor that cannot be imported: its own words are not there either."""
    body = b'{"message":"Internal Server Error"}'
    headers = [
        (b"content-length", b"%d" % len(body)),
        (b"content-type", JSON),
        VERSION_HEADER,
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
