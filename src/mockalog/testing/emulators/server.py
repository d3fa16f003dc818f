"""The emulator in this process behind real sockets, for all HTTP clients."""

import ssl

import httpx
import uvicorn

from mockalog.addresses import urls_of
from mockalog.server.graceful_server import GracefulServer
from mockalog.server.serve import bind, secured, with_real_ports
from mockalog.settings import Settings
from mockalog.testing.emulators.direct import DirectTransport, OwnTransport
from mockalog.testing.emulators.in_process import InProcess
from mockalog.testing.emulators.tls import context_of


class Server(InProcess):
    """An app in a thread that listens on the ports of the settings (0: a free port)."""

    def __init__(self, settings: Settings) -> None:
        self._sockets = bind(settings)
        settings, options = secured(with_real_ports(settings, self._sockets))
        super().__init__(settings)
        # `InProcess` runs the app's lifespan.
        config = uvicorn.Config(self.app, **{**options, "lifespan": "off"})
        self._server = GracefulServer(config, settings)
        self.urls = urls_of(settings)

    def start(self) -> None:
        """Open the database and listen."""
        try:
            super().start()
        except BaseException:
            self._close_sockets()
            raise
        self.portal.call(self._listen)
        ticking = self.portal.start_task_soon(self._server.main_loop)
        self.stack.callback(self.portal.call, self._close)
        self.stack.callback(ticking.cancel)
        self.transport = httpx.HTTPTransport(verify=self._context())
        self.stack.callback(self.transport.close)
        sockets = DirectTransport(self._context())
        self.control_transport = OwnTransport(self.control_transport, sockets)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport for an `httpx.AsyncClient`."""
        return httpx.AsyncHTTPTransport(verify=self._context())

    def _context(self) -> ssl.SSLContext:
        return context_of(self.urls["mockalog"], self.ca_certificate)

    async def _listen(self) -> None:
        config = self._server.config
        config.load()
        self._server.lifespan = config.lifespan_class(config)
        await self._server.startup(list(self._sockets.values()))

    async def _close(self) -> None:
        """Close all connections at once: uvicorn's own shutdown takes 0.1 s to 0.2 s."""
        for server in self._server.servers:
            server.close()
        self._server.server_state.close_all()
        self._close_sockets()

    def _close_sockets(self) -> None:
        for listening in self._sockets.values():
            listening.close()
