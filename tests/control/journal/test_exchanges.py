"""The exchanges of the journal."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation, emulate
from tests.kernel.factories import SHOP


class TestExchanges:
    """The exchanges of the journal."""

    @pytest.fixture
    def visited(self, emulation: Emulation) -> httpx.Client:
        """A client that made four requests, one of them unmatched."""
        client = emulation.client("/braze")
        client.get("/catalogs")
        client.post("/catalogs/", json=SHOP)
        client.post("/catalogs", json=SHOP)
        client.delete("/catalogs/nope")
        return client

    @pytest.mark.parametrize(
        ("filters", "count"),
        [
            ({}, 4),
            ({"vendor": "braze"}, 4),
            ({"vendor": "attraqt"}, 0),
            ({"method": "post"}, 2),
            ({"path": "/braze/catalogs"}, 3),
            ({"path": "/braze/catalogs/"}, 3),
            ({"path": "/catalogs"}, 3),
            ({"path": "//catalogs/"}, 3),
            ({"operation": "create_catalog"}, 2),
            ({"status": 400}, 1),
            ({"status": 404, "operation": "delete_catalog"}, 1),
            ({"since": "2001-01-01T00:00:00Z"}, 4),
            ({"since": "9001-01-01T00:00:00Z"}, 0),
            ({"unmatched": True}, 0),
            ({"unmatched": False}, 4),
        ],
    )
    def test_filters_combine(
        self, emulation: Emulation, visited: httpx.Client, filters: dict[str, Any], count: int
    ) -> None:
        """The count agrees with the list."""
        control = emulation.control(visited)

        assert control.get("/requests/count", params=filters).json() == {"count": count}
        assert len(control.get("/requests", params=filters).json()["requests"]) == count

    def test_an_exchange_has_request_and_response(
        self, emulation: Emulation, visited: httpx.Client
    ) -> None:
        """Method, path, headers, bodies, status, duration."""
        control = emulation.control(visited)

        (newest,) = control.get("/requests", params={"limit": 1}).json()["requests"]

        assert (newest["method"], newest["path"]) == ("DELETE", "/braze/catalogs/nope")
        assert newest["operation"] == "delete_catalog"
        assert newest["request"]["headers"]["authorization"] == "[redacted]"
        assert newest["response"]["status"] == newest["status"] == 404
        assert "catalog-not-found" in newest["response"]["body"]
        assert newest["duration"] > 0

    def test_clearing_clears_only_the_own_journal(
        self, emulation: Emulation, visited: httpx.Client
    ) -> None:
        """Other sandboxes keep theirs."""
        other = emulation.client("/braze")
        other.get("/catalogs")

        assert emulation.control(visited).delete("/requests").json() == {"count": 4}

        assert emulation.control(visited).get("/requests/count").json() == {"count": 0}
        assert emulation.control(other).get("/requests/count").json() == {"count": 1}

    def test_a_request_without_an_operation_is_unmatched(self) -> None:
        """Only the journal of the whole server has it."""
        with emulate() as emulation:
            emulation.client().get("/nowhere")
            emulation.client("/braze").get("/nowhere")

            found = emulation.control().get("/requests", params={"unmatched": True}).json()

            assert [(r["vendor"], r["path"]) for r in found["requests"]] == [
                (None, "/nowhere"),
                ("braze", "/braze/nowhere"),
            ]

    def test_control_calls_are_not_in_the_journal(self) -> None:
        """It holds the vendors' calls."""
        with emulate() as emulation:
            emulation.control().get("/info")
            emulation.control().delete("/requests")

            assert emulation.control().get("/requests").json() == {"requests": []}
