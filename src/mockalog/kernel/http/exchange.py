"""An exchange: one request with its response."""

import time
from collections.abc import Mapping
from typing import Any

from starlette.types import Scope

from mockalog.kernel.clock import machine_now
from mockalog.kernel.http.rate_limits import Quota

# The size in bytes of a header's Python objects, without its text.
HEADER_SIZE = 120

# The low bits of an exchange's id that count. The bits above are the number of the worker.
PROCESS_SHIFT = 30

# The attributes that `packed` sends to another worker: JSON values, bytes, and lists of headers.
_PLAIN = (
    "at",
    "client",
    "duration",
    "id",
    "method",
    "operation",
    "path",
    "raw_path",
    "base_path",
    "request_size",
    "response_size",
    "sandbox_id",
    "scheme",
    "status",
    "token",
    "vendor",
)

_BYTES = ("query_string", "request_body", "response_body")

_HEADERS = ("headers", "response_headers")


class Exchange:
    """One request with its response. The parts of the server add to it while they handle a call."""

    __slots__ = (
        "at",
        "base_path",
        "client",
        "duration",
        "error_ids",
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
        "request_size",
        "response_body",
        "response_headers",
        "response_size",
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
        # The path as sent, without the query. Some clients in the process give only `path`.
        self.raw_path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        self.raw_path = self.raw_path.partition("?")[0]
        self.query_string: bytes = scope["query_string"]
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        # The client's address, or "" if the connection has none.
        self.client: str = (scope.get("client") or ("",))[0]
        self.request_body = b""
        self.base_path = ""
        self.vendor: str | None = None
        self.operation: str | None = None
        self.sandbox_id: int | None = None
        self.token = ""
        self.quota: Quota | None = None
        # The id and the phase of each fault that applied to the call or its jobs.
        self.faults: tuple[Mapping[str, object], ...] = ()
        # The error ids of the refusal that the call ended with.
        self.error_ids: tuple[str, ...] = ()
        self.status = 0
        self.response_headers: list[tuple[bytes, bytes]] = []
        self.response_body = b""
        # The sizes of the bodies in bytes before the journal cut them.
        self.request_size = self.response_size = 0

    @property
    def size(self) -> int:
        """Return the bytes that count against the journal's bound."""
        return (
            _size_of(self.headers)
            + _size_of(self.response_headers)
            + len(self.request_body)
            + len(self.response_body)
            # Twice, because `path` holds it decoded.
            + 2 * len(self.raw_path)
            + len(self.query_string)
        )

    @property
    def unmatched(self) -> bool:
        """Return whether the request matches no operation of a vendor."""
        return self.operation is None

    def follows(self, number: int) -> bool:
        """Return whether it was recorded after the exchange with that id, or by another worker."""
        return self.id >> PROCESS_SHIFT != number >> PROCESS_SHIFT or self.id > number

    def packed(self) -> dict[str, object]:
        """Return the exchange as a JSON object for another worker, without redaction."""
        return {
            "faults": self.faults,
            "error_ids": self.error_ids,
            **{name: getattr(self, name) for name in _PLAIN},
            **{name: getattr(self, name).decode("latin-1") for name in _BYTES},
            **{
                name: [[k.decode("latin-1"), v.decode("latin-1")] for k, v in getattr(self, name)]
                for name in _HEADERS
            },
        }

    # Any: JSON from another worker, which `packed` made.
    @classmethod
    def unpacked(cls, values: Mapping[str, Any]) -> "Exchange":
        """Return the exchange of a JSON object that `packed` returned."""
        exchange = cls.__new__(cls)
        exchange.faults = tuple(values["faults"])
        exchange.error_ids = tuple(values["error_ids"])
        for name in _PLAIN:
            setattr(exchange, name, values[name])
        for name in _BYTES:
            setattr(exchange, name, values[name].encode("latin-1"))
        for name in _HEADERS:
            pairs = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in values[name]]
            setattr(exchange, name, pairs)
        return exchange


def _size_of(headers: list[tuple[bytes, bytes]]) -> int:
    # A list, because a generator takes 1.5 times as long in every call.
    sizes = [len(name) + len(value) for name, value in headers]
    return HEADER_SIZE * len(sizes) + sum(sizes)
