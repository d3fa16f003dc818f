"""What an endpoint may ask of a call."""

from typing import Any

import httpx
import pytest

from tests.emulation import emulate

BASE = "http://mockalog.test/squared"
ADDRESSES: list[tuple[dict[str, Any], dict[str, str], str]] = [
    ({}, {}, BASE),
    ({}, {"Host": "127.0.0.1:9000"}, "http://127.0.0.1:9000/squared"),
    ({}, {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "a.test"}, "https://a.test/squared"),
    ({}, {"X-Forwarded-Prefix": "/mocks/"}, "http://mockalog.test/mocks/squared"),
    ({"public_url": "https://m.test/x/"}, {"X-Forwarded-Host": "a"}, "https://m.test/x/squared"),
]


@pytest.mark.parametrize(("settings", "headers", "base"), ADDRESSES)
def test_urls_in_answers_fit_the_address_that_was_called(
    settings: dict[str, Any], headers: dict[str, str], base: str
) -> None:
    """Host, proxy headers or the public URL, and the vendor's prefix."""
    with emulate(**settings) as emulation:
        answer = emulation.client("/squared").get("/api/v1/connectors", headers=headers)

    assert answer.json()["links"]["self"].startswith(f"{base}/api/v1/connectors")


def test_a_virtual_host_has_no_prefix() -> None:
    """The vendor stands at the root there."""
    with emulate() as emulation:
        client = emulation.client()
        client.base_url = httpx.URL("http://squared.localhost:8000")
        link = client.get("/api/v1/connectors").json()["links"]["self"]

    assert link.startswith("http://squared.localhost:8000/api/v1/connectors")
