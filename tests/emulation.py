"""The emulator as the tests use it: a whole app in this process, driven without a socket."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp

from mockalog.app import create_app, create_runtime
from mockalog.kernel.errors import Dropped
from mockalog.kernel.journal import JournalMiddleware
from mockalog.kernel.runtime import Runtime
from mockalog.settings import Settings

HOST = "http://mockalog.test"


class PortalTransport(httpx.BaseTransport):
    """Sends a synchronous client's requests to an app that lives in the portal's event loop."""

    def __init__(self, portal: BlockingPortal, app: ASGIApp) -> None:
        self._portal = portal
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        return self._portal.call(self._answer, request)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=content)
        dropped = []

        async def app(*connection: Any) -> None:
            try:
                await self._app(*connection)
            except Dropped as error:
                dropped.append(error)
                raise

        # What the app raises after its answer is in the log; a client would not see it either.
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        response = await transport.handle_async_request(sent)
        if dropped:
            raise httpx.RemoteProtocolError("the server closed without an answer", request=request)
        body = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=body)


class Emulation:
    """One running app. Each client it hands out has a random token, so a sandbox of its own."""

    def __init__(self, portal: BlockingPortal, app: JournalMiddleware, runtime: Runtime) -> None:
        self._portal = portal
        self._app = app
        self.runtime = runtime

    def client(self, prefix: str = "", token: str | None = None, **options: Any) -> httpx.Client:
        """Return a client for a path prefix; without `token` it gets a random one."""
        token = uuid.uuid4().hex if token is None else token
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return httpx.Client(
            transport=PortalTransport(self._portal, self._app),
            base_url=HOST + prefix,
            headers=headers,
            **options,
        )

    def control(
        self, like: httpx.Client | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Client:
        """Return a client of the control plane: of the sandbox of `like`, or of the server."""
        authorization = {} if like is None else {"Authorization": like.headers["Authorization"]}
        return httpx.Client(
            transport=PortalTransport(self._portal, self._app),
            base_url=HOST + "/_mockalog",
            headers={**authorization, **(headers or {})},
        )

    def at_once(
        self, client: httpx.Client, requests: Sequence[httpx.Request]
    ) -> list[httpx.Response]:
        """Send all requests together and return the responses in the same order."""

        async def send() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport) as together:
                return await asyncio.gather(*(together.send(request) for request in requests))

        answers: list[httpx.Response] = self.run(send)
        return answers

    def run(self, function: Callable[[], Awaitable[Any]]) -> Any:
        """Run a coroutine function in the app's event loop."""
        return self._portal.call(function)


@contextmanager
def emulate(**settings: Any) -> Iterator[Emulation]:
    """Run an app of these settings for the time of the block."""
    runtime = create_runtime(Settings(**settings))
    app = create_app(runtime=runtime)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(lifespan(app)):
        yield Emulation(portal, app, runtime)


class lifespan:  # noqa: N801 - used as a function
    """The ASGI lifespan of an app as an async context manager."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __aenter__(self) -> None:
        self._to_app: asyncio.Queue[Any] = asyncio.Queue()
        self._from_app: asyncio.Queue[Any] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._task = asyncio.ensure_future(self._app(scope, self._to_app.get, self._from_app.put))
        await self._exchange("startup")

    async def __aexit__(self, *_: object) -> None:
        await self._exchange("shutdown")
        await self._task

    async def _exchange(self, phase: str) -> None:
        await self._to_app.put({"type": f"lifespan.{phase}"})
        answer = asyncio.ensure_future(self._from_app.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done() or answer.result()["type"] != f"lifespan.{phase}.complete":
            answer.cancel()
            await self._task  # raises what the app raised
            raise RuntimeError(f"the app's {phase} failed")
