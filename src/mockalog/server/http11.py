"""HTTP/1.1: requests are read here, and uvicorn writes the responses.

uvicorn drops the body of a request to upgrade, waits without a bound for the rest of a request, and
answers malformed ones by itself. Here the app words every refusal: it finds the refusal in place of
the body. `tests/server/test_http11.py` covers HEAD, pipelining, 100-continue and close. They depend
on the order of uvicorn's writes.
"""

import asyncio
from asyncio import BaseTransport, Transport
from typing import Any, cast
from urllib.parse import unquote

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from mockalog.kernel.errors import ApiError
from mockalog.kernel.vendor.app import DROP, REFUSAL, WAITING
from mockalog.server.connections import Connections
from mockalog.server.cycle import KEEP_ALIVE, Cycle
from mockalog.server.heads import (
    MAX_HEAD,
    is_too_large,
    late,
    refusal_of,
    target_of,
    too_large,
    without_upgrade,
)
from mockalog.server.responses import WholeResponses

# Seconds for a whole head, and for the next bytes of a body.
ARRIVAL_SECONDS = 30

# Seconds for a client to read a refusal while its request is still on the way. If the connection
# were closed at once, the unread bytes would reset it before that.
LINGER_SECONDS = 2

# The parts of a request in which its next byte is.
_NONE, _IN_HEAD, _IN_BODY = range(3)


