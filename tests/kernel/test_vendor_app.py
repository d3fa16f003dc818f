"""A vendor's app: what happens once an answer has begun."""

from typing import Any

import pytest

from mockalog.vendors import VENDORS
from tests.emulation import emulate
from tests.vendors.test_contract import scope_of


def test_an_answer_that_breaks_off_is_not_answered_again() -> None:
    """A client gets one head; the server closes the connection."""
    vendor = next(vendor for vendor in VENDORS if vendor.name == "braze")
    operation = next(o for o in vendor.api.router.operations if o.name == "list_catalogs")
    heads: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise BrokenPipeError
        heads.append(message["status"])

    with emulate() as emulation:

        async def ask() -> None:
            await emulation._app({**scope_of(vendor, operation), "method": "GET"}, receive, send)

        with pytest.raises(BrokenPipeError):
            emulation.run(ask)

    assert heads == [200]
