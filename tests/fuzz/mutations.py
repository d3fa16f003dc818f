"""Mutations: each takes a valid request and returns one that a client could send by mistake."""

import gzip
import json
import zlib
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from tests.fuzz.samples import Sampler

Headers = tuple[tuple[bytes, bytes], ...]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get")

PATHS = (
    b"//", b"/./", b"/../", b"%2e%2e", b"%2F", b"%00", b"%0d%0a", b"%", b"%zz", b"%ff", b"%C3%A9",
    b"%F0%9F%8F%AA", b";a=b", b"+", b".json", b".html", b"~", b"a" * 5_000, b"/" * 300,
)  # fmt: skip

QUERIES = (
    b"=", b"&&", b"a", b"a=%00", b"a=%ff", b"tenant=", b"tenant=a&tenant=b", b"page=-1",
    b"page=99999999999999999999", b"per_page=x", b"limit=0", b"cursor=%00", b"cursor=eyJhIjoxfQ",
    b"since=never", b"count=1e9", b"timeout=-1", b"a[b][]=1", b"a[b]=1&a=2", b"[]=1",
    b"x=" + b"y" * 9_000, b"&" * 2_000,
)  # fmt: skip

HEADERS: Headers = (
    (b"content-type", b"text/plain"),
    (b"content-type", b"application/xml"),
    (b"content-type", b"application/json; charset=utf-16"),
    (b"content-type", b"application/json; charset=none"),
    (b"content-type", b"APPLICATION/JSON"),
    (b"content-type", b"multipart/form-data; boundary=x"),
    (b"content-type", b"application/x-www-form-urlencoded"),
    (b"content-type", b"application/yaml"),
    (b"content-type", b";;"),
    (b"content-type", b"\xff"),
    (b"accept", b"text/html"),
    (b"accept", b"application/xml;q=0.1, */*;q=0"),
    (b"accept", b"\xff/;q=x"),
    (b"accept-encoding", b"br;q=x"),
    (b"accept-language", b"\xff"),
    (b"authorization", b""),
    (b"authorization", b"Bearer"),
    (b"authorization", b"Bearer "),
    (b"authorization", b"Bearer a b"),
    (b"authorization", b"Basic eDp5"),
    (b"authorization", b"Basic !!"),
    (b"authorization", b"Bearer \xc3\xa9\xff"),
    (b"authorization", b"Bearer " + b"t" * 20_000),
    (b"authorization", b"Bearer eyJhbGciOiJub25lIn0.e30."),
    (b"x-mockalog-sandbox", b""),
    (b"x-mockalog-sandbox", b"*"),
    (b"x-mockalog-sandbox", b"a b"),
    (b"x-mockalog-sandbox", b"\xc3\xa9"),
    (b"x-mockalog-sandbox", b"s" * 3_000),
    (b"x-mockalog-admin", b"x"),
    (b"host", b""),
    (b"host", b"rest.iad-03.braze.com"),
    (b"host", b"[::"),
    (b"host", b"evil.example"),
    (b"origin", b"https://evil.example"),
    (b"workspace-id", b"99999999999999999999"),
    (b"workspace-id", b"x"),
    (b"range", b"bytes=0-0"),
    (b"if-none-match", b"*"),
    (b"expect", b"100-continue"),
    (b"x-forwarded-host", b"a, b"),
    (b"x-forwarded-proto", b"gopher"),
    (b"x-forwarded-prefix", b"/\xff"),
    (b"x-http-method-override", b"DELETE"),
    (b"cookie", b"a=b" * 500),
    (b"x-long", b"x" * 9_000),
)  # fmt: skip

# What is put into a body as it is: outside of JSON, at its limits, or beside it.
RAW = (
    b"", b"null", b"[]", b"{}", b"0", b'"text"', b"{", b"}", b"NaN", b"Infinity", b"[NaN]",
    b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b'{"a":1,"a":2}', b'{"a":"\\ud800"}',
    b'{"\\u0000":"\\u0000"}', b"[" * 400 + b"]" * 400, b'{"a":' * 200 + b"1" + b"}" * 200,
    b'{"a":' + b"9" * 5_000 + b"}", b'{"a":1e999999999}', b"a=1&b[]=2&b[c]=3", b"- a\n- b: [",
    b"a: &a [*a]", b"\x00" * 100, b"{}" + b" " * 100_000, b'{"id":"' + b"x" * 300_000 + b'"}',
)  # fmt: skip


