"""The app's start and end: the database is opened before the first request is taken."""

from starlette.types import Receive, Scope, Send

from mockalog.kernel.migration import prepare
from mockalog.kernel.runtime import Runtime


class Lifespan:
    """Answers the ASGI lifespan protocol."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start, wait for the end, stop; a start that fails is told and raised."""
        await receive()
        try:
            await self._start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._runtime.journals.close()
        await self._runtime.database.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        settings = self._runtime.settings
        prepare(settings.database_url, migrates=settings.migrates)
        await self._runtime.database.start()
        await self._runtime.journals.start()
