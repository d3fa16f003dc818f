"""Journal entries: exchanges as the control plane shows them, secrets redacted."""

from typing import Any

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.redaction import Redaction


def entry_of(exchange: Exchange, redaction: Redaction) -> dict[str, Any]:
    """Return the exchange as the control plane shows it: secrets redacted."""
    blackout = redaction.begin(exchange.token)
    path, query = blackout.fields(exchange.path), blackout.fields(exchange.query_string)
    body, response_body = map(blackout.fields, (exchange.request_body, exchange.response_body))
    headers = blackout.headers(exchange.headers)
    response_headers = blackout.headers(exchange.response_headers)
    # By now every secret of the exchange is known.
    shown = blackout.everywhere
    return {
        "id": exchange.id,
        "at": exchange.at,
        "vendor": exchange.vendor,
        "operation": exchange.operation,
        "unmatched": exchange.unmatched,
        "method": exchange.method,
        "path": shown(path),
        "query": shown(query),
        "status": exchange.status,
        "duration": round(exchange.duration, 6),
        "faults": list(exchange.faults),
        "request": {
            "headers": {name: shown(value) for name, value in headers.items()},
            "body": shown(body),
        },
        "response": {
            "status": exchange.status,
            "headers": {name: shown(value) for name, value in response_headers.items()},
            "body": shown(response_body),
        },
    }