class Request(NamedTuple):
    """A request, as it goes to the app; `path` is percent-encoded and has no query."""

    method: str
    path: bytes
    query: bytes
    headers: Headers
    body: bytes

    def __str__(self) -> str:
        """Return it for a report."""
        headers = {name.decode(): value[:80] for name, value in self.headers}
        target = (self.path + b"?" + self.query)[:400].decode("latin-1")
        return f"{self.method} {target}\n    {headers}\n    {self.body[:2_000]!r}"


Mutation = Callable[[Random, Sampler, Request], Request]


def other_method(random: Random, sampler: Sampler, request: Request) -> Request:
    """Change the method."""
    return request._replace(method=random.choice(METHODS))


def odd_path(random: Random, sampler: Sampler, request: Request) -> Request:
    """Put something into the path, or take a part out of it."""
    at = random.randrange(1, len(request.path) + 1)
    rest = request.path[at + random.choice((0, 0, 1, 5)) :]
    return request._replace(path=request.path[:at] + random.choice((*PATHS, b"")) + rest)


def odd_query(random: Random, sampler: Sampler, request: Request) -> Request:
    """Replace the query, or add to it."""
    added = random.choice(QUERIES)
    return request._replace(query=random.choice((added, request.query + b"&" + added, b"")))


def odd_header(random: Random, sampler: Sampler, request: Request) -> Request:
    """Replace a header, repeat it with another value, or leave it out."""
    name, value = random.choice(HEADERS)
    kept = tuple(one for one in request.headers if one[0] != name)
    changed = ((*kept, (name, value)), (*request.headers, (name, value)), kept)
    return request._replace(headers=random.choice(changed))


def raw_body(random: Random, sampler: Sampler, request: Request) -> Request:
    """Replace the body."""
    return request._replace(body=random.choice(RAW))


def damaged_body(random: Random, sampler: Sampler, request: Request) -> Request:
    """Cut the body, or change one of its bytes."""
    body = request.body
    at = random.randrange(len(body) + 1)
    damaged = (body[:at], body[:at] + bytes([random.randrange(256)]) + body[at + 1 :], body + body)
    return request._replace(body=random.choice(damaged))


def packed_body(random: Random, sampler: Sampler, request: Request) -> Request:
    """Compress the body, and mostly say so."""
    encoding, packed = random.choice(
        ((b"gzip", gzip.compress(request.body)), (b"deflate", zlib.compress(request.body)))
    )
    said = ((b"content-encoding", random.choice((encoding, encoding, b"br", b"none"))),)
    return request._replace(body=packed, headers=request.headers + said)


def odd_part(random: Random, sampler: Sampler, request: Request) -> Request:
    """Change, remove or add one part of a JSON body."""
    try:
        value = json.loads(request.body)
    except ValueError:
        return raw_body(random, sampler, request)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        value = _changed(random, sampler, value)
    text = json.dumps(value, ensure_ascii=random.random() < 0.5)
    return request._replace(body=text.encode("utf-8", "surrogatepass"))


# Any: JSON.
def _changed(random: Random, sampler: Sampler, value: Any) -> Any:
    steps = list(value) if isinstance(value, dict) else [*range(len(value))] if (
        isinstance(value, list)
    ) else []  # fmt: skip
    if not steps or random.random() < 0.15:
        return sampler.odd()
    step = random.choice(steps)
    copy = dict(value) if isinstance(value, dict) else list(value)
    match random.randrange(8):
        case 0:
            del copy[step]
        case 1 if isinstance(copy, dict):
            copy[random.choice(("extra", "", "id", "a.b", "$a"))] = sampler.odd()
        case 1 if isinstance(copy, list):
            copy += [copy[step]] * random.choice((1, 60))
        case _:
            copy[step] = _changed(random, sampler, copy[step])
    return copy


MUTATIONS: tuple[Mutation, ...] = (
    other_method,
    odd_path,
    odd_query,
    odd_query,
    odd_header,
    odd_header,
    raw_body,
    damaged_body,
    packed_body,
    *[odd_part] * 6,
)
