"""What mockalog is compared with: the floor (bare ASGI) and the yardstick (FastAPI's hello world).

Both run under the same uvicorn with the same event loop and parser as mockalog.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

Message = MutableMapping[str, Any]

BODY = b'{"message":"Hello World"}'
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"25")],
}


async def bare(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answer every request with the same bytes: what uvicorn itself costs."""
    if scope["type"] == "http":
        await send(START)
        await send({"type": "http.response.body", "body": BODY})


def hello() -> "FastAPI":
    """Return the app of FastAPI's "First Steps" page, word for word."""
    # Imported here: a start of the bare app must not pay for FastAPI.
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/")
    async def root():  # type: ignore[no-untyped-def]  # a return type would change what it costs
        return {"message": "Hello World"}

    return app
