"""A vendor's responses: errors worded by its envelope, and the headers of every response."""

import logging

from starlette.types import Send

from mockalog import __version__
from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.errors import ApiError, InternalError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import WITHOUT_LENGTH, Response
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor, VendorApi

logger = logging.getLogger(__name__)

VERSION_HEADER = (b"x-mockalog", __version__.encode())


class Responder:
    """Words and sends the responses of one vendor."""

    def __init__(self, vendor: Vendor, api: VendorApi, runtime: Runtime) -> None:
        self.vendor = vendor
        self.api = api
        self.runtime = runtime

    def refuse(self, error: Exception, exchange: Exchange) -> Response:
        """Return the response to an error; log one that is no `ApiError` and answer it as a 500."""
        if not isinstance(error, ApiError):
            # An unavailable database is no bug, so its traceback would tell nothing.
            trace = None if isinstance(error, DatabaseUnavailableError) else error
            logger.error("%s %s failed: %s", exchange.method, exchange.path, error, exc_info=trace)
            error = InternalError()
        error = self.api.translate(error, exchange)
        exchange.error_ids = error.ids
        return self.api.envelope(error, exchange)

    async def send(self, response: Response, exchange: Exchange, send: Send) -> None:
        """Send a response with the headers that each of the vendor's responses carries."""
        headers: list[tuple[bytes, bytes]] = []
        if response.status not in WITHOUT_LENGTH:
            headers.append((b"content-length", b"%d" % len(response.body)))
        if response.content_type is not None:
            headers.append((b"content-type", response.content_type))
        headers += self.api.headers(self.runtime, exchange, response)
        headers += response.headers
        headers.append(VERSION_HEADER)
        body = b"" if exchange.method == "HEAD" else response.body
        start = {"type": "http.response.start", "status": response.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})
