"""The emulator as the tests use it: a whole app in this process, driven without a socket."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from mockalog.settings import Settings
from mockalog.testing.controls.client import ControlClient
from mockalog.testing.controls.controls import Controls
from mockalog.testing.emulators.in_process import InProcess
from mockalog.testing.handles.sandbox import Sandbox
from mockalog.vendors import VENDORS

HOST = "http://mockalog.test"

# Seconds: a busy machine is no failure.
PATIENCE = 60

# The headers that name a sandbox; a name replaces the sandbox that the token opens.
_NAMING = ("X-Mockalog-Sandbox",)


class Emulation:
    """One running app. Each client it hands out has a random token, so a sandbox of its own."""

    def __init__(self, host: InProcess) -> None:
        self._host = host
        self._app = host.app
        self.runtime = host.runtime

    def client(self, prefix: str = "", token: str | None = None, **options: Any) -> httpx.Client:
        """Return a client for a path prefix; without `token` it gets a random one."""
        token = uuid.uuid4().hex if token is None else token
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return httpx.Client(
            transport=self._host.transport,
            base_url=HOST + prefix,
            headers=headers,
            **{"timeout": PATIENCE, **options},
        )

    def control(
        self, like: httpx.Client | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Client:
        """Return a client of the control plane: of the sandbox of `like`, or of the server."""
        authorization = {} if like is None else {"Authorization": like.headers["Authorization"]}
        return httpx.Client(
            transport=self._host.transport,
            base_url=HOST + "/_mockalog",
            headers={**authorization, **(headers or {})},
            timeout=PATIENCE,
        )

    def sandbox(self, client: httpx.Client) -> Sandbox:
        """Return the public handle of the sandbox of a client.

        `emulation.sandbox(braze).clock.freeze("2025-03-01")`; the vendors' own calls are at its
        `braze`, `squared` and `attraqt`. If the client names a sandbox in a header, the handle
        acts on it, as the vendors do.
        """
        urls = {"mockalog": HOST, **{vendor.name: f"{HOST}/{vendor.name}" for vendor in VENDORS}}
        token = str(client.headers["Authorization"]).removeprefix("Bearer ")
        headers = {name: client.headers[name] for name in _NAMING if name in client.headers}
        return Sandbox(urls, self._host.transport, headers, token)

    def server(self) -> Controls:
        """Return the public handle of the whole server: it acts on every sandbox."""
        return Controls(ControlClient(HOST, self._host.transport, {}))

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

    def settle(self) -> None:
        """Wait for what goes on behind the scenes: spare copies, then what is to be swept."""
        self.run(self.runtime.sandboxes.prepared_copies.settle)
        self.run(self.runtime.sandboxes.cleanup.settle)

    def run(self, function: Callable[[], Awaitable[Any]]) -> Any:
        """Run a coroutine function in the app's event loop."""
        return self._host.portal.call(function)


@contextmanager
def emulate(**settings: Any) -> Iterator[Emulation]:
    """Run an app of these settings for the time of the block."""
    host = InProcess(Settings(**settings))
    host.start()
    try:
        emulation = Emulation(host)
        emulation.settle()  # what a start leaves to be done is in no test's way
        yield emulation
    finally:
        host.stop()
