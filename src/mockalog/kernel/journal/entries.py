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

    First the secret fields of all parts are redacted. Then all secrets of the exchange are known,
    and their values are redacted everywhere else too.
    """
    redactor = redaction.begin(exchange.token)
    fields, redact = redactor.redact_fields, redactor.redact_known
    path, query = fields(exchange.path), fields(exchange.query_string)
    body, response_body = fields(exchange.request_body), fields(exchange.response_body)
    headers = redactor.redact_headers(exchange.headers)
    response_headers = redactor.redact_headers(exchange.response_headers)
    return {
        "id": exchange.id,
        "at": exchange.at,
        "vendor": exchange.vendor,
        "operation": exchange.operation,
        "unmatched": exchange.unmatched,
        "method": exchange.method,
        "path": redact(path),
        "query": redact(query),
        "status": exchange.status,
        "duration": round(exchange.duration, 6),
        "faults": list(exchange.faults),
        "request": {
            "headers": {name: redact(value) for name, value in headers.items()},
            "body": redact(body),
        },
        "response": {
            "status": exchange.status,
            "headers": {name: redact(value) for name, value in response_headers.items()},
            "body": redact(response_body),
        },
    }
