"""A transport for this package's own requests, which no tool that patches HTTP clients sees.

respx replaces the pools of httpcore and `httpx.Client._transport_for_url`, pook the latter.
pytest-httpx and vcrpy replace `httpx.HTTPTransport.handle_request`. vcrpy and pook also replace
`http.client`. Below all of these is httpcore's single connection.
"""

import os
import ssl
from collections import deque

import httpcore
import httpx


class DirectTransport(httpx.BaseTransport):
    """Sends requests on connections of its own, which it keeps for later requests."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._idle: deque[httpcore.HTTP11Connection] = deque()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request; raises `httpx.TransportError`."""
        try:
            return self._response(_core_request(request))
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
        ) as error:
            raise httpx.TransportError(str(error) or type(error).__name__) from None

    def close(self) -> None:
        """Close the kept connections."""
        while (connection := self._taken()) is not None:
            connection.close()

    def _response(self, request: httpcore.Request) -> httpx.Response:
        connection = self._connection(request)
        response = connection.handle_request(request)
        try:
            content = response.read()
        finally:
            response.close()
        if connection.is_idle():
            self._idle.append(connection)
        return httpx.Response(response.status, headers=response.headers, content=content)

    def _connection(self, request: httpcore.Request) -> httpcore.HTTP11Connection:
        """Return a kept connection to the origin, otherwise a new one."""
        while (kept := self._taken()) is not None:
            if kept.can_handle_request(request.url.origin) and not kept.has_expired():
                return kept
            kept.close()
        return self._connect(request)

    def _taken(self) -> httpcore.HTTP11Connection | None:
        """Return a kept connection, which is no longer kept; another thread may be faster."""
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self, request: httpcore.Request) -> httpcore.HTTP11Connection:
        origin = request.url.origin
        host, seconds = origin.host.decode(), request.extensions.get("timeout", {}).get("connect")
        stream = httpcore.SyncBackend().connect_tcp(host, origin.port, timeout=seconds)
        if origin.scheme == b"https":
            stream = stream.start_tls(self._context, host, timeout=seconds)
        return httpcore.HTTP11Connection(origin, stream)


class OwnTransport(httpx.BaseTransport):
    """Calls the app in the process that runs it; a fork of that process uses the sockets."""

    def __init__(self, app: httpx.BaseTransport, sockets: httpx.BaseTransport) -> None:
        self._app = app
        self._sockets = sockets
        self._process = os.getpid()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        chosen = self._app if os.getpid() == self._process else self._sockets
        return chosen.handle_request(request)


def _core_request(request: httpx.Request) -> httpcore.Request:
    url = request.url
    if url.scheme not in ("http", "https") or not url.host:
        raise httpx.UnsupportedProtocol("it is no http:// or https:// URL")
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )
