"""Tests of headers, paths, bodies and rate limits.

Sources: docs/vendors/squared.md#2-transport, and docs/vendors/squared.md#1-contradictions, row 24.
"""

import re
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from mockalog.kernel.errors import BodyTooLargeError, InternalError, UnstorableValueError
from mockalog.kernel.http.exchange import Exchange
from mockalog.vendors.squared.errors import envelope
from tests.emulation import Emulation
from tests.vendors.squared.factories import DESTINATION, make_connector
from tests.vendors.squared.requests import CATALOGS, CONNECTORS, kind_b, kind_c
from tests.vendors.squared.steering import use_server_dialect

STANDING = {
    "x-frame-options": "SAMEORIGIN",
    "x-content-type-options": "nosniff",
    "x-xss-protection": "0",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-permitted-cross-domain-policies": "none",
    "vary": "Origin",
}


def test_the_headers_of_a_success(squared: httpx.Client) -> None:
    """The headers are as measured (2.1)."""
    response = squared.get(CONNECTORS)
    headers = response.headers
    assert headers.items() >= STANDING.items()
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["cache-control"] == "max-age=0, private, must-revalidate"
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', headers["etag"])
    assert re.fullmatch(r"[0-9a-f-]{36}", headers["x-request-id"])
    assert float(headers["x-runtime"]) >= 0


@pytest.mark.parametrize(("method", "path"), [("GET", "/9"), ("POST", "")])
def test_the_headers_of_a_refusal(squared: httpx.Client, method: str, path: str) -> None:
    """A refusal is not cached and has no ETag."""
    headers = squared.request(method, CONNECTORS + path).headers
    assert headers.items() >= STANDING.items()
    assert headers["cache-control"] == "no-cache"
    assert "etag" not in headers


@pytest.mark.parametrize("authorization", [None, "", "Basic abc", "Bearer", "Bearer "])
def test_without_a_token(squared: httpx.Client, authorization: str | None) -> None:
    """401 comes before the contract."""
    del squared.headers["Authorization"]
    headers = {} if authorization is None else {"Authorization": authorization}
    response = squared.post(CONNECTORS, json={}, headers=headers)
    assert (response.status_code, response.json()) == (401, kind_b(401, "Unauthorized"))


def test_two_tokens_are_a_bad_request(squared: httpx.Client) -> None:
    """Neither of them counts (kind E, inferred)."""
    values = [("Authorization", "Bearer a"), ("Authorization", "Bearer b")]
    squared.headers = httpx.Headers([("Accept", "application/json"), *values])
    response = squared.get(CONNECTORS)
    assert (response.status_code, response.json()) == (400, {"status": 400, "error": "Bad Request"})


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_two_workspaces_are_an_unknown_one(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """Puma joins the values by commas, also equal ones."""
    emulation.sandbox(squared).settings["squared.dialect"] = dialect
    for second in ("1", "2"):
        values = [("Workspace-Id", "1"), ("Workspace-Id", second)]
        squared.headers = httpx.Headers([*squared.headers.multi_items(), *values])
        response = squared.get(CONNECTORS)
        assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        ("application/json", True),
        ("text/html, application/json;q=0.9", True),
        ("*/*", False),
        ("text/html", False),
    ],
)
def test_refusals_before_the_application(squared: httpx.Client, accept: str, json: bool) -> None:
    """Kind E needs no token: unknown routes and bodies that are no JSON (2.6)."""
    del squared.headers["Authorization"]
    headers = {"Accept": accept, "Content-Type": "application/json"}
    lost = squared.get("/api/v1/nothing", headers=headers)
    broken = squared.post(CONNECTORS, content=b"{", headers=headers)
    for response, status, text in ((lost, 404, "Not Found"), (broken, 400, "Bad Request")):
        assert response.status_code == status
        if json:
            assert response.json() == {"status": status, "error": text}
        else:
            assert response.content == b""
            assert response.headers["content-type"] == "text/html; charset=UTF-8"


