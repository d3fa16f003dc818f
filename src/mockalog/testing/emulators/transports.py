"""httpx transports to an app in this process, without a socket.

The app runs in an event loop of its own, in another thread. Its callers may be synchronous, or run
in any event loop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

import httpx
from anyio import to_thread
from anyio.from_thread import BlockingPortal
from starlette.types import ASGIApp, Message

logger = logging.getLogger(__name__)

_DEFAULT_PORTS = {"http": 80, "https": 443}


class SharedTransport(httpx.BaseTransport):
    """A transport that several clients share; a client that closes does not close it."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        return self._transport.handle_request(request)


class AppTransport(httpx.BaseTransport):
    """Sends a synchronous client's requests to the app."""

    def __init__(self, portal: BlockingPortal, app: ASGIApp) -> None:
        self._portal = portal
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request; raises httpx's errors for a dropped connection and a timeout."""
        return self.response(request, request.read())

    def response(self, request: httpx.Request, content: bytes) -> httpx.Response:
        """Answer a request whose body has been read. After a timeout the client has left."""
        answer = _Answer()
        future = self._portal.start_task_soon(_response, self._app, request, content, answer)
        try:
            return future.result(request.extensions.get("timeout", {}).get("read"))
        except TimeoutError:
            self._portal.call(answer.over.set)
            raise httpx.ReadTimeout("timed out", request=request) from None


class AsyncAppTransport(httpx.AsyncBaseTransport):
    """Sends an asynchronous client's requests to the app."""

    def __init__(self, transport: AppTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        content = await request.aread()
        return await to_thread.run_sync(partial(self._transport.response, request, content))


async def _response(
    app: ASGIApp, request: httpx.Request, content: bytes, response: "_Answer"
) -> httpx.Response:
    """Return the response as soon as it is complete; the app may go on after it."""
    receive = _receiver(content, response.over)
    call = asyncio.ensure_future(_run(app(_scope(request), receive, response.take)))
    complete = asyncio.ensure_future(response.complete.wait())
    await asyncio.wait({call, complete}, return_when=asyncio.FIRST_COMPLETED)
    if not response.complete.is_set():
        complete.cancel()
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    # `elapsed` and `iter_raw` need a stream, as from the network.
    body = httpx.ByteStream(bytes(response.body))
    return httpx.Response(response.status, headers=response.headers, stream=body)


async def _run(call: Awaitable[None]) -> None:
    try:
        await call
    except Exception:
        # As at a server, the client sees only the response, or a closed connection.
        logger.debug("the app raised", exc_info=True)


class _Answer:
    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.complete = asyncio.Event()
        # The client has the response or has left.
        self.over = asyncio.Event()

    async def take(self, message: Message) -> None:
        """Take a message that the app sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                self.complete.set()
                self.over.set()


def _receiver(content: bytes, over: asyncio.Event) -> Callable[[], Awaitable[Message]]:
    messages: list[Message] = [{"type": "http.request", "body": content}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    return receive


def _scope(request: httpx.Request) -> dict[str, object]:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "server": (url.host, url.port or _DEFAULT_PORTS[url.scheme]),
        "client": ("127.0.0.1", 0),
        "root_path": "",
    }
