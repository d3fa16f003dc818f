"""HAR 1.2: the journal as an HTTP archive, secrets redacted.

Source: http://www.softwareishard.com/blog/har-12-spec/
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import parse_qsl

from pydantic import Field

from mockalog import __version__
from mockalog.control.calls.models import JournalsOut, Out, absent
from mockalog.control.journal.exchanges import StrikeOut
from mockalog.kernel.clock import iso_millis
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.entries import ExchangeEntry, ResponseEntry
from mockalog.kernel.journal.journal import MAX_BODY

HTTP = "HTTP/1.1"


class PairOut(Out):
    """A header, or a parameter of a query."""

    name: str
    value: str


class PostDataOut(Out):
    """The body of a request; `comment` is there if it is cut."""

    mime_type: str = Field(serialization_alias="mimeType")
    text: str
    comment: str = Field(default_factory=absent)


class ContentOut(Out):
    """The body of a response; `comment` is there if it is cut."""

    size: int
    mime_type: str = Field(serialization_alias="mimeType")
    text: str
    comment: str = Field(default_factory=absent)


class HarRequestOut(Out):
    """A request."""

    method: str
    url: str
    http_version: str = Field(serialization_alias="httpVersion")
    cookies: list[PairOut] = Field(max_length=0)
    headers: list[PairOut]
    query_string: list[PairOut] = Field(serialization_alias="queryString")
    headers_size: Literal[-1] = Field(serialization_alias="headersSize")
    body_size: int = Field(serialization_alias="bodySize")
    post_data: PostDataOut = Field(default_factory=absent, serialization_alias="postData")


class HarResponseOut(Out):
    """A response; status 0: the connection was dropped."""

    status: int
    status_text: str = Field(serialization_alias="statusText")
    http_version: str = Field(serialization_alias="httpVersion")
    cookies: list[PairOut] = Field(max_length=0)
    headers: list[PairOut]
    content: ContentOut
    redirect_url: str = Field(serialization_alias="redirectURL")
    headers_size: Literal[-1] = Field(serialization_alias="headersSize")
    body_size: int = Field(serialization_alias="bodySize")


class TimingsOut(Out):
    """Milliseconds."""

    send: int
    wait: float
    receive: int


class CacheOut(Out):
    """Always empty: there is no cache."""


class EntryOut(Out):
    """An exchange."""

    started: str = Field(serialization_alias="startedDateTime")
    time: float = Field(description="Milliseconds.")
    request: HarRequestOut
    response: HarResponseOut
    cache: CacheOut
    timings: TimingsOut
    vendor: str | None = Field(serialization_alias="_vendor")
    operation: str | None = Field(serialization_alias="_operation")
    faults: list[StrikeOut] = Field(serialization_alias="_faults")


class CreatorOut(Out):
    """The program that wrote the archive."""

    name: Literal["mockalog"]
    version: str


class LogOut(Out):
    """The only member of the archive."""

    version: Literal["1.2"]
    creator: CreatorOut
    entries: list[EntryOut]


class HarOut(JournalsOut):
    """An HTTP archive."""

    log: LogOut


# The JSON of an archive before its entries, and between them and the end of the answer.
HEAD = b'{"log":{"version":"1.2","creator":{"name":"mockalog","version":"%s"},"entries":[' % (
    __version__.encode()
)
TAIL = b"]}"


# Any: JSON values.
def har_entry(exchange: Exchange, shown: ExchangeEntry) -> dict[str, Any]:
    """Return the entry of an exchange, given with its redacted JSON."""
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


def _request(exchange: Exchange, shown: ExchangeEntry) -> dict[str, Any]:
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


def _response(exchange: Exchange, shown: ResponseEntry) -> dict[str, Any]:
    """Return the response; a dropped connection has status 0."""
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
    """Return the comment of a body of `size` bytes: a text only if the journal cut it."""
    return {"comment": f"cut: the first {MAX_BODY} bytes"} if size > MAX_BODY else {}


def _pairs(values: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values]
