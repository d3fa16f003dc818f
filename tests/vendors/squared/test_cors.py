"""Browsers and health.

Sources: docs/vendors/squared.md#21-base-and-formats and docs/vendors/squared.md#118-health.
"""

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.sending import CONNECTORS

ORIGIN = {"Origin": "https://app.example.com"}
ALLOWED = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD",
    "access-control-max-age": "7200",
}


@pytest.mark.parametrize("path", [CONNECTORS, "/api/v1/login", "/nowhere"])
def test_a_preflight(anonymous: httpx.Client, path: str) -> None:
    """200 without a body, to anybody and about any path."""
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


def test_a_preflight_that_names_no_headers(anonymous: httpx.Client) -> None:
    """None are allowed by name then."""
    asked = {**ORIGIN, "Access-Control-Request-Method": "get"}
    response = anonymous.options(CONNECTORS, headers=asked)
    assert response.headers.items() >= ALLOWED.items()
    assert "access-control-allow-headers" not in response.headers


def test_a_preflight_for_a_strange_method(anonymous: httpx.Client) -> None:
    """Answered, but nothing is allowed (inferred)."""
    asked = {**ORIGIN, "Access-Control-Request-Method": "TRACE"}
    response = anonymous.options(CONNECTORS, headers=asked)
    assert response.status_code == 200
    assert not response.headers.keys() & ALLOWED.keys()


@pytest.mark.parametrize("headers", [{}, ORIGIN, {"Access-Control-Request-Method": "GET"}])
def test_other_options_are_no_route(anonymous: httpx.Client, headers: dict[str, str]) -> None:
    """Kind E."""
    assert anonymous.options(CONNECTORS, headers=headers).status_code == 404


@pytest.mark.parametrize(("path", "status"), [("", 200), ("/9", 404), ("/x", 400)])
def test_any_site_may_read_any_answer(squared: httpx.Client, path: str, status: int) -> None:
    """Refusals too; who sends no origin gets no such headers."""
    response = squared.get(CONNECTORS + path, headers=ORIGIN)
    assert response.status_code == status
    assert response.headers.items() >= ALLOWED.items()
    assert not squared.get(CONNECTORS + path).headers.keys() & ALLOWED.keys()


@pytest.mark.parametrize("path", ["/", "/up", "/up/"])
def test_health(emulation: Emulation, anonymous: httpx.Client, path: str) -> None:
    """A green page for anybody."""
    response = anonymous.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "background-color: green" in response.text
    head = anonymous.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert anonymous.post(path).status_code == 404