class Protocol(HttpToolsProtocol):
    """A connection: uvicorn's, with our way of reading requests."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        # Any: the lifespan's state, which apps may fill.
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.cycle: Cycle
        self.held = 0
        self._connections = cast(Connections, server_state)
        self._part = _NONE
        # Bytes of the body, of the latest data, and of the data since the latest progress.
        self._body = self._size = self._quiet = 0
        # Whether the latest data had the end of a head or a part of a body.
        self._has_progress = False
        # Whether the bounds know that the request has not arrived whole.
        self._is_waited_for = False
        # Whether the rest of the request, and all after it, is dropped.
        self._is_refused = False

    def connection_made(self, transport: BaseTransport) -> None:
        """Wrap the transport of a new connection."""
        self._responses = WholeResponses(cast(Transport, transport))
        super().connection_made(cast(Transport, self._responses))
        # Of this connection only; each request's scope gets a copy.
        ours = {DROP: self._responses.drop, WAITING: self._connections.waiting}
        self.app_state = {**self.app_state, **ours}
        self._connections.open(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Take the connection out of the bounds."""
        super().connection_lost(exc)
        self._connections.lose(self)

    def data_received(self, data: bytes) -> None:
        """Read requests, or the rest of a refused one, which is dropped."""
        if self._is_refused:
            return
        self._size, self._has_progress = len(data), False
        try:
            self._parse(data)
        except httptools.HttpParserError as error:
            self.refuse(refusal_of(error))
            return
        if self._part:
            self._wait()
        elif self._is_waited_for:
            self._is_waited_for = False
            self._connections.arrived(self)

    def _parse(self, data: bytes | memoryview) -> None:
        """Read requests. One to upgrade is read as if it asked for nothing (RFC 9110, 7.8)."""
        while (stop := self._feed(data)) is not None:
            data = memoryview(data)[stop:]
            self._read_without_upgrade()

    def _feed(self, data: bytes | memoryview) -> int | None:
        """Feed the parser. Return where it stops: behind the head of a request to upgrade."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            position: int = upgrade.args[0]
            return position
        return None

    def _read_without_upgrade(self) -> None:
        """Feed the head once more, in a form that does not stop the parser.

        To a new parser: the old one reads nothing after a request that closes the connection.
        """
        headers, method = self.headers, self.parser.get_method()
        version = self.parser.get_http_version()
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser.feed_data(without_upgrade(method, self.url, version, headers))
        self.scope["method"], self.scope["headers"] = method.decode("ascii"), headers

    def _wait(self) -> None:
        """Bound a request that has not arrived whole, in bytes without progress and in time."""
        if self._has_progress or not self._is_waited_for:
            self._quiet = 0
            self._is_waited_for = True
            self._expect_within(ARRIVAL_SECONDS)
            return
        self._quiet += self._size
        if self._quiet > MAX_HEAD:  # a head, trailers or the extension of a chunk without an end
            self.refuse(too_large())

    def _expect_within(self, seconds: int) -> None:
        self._connections.wait(self, self.loop.time() + seconds, self._body)

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._connections.idle.pop(self, None)
        self._part, self._quiet, self._body = _IN_HEAD, 0, 0

    def on_headers_complete(self) -> None:
        """Start the app, or queue the request behind the one before."""
        parser, scope = self.parser, self.scope
        if parser.should_upgrade():  # the head comes once more
            return
        if self._quiet + self._size > MAX_HEAD and is_too_large(self.url, self.headers):
            raise too_large()
        version = parser.get_http_version()
        scope["method"] = parser.get_method().decode("ascii")
        if version != "1.1":
            scope["http_version"] = version
        self._set_target(*target_of(self.url))
        # Trailers must not become headers.
        self.headers = []
        self._part, self._has_progress = _IN_BODY, True
        self._begin(keep_alive=version != "1.0" and parser.should_keep_alive())

    def _set_target(self, path: bytes, query: bytes) -> None:
        decoded = path.decode("ascii")
        self.scope["path"] = unquote(decoded) if "%" in decoded else decoded
        self.scope["raw_path"], self.scope["query_string"] = path, query

    def _begin(self, *, keep_alive: bool) -> Cycle:
        keep_alive = keep_alive and not self._connections.is_stopping
        default_headers = self.server_state.default_headers
        before = self.cycle
        self.cycle = cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=default_headers + KEEP_ALIVE if keep_alive else default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start(cycle)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, self.app))
        return cycle

    def _start(self, cycle: Cycle) -> None:
        task = self.loop.create_task(cycle.run_asgi(self.app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body for the app, if the app has not answered yet."""
        self._has_progress = True
        cycle = self.cycle
        if cycle.response_complete:
            return
        self._body += len(body)
        cycle.body += body
        if len(cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_message_complete(self) -> None:
        """End the body."""
        if self.parser.should_upgrade():  # it comes once more
            return
        self._part = _NONE
        cycle = self.cycle
        cycle.more_body = False
        cycle.message_event.set()
        if cycle.response_complete:
            self._connections.idle[self] = self.loop.time()

    def on_response_complete(self) -> None:
        """Send the response, whether or not it has a body, and start the next request."""
        self._responses.flush()
        self.flow.resume_reading()
        if self.transport.is_closing():
            if self._is_refused:
                self._expect_within(LINGER_SECONDS)
        elif self.pipeline:
            self._start(cast(Cycle, self.pipeline.pop()[0]))
        elif not self._part:
            self._connections.idle[self] = self.loop.time()
        elif self._part == _IN_BODY:  # the rest is dropped
            self._body = 0
            self._expect_within(ARRIVAL_SECONDS)

    def refuse(self, refusal: ApiError) -> None:
        """Let the app word the refusal of the request that arrives; read nothing after it."""
        self._is_refused = self._responses.lingers = True
        if self._part == _IN_BODY and self.cycle.response_complete:
            self.close()
            return
        cycle = self.cycle if self._part == _IN_BODY else self._begin_unread(refusal)
        cycle.refuse(refusal)
        self._body = 0
        self._expect_within(ARRIVAL_SECONDS)

    def _begin_unread(self, refusal: ApiError) -> Cycle:
        """Begin a request of which at most a part of the head was read."""
        self.scope["method"] = self.parser.get_method().decode("ascii") if self.url else "?"
        try:
            self._set_target(*target_of(self.url))
        except httptools.HttpParserInvalidURLError:
            self._set_target(b"/", b"")
        self.scope["state"][REFUSAL] = refusal
        return self._begin(keep_alive=False)

    def expire(self) -> None:
        """Refuse the request that did not arrive in time; close if it has its answer."""
        if self._is_refused and self.transport.is_closing():
            self._connections.arrived(self)
            self.close()
        elif self._is_refused or self.flow.read_paused:  # the app is at work
            self._expect_within(ARRIVAL_SECONDS)
        else:
            self.refuse(late(ARRIVAL_SECONDS))

    def close(self) -> None:
        """Close the connection at once."""
        self._responses.drop()

    def shutdown(self) -> None:
        """Let the latest answer under way be the last."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.be_last()
