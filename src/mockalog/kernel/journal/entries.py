"""Journal entries: exchanges as the control plane shows them, with secrets redacted."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.redaction import Redaction


class RequestEntry(TypedDict):
    """The headers and the body of a request."""

    headers: dict[str, str]
    body: str


class ResponseEntry(RequestEntry):
    """The status, the headers and the body of a response."""

    status: int


class ExchangeEntry(TypedDict):
    """An exchange; `at` is an instant, `duration` in seconds."""

    id: int
    at: int
    vendor: str | None
    operation: str | None
    unmatched: bool
    method: str
    path: str
    query: str
    status: int
    duration: float
    faults: Sequence[Mapping[str, object]]
    request: RequestEntry
    response: ResponseEntry


def entry_of(exchange: Exchange, redaction: Redaction) -> ExchangeEntry:
    """Return the exchange as the control plane shows it, with secrets redacted.

    The secrets are those of this exchange, in all of its parts. So the other exchanges of a list
    change nothing in it.
    """
    redactor = redaction.begin(exchange.token, exchange.vendor, exchange.operation)
    headers = redactor.headers(exchange.headers)
    response_headers = redactor.headers(exchange.response_headers)
    texts = (exchange.path, exchange.query_string, exchange.request_body, exchange.response_body)
    path, query, body, response_body, *values = redactor.redact(
        [*texts, *headers.values(), *response_headers.values()]
    )
    return {
        "id": exchange.id,
        "at": exchange.at,
        "vendor": exchange.vendor,
        "operation": exchange.operation,
        "unmatched": exchange.unmatched,
        "method": exchange.method,
        "path": path,
        "query": query,
        "status": exchange.status,
        "duration": round(exchange.duration, 6),
        "faults": list(exchange.faults),
        "request": {
            "headers": dict(zip(headers, values, strict=False)),
            "body": body,
        },
        "response": {
            "status": exchange.status,
            "headers": dict(zip(response_headers, values[len(headers) :], strict=True)),
            "body": response_body,
        },
    }
