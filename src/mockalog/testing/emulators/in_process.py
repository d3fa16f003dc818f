"""The whole emulator in this process without a socket; it starts in milliseconds."""

import asyncio
import time
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import datetime
from threading import Thread

import anyio
import httpx
from anyio.from_thread import BlockingPortal

from mockalog.app import create_app, create_runtime
from mockalog.kernel.clock import from_datetime
from mockalog.lifespan import Lifespan
from mockalog.settings import Settings
from mockalog.testing.emulators.transports import AppTransport, AsyncAppTransport
from mockalog.vendors import VENDORS


class InProcess:
    """An app in an event loop and a thread of its own; several of them share no state."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.runtime = create_runtime(settings)
        self.app = create_app(settings, runtime=self.runtime)
        self.urls: Mapping[str, str] = {
            name: f"http://{name}.localhost"
            for name in ("mockalog", *(vendor.name for vendor in VENDORS))
        }
        self.stack = ExitStack()
        self.portal: BlockingPortal
        self.transport: httpx.BaseTransport
        self.control_transport: httpx.BaseTransport

    def start(self) -> None:
        """Open the database and answer requests.

        Raises `DatabaseConfigurationError` and `InvalidDocumentError`.
        """
        with ExitStack() as stack:
            ready: Future[BlockingPortal] = Future()
            thread = Thread(target=anyio.run, args=(_run_portal, ready), daemon=True)
            thread.start()
            stack.callback(thread.join)
            self.portal = ready.result()
            # The stop cancels calls whose clients have given up.
            stack.callback(self.portal.call, self.portal.stop, True)
            lifespan = Lifespan(self.runtime, self.settings)
            self.portal.call(lifespan.start)
            stack.callback(self.portal.call, lifespan.stop)
            self.stack = stack.pop_all()
        self.transport = self.control_transport = AppTransport(self.portal, self.app)

    def stop(self) -> None:
        """Close the database and end the thread."""
        self.stack.close()

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport for an `httpx.AsyncClient`."""
        return AsyncAppTransport(AppTransport(self.portal, self.app))

    def preload(self, vendors: Collection[str]) -> None:
        """Read now what calls would read from disk at their first use."""
        from mockalog.testing.emulators.preloading import preload

        preload(vendors)

    @property
    def strict(self) -> bool:
        """Whether credentials must be registered."""
        return self.settings.auth == "strict"

    @property
    def ca_certificate(self) -> str | None:
        """The certificate authority (PEM) that clients must trust; None without TLS."""
        return self.settings.ca_certificate

    def unmatched_possible(self, since: datetime | None = None) -> bool:
        """Return whether a request matched no operation since an instant, by default ever.

        This reads the journal itself: the first control call would take a quarter of a second.
        """
        unmatched_at = self.runtime.journal.unmatched_at
        return unmatched_at > 0 if since is None else unmatched_at >= from_datetime(since)


async def _run_portal(ready: "Future[BlockingPortal]") -> None:
    """Run the event loop until the portal is stopped.

    anyio's own portal thread would be joined at the exit of a fork, where it does not exist.
    """
    # Timers go on if a test replaces the module's function, as freezegun does.
    asyncio.get_running_loop().time = time.monotonic  # type: ignore[method-assign]
    async with BlockingPortal() as portal:
        ready.set_result(portal)
        await portal.sleep_until_stopped()
