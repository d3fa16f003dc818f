"""The client of a control call, which may leave before the response."""

import asyncio

from starlette.types import Receive

# Seconds between two looks at a client whose server does not wait for its end.
PAUSE_SECONDS = 0.05


class Client:
    """Knows whether the client has left; the request's body must have been read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._leaving: asyncio.Task[None] | None = None

    def has_left(self) -> bool:
        """Return whether the client has left; short calls never ask."""
        return self._watched().done()

    async def left_or(self, event: asyncio.Event, seconds: float) -> None:
        """Wait for an event or until the client leaves, at most so many seconds."""
        happening = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait(
                {happening, self._watched()},
                timeout=seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            happening.cancel()

    def forget(self) -> None:
        """Stop watching, at the end of the call."""
        if self._leaving is not None:
            self._leaving.cancel()

    def _watched(self) -> asyncio.Task[None]:
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._leave())
        return self._leaving

    async def _leave(self) -> None:
        message = await self._receive()
        while message["type"] != "http.disconnect":
            # A server may give an empty part of the body at once, again and again.
            await asyncio.sleep(PAUSE_SECONDS)
            message = await self._receive()
