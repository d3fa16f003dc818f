"""A vendor's app: what happens once an answer has begun."""

from dataclasses import replace
from typing import Any

import pytest

from mockalog.kernel.vendor.app import VendorApp
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


def test_a_vendor_that_cannot_be_imported_is_a_500_that_the_journal_knows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The next call tries again."""
    vendor = next(vendor for vendor in VENDORS if vendor.name == "braze")
    outcomes: list[Any] = [OSError(24, "too many open files"), vendor.api]

    def load() -> Any:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    with emulate() as emulation:
        addressing: Any = emulation._app._app
        addressing._apps["braze"] = VendorApp(replace(vendor, load=load), emulation.runtime)
        client = emulation.client("/braze")

        assert client.get("/catalogs").json() == {"message": "Internal Server Error"}
        assert client.get("/catalogs").status_code == 200
        journal = emulation.control().get("/requests").json()["requests"]

    assert [exchange["status"] for exchange in journal] == [500, 200]
    assert "too many open files" in caplog.text
