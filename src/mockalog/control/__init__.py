"""The control plane under `/_mockalog`: how tests steer the emulator."""

from starlette.types import ASGIApp, Receive, Scope, Send

from mockalog.collector import uncollected
from mockalog.kernel.runtime import Runtime

__all__ = ["Control"]


class Control:
    """The control plane, made with the first call to it.

    It is the only part that needs FastAPI, whose import is half of a cold start; whoever only
    calls vendors does not wait for it.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one control call."""
        if self._app is None:
            with uncollected():
                from mockalog.control.app import create_control
                from mockalog.control.gate import Gate

                self._app = Gate(create_control(self._runtime), self._runtime)
        await self._app(scope, receive, send)
