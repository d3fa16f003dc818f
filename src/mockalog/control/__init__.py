"""The control plane under `/_mockalog`: how tests steer the emulator."""

import asyncio
from threading import Lock

from starlette.types import ASGIApp, Receive, Scope, Send

from mockalog.collector import uncollected
from mockalog.kernel.runtime import Runtime

__all__ = ["Control"]


class Control:
    """The control plane, made with the first call to it in a thread: no other call waits."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._app: ASGIApp | None = None
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one control call."""
        app = self._app
        if app is None:
            app = await asyncio.to_thread(self._made)
        await app(scope, receive, send)

    def _made(self) -> ASGIApp:
        """Return the app; of two first calls at once one makes it, and the other waits."""
        with self._lock:
            if (app := self._app) is None:
                with uncollected():
                    from mockalog.control.app import ControlApp

                    app = self._app = ControlApp(self._runtime)
            return app
