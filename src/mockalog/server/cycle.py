"""One request with its response, as uvicorn runs the app for it."""

from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from mockalog.kernel.errors import ApiError
from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.responder import VERSION_HEADER
from mockalog.server.connections import KEPT_SECONDS

# RFC 9110, section 7.6.1: `Connection` names a field that is for this connection only.
KEEP_ALIVE = [
    (b"connection", b"keep-alive"),
    (b"keep-alive", b"timeout=%d" % KEPT_SECONDS),
]

_FAILED = dumps(
    {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "mockalog itself failed; its log has the traceback",
    }
)


class Cycle(RequestResponseCycle):
    """A cycle whose request can be refused while it arrives."""

    # Set if the rest of the request will not be read.
    refusal: ApiError | None = None

    def be_last(self) -> None:
        """Close the connection after the response, which says so."""
        self.keep_alive = False
        self.default_headers = [one for one in self.default_headers if one not in KEEP_ALIVE]

    def refuse(self, refusal: ApiError) -> None:
        """Let the app, which words all errors, find the refusal in place of the body."""
        self.refusal = refusal
        self.be_last()
        self.message_event.set()

    async def receive(self) -> ASGIReceiveEvent:
        """Return the next part of the body; raise the refusal."""
        if self.refusal is not None:
            raise self.refusal
        message = await super().receive()
        if self.refusal is not None:
            raise self.refusal
        return message

    async def send_500_response(self) -> None:
        """Answer a failure outside of the vendors' apps; uvicorn's own answer is plain text."""
        self.be_last()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", b"%d" % len(_FAILED)),
            VERSION_HEADER,
        ]
        await self.send({"type": "http.response.start", "status": 500, "headers": headers})
        await self.send({"type": "http.response.body", "body": _FAILED, "more_body": False})
