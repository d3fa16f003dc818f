"""The journal: what was asked and what was answered, bounded by number and bytes.

The middleware sees every byte of vendor traffic and refuses nothing. An exchange keeps the raw
bytes; secrets are taken out when one is shown, because tests ask rarely and requests come often.
"""

import re
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockalog.kernel.clock import machine_now
from mockalog.kernel.rate_limit import Quota

# A kept body is cut here, so that one upload cannot push everything else out.
MAX_BODY = 64 * 1024

# What a header counts for: two small strings and their objects.
HEADER_SIZE = 150

RESERVED = "/_mockalog"
REDACTED = "[redacted]"

_SECRET_HEADERS = frozenset({"authorization", "x-mockalog-admin", "cookie", "set-cookie"})
_HIDDEN_FIELDS = (
    "password|password_confirmation|secret|client_secret|client_assertion|token|access_token"
    "|refresh_token|api_key|private_key|reset_password_token"
)
_SECRET_IN_JSON = re.compile(rf'("(?:\w*_)?(?:{_HIDDEN_FIELDS})"\s*:\s*)"(?:[^"\\]|\\.)*"?')
_SECRET_IN_FORM = re.compile(rf"(^|&)((?:\w*_)?(?:{_HIDDEN_FIELDS}))=[^&]*")


class Exchange:
    """One request with its response; also carries what the layers learn on the way."""

    __slots__ = (
        "at",
        "base_path",
        "client",
        "duration",
        "faults",
        "headers",
        "id",
        "method",
        "operation",
        "path",
        "query_string",
        "quota",
        "raw_path",
        "request_body",
        "response_body",
        "response_headers",
        "sandbox_id",
        "scheme",
        "started",
        "status",
        "token",
        "vendor",
    )

    def __init__(self, scope: Scope) -> None:
        self.id = 0
        self.at = machine_now()
        self.started = time.perf_counter()
        self.duration = 0.0
        self.scheme: str = scope["scheme"]
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        # Without the query; `path` when an in-process client gives no raw path.
        self.raw_path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        self.raw_path = self.raw_path.partition("?")[0]
        self.query_string: bytes = scope["query_string"]
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        # The address that the request came from, "" if it has none.
        self.client: str = (scope.get("client") or ("",))[0]
        self.request_body = b""
        self.base_path = ""
        self.vendor: str | None = None
        self.operation: str | None = None
        self.sandbox_id: int | None = None
        self.token = ""
        self.quota: Quota | None = None
        # The faults that struck it: id and phase.
        self.faults: tuple[Mapping[str, Any], ...] = ()
        self.status = 0
        self.response_headers: list[tuple[bytes, bytes]] = []
        self.response_body = b""

    @property
    def size(self) -> int:
        """Return the bytes that count against the journal's bound, headers estimated."""
        headers = HEADER_SIZE * (len(self.headers) + len(self.response_headers))
        return headers + len(self.request_body) + len(self.response_body) + len(self.raw_path)

    @property
    def unmatched(self) -> bool:
        """Return whether no operation of any vendor was meant."""
        return self.operation is None

    def as_json(self) -> dict[str, Any]:
        """Return the exchange as the control plane shows it: secrets redacted."""
        return {
            "id": self.id,
            "at": self.at,
            "vendor": self.vendor,
            "operation": self.operation,
            "unmatched": self.unmatched,
            "method": self.method,
            "path": self.path,
            "query": self._redact(self.query_string),
            "duration": round(self.duration, 6),
            "faults": list(self.faults),
            "request": {
                "headers": self._headers(self.headers),
                "body": self._redact(self.request_body),
            },
            "response": {
                "status": self.status,
                "headers": self._headers(self.response_headers),
                "body": self._redact(self.response_body),
            },
        }

    def _headers(self, headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        shown = {}
        for raw_name, raw_value in headers:
            name = raw_name.decode("latin-1").lower()
            shown[name] = REDACTED if name in _SECRET_HEADERS else self._redact(raw_value)
        return shown

    def _redact(self, data: bytes) -> str:
        text = data.decode("utf-8", "replace")
        for secret in {self.token, quote_plus(self.token)} - {""}:
            text = text.replace(secret, REDACTED)
        text = _SECRET_IN_JSON.sub(rf'\1"{REDACTED}"', text)
        return _SECRET_IN_FORM.sub(rf"\1\2={REDACTED}", text)


class Journal:
    """A ring of exchanges: the oldest go when the number or the bytes run over."""

    def __init__(self, max_exchanges: int, max_bytes: int) -> None:
        self._max_exchanges = max_exchanges
        self._max_bytes = max_bytes
        self._ring: deque[tuple[Exchange, int]] = deque()
        self._bytes = 0
        self._last_id = 0

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange that was answered."""
        exchange.duration = time.perf_counter() - exchange.started
        self._last_id += 1
        exchange.id = self._last_id
        exchange.request_body = exchange.request_body[:MAX_BODY]
        exchange.response_body = exchange.response_body[:MAX_BODY]
        size = exchange.size
        self._ring.append((exchange, size))
        self._bytes += size
        while len(self._ring) > self._max_exchanges or self._bytes > self._max_bytes:
            self._bytes -= self._ring.popleft()[1]

    def exchanges(self, sandbox_id: int | None = None) -> Iterator[Exchange]:
        """Yield what is kept, oldest first; of one sandbox, or of all with None."""
        for exchange, _ in list(self._ring):
            if sandbox_id is None or exchange.sandbox_id == sandbox_id:
                yield exchange

    def clear(self, sandbox_id: int | None = None) -> int:
        """Drop what is kept of one sandbox, or everything; return how many exchanges went."""
        before = len(self._ring)
        kept = [
            (exchange, size)
            for exchange, size in self._ring
            if sandbox_id is not None and exchange.sandbox_id != sandbox_id
        ]
        self._ring = deque(kept)
        self._bytes = sum(size for _, size in kept)
        return before - len(kept)


class JournalMiddleware:
    """Records vendor traffic; control calls pass unrecorded."""

    def __init__(self, app: ASGIApp, lifespan: ASGIApp, journal: Journal) -> None:
        self._app = app
        self._lifespan = lifespan
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with an `Exchange` in its scope."""
        if scope["type"] != "http":
            await self._lifespan(scope, receive, send)
            return
        if is_reserved(scope["path"]):
            await self._app(scope, receive, send)
            return
        exchange = scope["exchange"] = Exchange(scope)

        async def observe(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                exchange.response_headers = message["headers"]
            else:
                exchange.response_body = message["body"]
                self._journal.record(exchange)
            await send(message)

        await self._app(scope, receive, observe)


def is_reserved(path: str) -> bool:
    """Return whether the path belongs to the control plane."""
    return path == RESERVED or path.startswith(RESERVED + "/")
