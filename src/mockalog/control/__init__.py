"""The control plane under `/_mockalog`: the calls by which tests control the emulator."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from mockalog.kernel.late_imports import load_in_thread
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.settings import Settings

__all__ = ["Control"]


class Control:
    """The control plane as an ASGI app. The first call imports it in a thread.

    The vendors' calls are answered during that import.
    """

    def __init__(self, runtime: Runtime, settings: Settings, vendors: Mapping[str, Vendor]) -> None:
        self._parts = runtime, settings, vendors
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one control call."""
        app = self._app
        if app is None:
            app = await load_in_thread(self._load)
        await app(scope, receive, send)

    def _load(self) -> ASGIApp:
        """Return the app; the second of two concurrent first calls gets the app of the first."""
        if self._app is None:
            from mockalog.control.app import ControlApp

            self._app = ControlApp(*self._parts)
        return self._app
