"""HAR 1.2: the journal as an HTTP archive, secrets redacted."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from mockalog import __version__
from mockalog.kernel.clock import iso_millis
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.journal import MAX_BODY

HTTP = "HTTP/1.1"


def har_of(exchanges: Iterable[tuple[Exchange, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return an archive of exchanges, each with what may be shown of it."""
    entries = [_entry(exchange, shown) for exchange, shown in exchanges]
    creator = {"name": "mockalog", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def _entry(exchange: Exchange, shown: Mapping[str, Any]) -> dict[str, Any]:
    milliseconds = round(exchange.duration * 1000, 3)
    return {
        "startedDateTime": iso_millis(exchange.at),
        "time": milliseconds,
        "request": _request(exchange, shown),
        "response": _response(exchange, shown["response"]),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_vendor": shown["vendor"],
        "_operation": shown["operation"],
        "_faults": shown["faults"],
    }


def _request(exchange: Exchange, shown: Mapping[str, Any]) -> dict[str, Any]:
    headers, body = shown["request"]["headers"], shown["request"]["body"]
    query = f"?{shown['query']}" if shown["query"] else ""
    request = {
        "method": exchange.method,
        "url": f"{exchange.scheme}://{headers.get('host', 'localhost')}{shown['path']}{query}",
        "httpVersion": HTTP,
        "cookies": [],
        "headers": _pairs(headers.items()),
        "queryString": _pairs(parse_qsl(shown["query"], keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": exchange.request_size,
    }
    if not body:
        return request
    posted = {"mimeType": headers.get("content-type", ""), "text": body}
    return {**request, "postData": {**posted, **_cut(exchange.request_size)}}


def _response(exchange: Exchange, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the response; a connection that was dropped has status 0."""
    status, size = shown["status"], exchange.response_size
    mime = shown["headers"].get("content-type", "")
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if status else "",
        "httpVersion": HTTP,
        "cookies": [],
        "headers": _pairs(shown["headers"].items()),
        "content": {"size": size, "mimeType": mime, "text": shown["body"], **_cut(size)},
        "redirectURL": shown["headers"].get("location", ""),
        "headersSize": -1,
        "bodySize": size,
    }


def _cut(size: int) -> dict[str, str]:
    """Return the remark that a body of so many bytes is not shown whole, if it is not."""
    return {"comment": f"cut: the first {MAX_BODY} bytes"} if size > MAX_BODY else {}


def _pairs(values: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values]
