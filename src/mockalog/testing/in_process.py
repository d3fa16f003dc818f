"""The whole emulator in this process: no socket, ready in milliseconds."""

from collections.abc import Mapping
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
from mockalog.testing.transport import AppTransport, AsyncAppTransport
from mockalog.vendors import VENDORS


class InProcess:
    """An app in an event loop of its own, in a thread of its own; two of them never meet."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.runtime = create_runtime(settings)
        self.app = create_app(runtime=self.runtime)
        self.urls: Mapping[str, str] = {
            name: f"http://{name}.localhost"
            for name in ("mockalog", *(vendor.name for vendor in VENDORS))
        }
        self.stack = ExitStack()
        self.portal: BlockingPortal
        self.transport: httpx.BaseTransport

    def start(self) -> None:
        """Open the database and begin to answer; raises `DatabaseConfigurationError` and
        `InvalidDocumentError`."""
        with ExitStack() as stack:
            ready: Future[BlockingPortal] = Future()
            thread = Thread(target=anyio.run, args=(_live, ready), daemon=True)
            thread.start()
            stack.callback(thread.join)
            self.portal = ready.result()
            # Calls that nobody waits for any longer end with it.
            stack.callback(self.portal.call, self.portal.stop, True)
            lifespan = Lifespan(self.runtime)
            self.portal.call(lifespan.start)
            stack.callback(self.portal.call, lifespan.stop)
            self.stack = stack.pop_all()
        self.transport = AppTransport(self.portal, self.app)

    def stop(self) -> None:
        """Close the database and end the thread."""
        self.stack.close()

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return what an `httpx.AsyncClient` reaches the app through."""
        return AsyncAppTransport(AppTransport(self.portal, self.app))

    @property
    def strict(self) -> bool:
        """Whether credentials have to be registered."""
        return self.settings.auth == "strict"

    @property
    def ca_certificate(self) -> str | None:
        """The authority (PEM) that clients have to trust."""
        return self.settings.ca_certificate

    def unmatched_possible(self, since: datetime | None = None) -> bool:
        """Return whether a request came that fits no operation, since then or ever.

        Looked up here because the control plane's first call takes a quarter of a second.
        """
        unmatched_at = self.runtime.journal.unmatched_at
        return unmatched_at > 0 if since is None else unmatched_at >= from_datetime(since)


async def _live(ready: "Future[BlockingPortal]") -> None:
    """Be the event loop until the portal is stopped.

    Not anyio's own thread: at the end of a fork, where no thread is, it would be waited for.
    """
    async with BlockingPortal() as portal:
        ready.set_result(portal)
        await portal.sleep_until_stopped()
