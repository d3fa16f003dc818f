"""The control plane under `/_mockalog`: how tests steer the emulator."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockalog.kernel.late_imports import load_in_thread
from mockalog.kernel.vendor.runtime import Runtime

__all__ = ["Control"]


class Control:
    """The control plane, made with the first call to it in a thread: no other call waits."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one control call."""
        app = self._app
        if app is None:
            app = await load_in_thread(self._made)
        await app(scope, receive, send)

    def _made(self) -> ASGIApp:
        """Return the app; of two first calls at once the second finds it made."""
        if self._app is None:
            from mockalog.control.app import ControlApp

            self._app = ControlApp(self._runtime)
        return self._app