@pytest.mark.parametrize("path", ["/1", "/1/", "/1.json", ".json", "/"])
def test_other_spellings_of_a_path(squared: httpx.Client, path: str) -> None:
    """A `.json` suffix, a trailing slash and HEAD are accepted (2.1)."""
    make_connector(squared)
    assert squared.get(CONNECTORS + path).status_code == 200
    head = squared.head(CONNECTORS + path)
    assert (head.status_code, head.content) == (200, b"")


def form_request(**columns: str) -> dict[str, Any]:
    """Return a form-encoded request."""
    body = urlencode({f"connector[{name}]": value for name, value in columns.items()})
    return {
        "content": body,
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    }


def test_a_form_creates_a_connector(squared: httpx.Client) -> None:
    """Names with brackets become objects and arrays."""
    configuration = {
        "configuration][public_api_key": "pk",
        "configuration][list][": "a",
        "configuration][rows][][x": "1",
    }
    columns = {k: v for k, v in DESTINATION.items() if k != "configuration"}
    request = form_request(**columns, **configuration)  # type: ignore[arg-type]
    request["content"] += "&connector[configuration][rows][][y]=2"
    request["content"] += "&connector[configuration][rows][][x]=3"
    response = squared.post(CONNECTORS, **request)
    assert response.status_code == 201
    assert response.json()["data"]["attributes"]["configuration"] == {
        "public_api_key": "*************",
        "list": ["a"],
        "rows": [{"x": "1", "y": "2"}, {"x": "3"}],
    }


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"name=x&catalogs"),
        ("text/plain", b'{"connector": {}}'),
        (None, b""),
    ],
)
def test_only_json_is_wrapped(squared: httpx.Client, content_type: str | None, body: bytes) -> None:
    """Any other body without the wrapper misses the wrapper itself (2.2)."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = squared.post(CONNECTORS, content=body, headers=headers)
    assert response.json() == {"errors": {"connector": ["is missing"]}}
    response = squared.post(CATALOGS, content=body, headers=headers)
    assert response.json()["errors"]["catalog"] == ["is missing"]


@pytest.mark.parametrize(
    "body", ["a[b]=1&a[]=2", "a[]=1&a[b]=2", "a=1&a[b]=2", "a" + "[b]" * 33 + "=1"]
)
def test_forms_that_rack_refuses(squared: httpx.Client, body: str) -> None:
    """Kind E: one name used in two ways, or nested too deeply."""
    request = {**form_request(), "content": body}
    response = squared.post(CONNECTORS, **request)
    assert (response.status_code, response.content) == (400, b"")


def test_the_documented_rate_limit(emulation: Emulation, squared: httpx.Client) -> None:
    """100 a minute for the whole API. Login does not count, and the server has no limit.

    Source: docs/vendors/squared.md#1-contradictions, row 24.
    """
    emulation.sandbox(squared).clock.freeze("2026-03-02T09:15:04Z")
    statuses = [squared.get(CONNECTORS).status_code for _ in range(100)]
    refused = squared.get("/api/v1/workspaces")
    assert statuses == [200] * 100
    assert refused.status_code == 429
    assert refused.json() == {"error": "Too many requests. Please try again later."}
    assert refused.headers["retry-after"] == "56"
    login = squared.post("/api/v1/login", json={"email": "m@x.io", "password": "x"})
    assert login.status_code == 401
    use_server_dialect(emulation, squared)
    assert squared.get("/api/v1/workspaces").status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (UnstorableValueError(), 400, kind_c("string contains null byte")),
        (InternalError(), 500, kind_b(500, "Internal Server Error")),
    ],
)
def test_the_envelopes_of_kernel_errors(error: Any, status: int, body: Any) -> None:
    """No ordinary request causes them. A 500 is never sent on purpose.

    Source: docs/vendors/squared.md#1-contradictions, row 25.
    """
    answer = envelope(error, empty_exchange())
    assert (answer.status, httpx.Response(200, content=answer.body).json()) == (status, body)


def test_a_body_that_is_too_large() -> None:
    """Kind E comes from the web server, before the application."""
    answer = envelope(BodyTooLargeError(1), empty_exchange())
    assert (answer.status, answer.body) == (413, b"")


def empty_exchange() -> Exchange:
    """Return the exchange of an empty request."""
    scope = {"scheme": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    return Exchange(scope)
