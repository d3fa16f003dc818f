"""Handles: what a vendor's own pages show and do, and its API does not, from a test."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockalog.testing import Mockalog, Refused, Sandbox
from mockalog.vendors.attraqt.service import control as attraqt_control

FIELDS = [{"name": "id", "type": "string"}, {"name": "Stock", "type": "number"}]
SEED: dict[str, Any] = {
    "mockalog": 1,
    "braze": {
        "catalogs": [
            {
                "name": "shop",
                "fields": FIELDS,
                "items": [{"id": "a", "Stock": 1}, {"id": "b", "Stock": 9}],
                "selections": [
                    {
                        "name": "best",
                        "description": "",
                        "filters": [{"field": "Stock", "operator": "greater than", "value": 5}],
                        "results_limit": 10,
                        "sort_field": "Stock",
                        "sort_order": "desc",
                    }
                ],
            }
        ]
    },
    "attraqt": {
        "tenancies": [
            {
                "tenant": "acme",
                "environment": "live1",
                "schemas": [{"name": "product", "attributes": [{"name": "title", "type": "TEXT"}]}],
                "catalogs": [
                    {
                        "active": True,
                        "items": [
                            {"id": f"A{n}", "type": "product", "attributes": {"title": f"{n}"}}
                            for n in range(5)
                        ],
                    }
                ],
            }
        ]
    },
    "squared": {
        "connectors": [
            {
                "name": "warehouse",
                "connector_type": "source",
                "connector_name": "Snowflake",
                "configuration": {"host": "h"},
            }
        ]
    },
}


@pytest.fixture(scope="module")
def seeded() -> Iterator[Mockalog]:
    """An emulator whose sandboxes hold something of each vendor."""
    with Mockalog(in_process=True) as mockalog:
        mockalog.seed(SEED)
        yield mockalog


@pytest.fixture
def sandbox(seeded: Mockalog) -> Sandbox:
    """A sandbox of it."""
    return seeded.sandbox()


def test_what_a_selection_of_brazes_picks(sandbox: Sandbox) -> None:
    """Items as they are; what is not there is refused in Braze's words."""
    assert sandbox.braze.selected("shop", "best") == [{"id": "b", "Stock": 9}]
    with pytest.raises(Refused, match="catalog-not-found"):
        sandbox.braze.selected("no/shop", "best")


def test_brazes_dashboard_marks_a_field(sandbox: Sandbox) -> None:
    """A mark that it does not know is refused."""
    marked = sandbox.braze.mark_field("shop", "Stock", is_inventory=True)

    assert marked["is_inventory"] is True
    [catalog] = sandbox.braze.client.get("/catalogs").json()["catalogs"]
    assert catalog["fields"][1]["is_inventory"] is True
    with pytest.raises(Refused):
        sandbox.braze.mark_field("shop", "Stock", is_nice=True)


def test_squareds_mails(sandbox: Sandbox) -> None:
    """Each with the token that its reader would have followed."""
    sandbox.squared.user("mia@example.com")
    body = {"email": "mia@example.com"}
    sandbox.squared.client.post("/api/v1/forgot_password", json=body).raise_for_status()

    [mail] = sandbox.squared.mails()

    assert mail["to"] == "mia@example.com"
    assert mail["token"]


def test_squareds_tables(sandbox: Sandbox) -> None:
    """What is loaded replaces the demo shop, and is shown as it would be loaded."""
    squared = sandbox.squared
    assert set(squared.tables(1)) == {"customers", "orders", "products"}

    loaded = squared.load(1, {"users": [{"id": 1, "email": None}]})

    assert squared.tables(1) == loaded
    assert loaded["users"]["rows"] == [{"id": 1, "email": None}]
    with pytest.raises(Refused, match="not found"):
        squared.load(2, {})


def test_squareds_pages_give_a_role(sandbox: Sandbox) -> None:
    """The user's rights are another's from then on."""
    viewer = sandbox.squared.user("ida@example.com", role="Viewer")
    assert viewer.delete("/api/v1/connectors/1").status_code == 403

    sandbox.squared.give_role(2, "Admin")

    assert viewer.delete("/api/v1/connectors/1").status_code == 204
    with pytest.raises(Refused):
        sandbox.squared.give_role(2, "King")


def test_attraqts_items(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a catalog's, however many pages they take."""
    monkeypatch.setattr(attraqt_control, "PAGE_SIZE", 2)

    found = sandbox.attraqt.items(1)

    assert sorted(item["id"] for item in found) == ["A0", "A1", "A2", "A3", "A4"]
    with pytest.raises(Refused, match="CATALOG_NOT_FOUND"):
        sandbox.attraqt.items(9)
