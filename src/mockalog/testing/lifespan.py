"""The ASGI lifespan of an app as an async context manager."""

import asyncio
from typing import Any

from starlette.types import ASGIApp


class Lifespan:
    """Starts an app and stops it; raises what its start raises."""

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
        answer = await self._from_app.get()
        if answer["type"] != f"lifespan.{phase}.complete":
            await self._task  # raises what the app raised
