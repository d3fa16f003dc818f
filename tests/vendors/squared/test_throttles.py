"""Tests of the rate limits by client address.

Sources: docs/vendors/squared.md#27-throttling; docs/vendors/squared.md#1-contradictions, row 24.
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import account_body

STRANGER = "203.0.113.9"
EMAIL = "m@x.io"
LOGIN = {"email": EMAIL, "password": "x"}
RESET = {"reset_password_token": "t", "password": "x", "password_confirmation": "x"}
PASSWORDS = "Too many password reset attempts. Please wait 60 seconds before trying again."
CASES = [
    ("login", LOGIN, 5, 20, "Too many login attempts. Please try again in 20 seconds."),
    (
        "signup",
        account_body(EMAIL, password="weak"),
        2,
        60,
        "Too many signup attempts. Please wait 60 seconds before trying again.",
    ),
    ("forgot_password", {"email": EMAIL}, 2, 60, PASSWORDS),
    ("reset_password", RESET, 2, 60, PASSWORDS),
    (
        "resend_verification",
        {"email": EMAIL},
        2,
        300,
        "Too many verification email requests. Please wait 300 seconds before trying again.",
    ),
]


@pytest.fixture
def authenticate_unknown(emulation: Emulation) -> httpx.Client:
    """A client of another address, in a sandbox with a frozen clock."""
    headers = {"X-Mockalog-Sandbox": uuid4().hex, "X-Forwarded-For": STRANGER}
    client = emulation.client("/squared", headers=headers)
    emulation.sandbox(client).clock.freeze("2026-03-02T09:15:00Z")
    return client


@pytest.mark.parametrize("dialect", ["docs", "server"])
@pytest.mark.parametrize(("path", "body", "limit", "seconds", "text"), CASES)
def test_too_many_attempts(
    emulation: Emulation,
    authenticate_unknown: httpx.Client,
    path: str,
    body: Any,
    limit: int,
    seconds: int,
    text: str,
    dialect: str,
) -> None:
    """Both dialects return 429 until the window ends."""
    sandbox = emulation.sandbox(authenticate_unknown)
    sandbox.settings["squared.dialect"] = dialect

    def attempt() -> httpx.Response:
        return authenticate_unknown.post(f"/api/v1/{path}", json=body)

    assert 429 not in [attempt().status_code for _ in range(limit)]
    refused = attempt()
    assert (refused.status_code, refused.json()) == (429, {"error": text})
    assert refused.headers["retry-after"] == str(seconds)
    assert refused.headers["content-type"] == "application/json"
    sandbox.clock.advance(seconds)
    assert attempt().status_code != 429


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        (STRANGER, STRANGER, True),
        (STRANGER, "198.51.100.7", False),
        (STRANGER, f"198.51.100.7, {STRANGER}", True),
        (STRANGER, f"{STRANGER}, 10.0.0.1, 192.168.0.1", True),
        (STRANGER, f"{STRANGER}, nonsense", True),
        ("2001:db8::1", "2001:db8:0::1", True),
        ("10.0.0.7, 10.0.0.8", "10.0.0.7", True),
    ],
)
def test_each_address_has_its_own_window(
    authenticate_unknown: httpx.Client, first: str, second: str, shared: bool
) -> None:
    """The nearest address that is no proxy counts, otherwise the farthest."""
    body = {"email": EMAIL}
    for _ in range(2):
        headers = {"X-Forwarded-For": first}
        authenticate_unknown.post("/api/v1/forgot_password", json=body, headers=headers)
    response = authenticate_unknown.post(
        "/api/v1/forgot_password", json=body, headers={"X-Forwarded-For": second}
    )
    assert (response.status_code == 429) is shared


@pytest.mark.parametrize("address", ["", "127.0.0.1", "::1", "nonsense"])
def test_the_loopback_is_exempt(authenticate_unknown: httpx.Client, address: str) -> None:
    """The server has the same exception, so tests on one machine are not limited."""
    authenticate_unknown.headers["X-Forwarded-For"] = address
    statuses = {
        authenticate_unknown.post("/api/v1/login", json=LOGIN).status_code for _ in range(9)
    }
    assert statuses == {401}
