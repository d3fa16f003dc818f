"""Tests of CORS and of the health page.

Sources: docs/vendors/squared.md#21-base-and-formats and docs/vendors/squared.md#118-health.
"""

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.requests import CONNECTORS

ORIGIN = {"Origin": "https://app.example.com"}
ALLOWED = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD",
    "access-control-max-age": "7200",
}


@pytest.mark.parametrize("path", [CONNECTORS, "/api/v1/login", "/nowhere"])
def test_a_preflight_is_public(anonymous: httpx.Client, path: str) -> None:
    """The status is 200 without a body, for any caller and path."""
    asked = {
        **ORIGIN,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,workspace-id",
    }
    response = anonymous.options(path, headers=asked)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers.items() >= ALLOWED.items()
    assert response.headers["access-control-allow-headers"] == "authorization,workspace-id"
    assert "content-type" not in response.headers


def test_a_preflight_without_headers(anonymous: httpx.Client) -> None:
    """No headers are allowed by name."""
    asked = {**ORIGIN, "Access-Control-Request-Method": "get"}
    response = anonymous.options(CONNECTORS, headers=asked)
    assert response.headers.items() >= ALLOWED.items()
    assert "access-control-allow-headers" not in response.headers


def test_a_preflight_for_an_unknown_method(anonymous: httpx.Client) -> None:
    """The preflight is answered, but allows nothing (inferred)."""
    asked = {**ORIGIN, "Access-Control-Request-Method": "TRACE"}
    response = anonymous.options(CONNECTORS, headers=asked)
    assert response.status_code == 200
    assert not response.headers.keys() & ALLOWED.keys()


@pytest.mark.parametrize("headers", [{}, ORIGIN, {"Access-Control-Request-Method": "GET"}])
def test_other_options_requests_match_no_operation(
    anonymous: httpx.Client, headers: dict[str, str]
) -> None:
    """Kind E."""
    assert anonymous.options(CONNECTORS, headers=headers).status_code == 404


@pytest.mark.parametrize(("path", "status"), [("", 200), ("/9", 404), ("/x", 400)])
def test_any_site_may_read_any_answer(squared: httpx.Client, path: str, status: int) -> None:
    """Refusals may be read too. A request without an origin gets no CORS headers."""
    response = squared.get(CONNECTORS + path, headers=ORIGIN)
    assert response.status_code == status
    assert response.headers.items() >= ALLOWED.items()
    assert not squared.get(CONNECTORS + path).headers.keys() & ALLOWED.keys()


@pytest.mark.parametrize("path", ["/", "/up", "/up/"])
def test_the_health_page(emulation: Emulation, anonymous: httpx.Client, path: str) -> None:
    """Any caller gets a green page."""
    response = anonymous.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "background-color: green" in response.text
    head = anonymous.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert anonymous.post(path).status_code == 404
