"""Handles: what a vendor's own pages show and do, and its API does not, from a test."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockalog.testing import Mockalog, RefusedError, Sandbox
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
    """An emulator whose template has data of each vendor."""
    with Mockalog(in_process=True) as mockalog:
        mockalog.seed(SEED)
        yield mockalog


@pytest.fixture
def sandbox(seeded: Mockalog) -> Sandbox:
    """A new sandbox."""
    return seeded.sandbox()


def test_selected_returns_a_selections_items(sandbox: Sandbox) -> None:
    """A selection that does not exist is refused with Braze's error."""
    assert sandbox.braze.selected("shop", "best") == [{"id": "b", "Stock": 9}]
    with pytest.raises(RefusedError, match="catalog-not-found"):
        sandbox.braze.selected("no/shop", "best")


def test_mark_field_marks_a_field(sandbox: Sandbox) -> None:
    """An unknown mark is refused."""
    marked = sandbox.braze.mark_field("shop", "Stock", is_inventory=True)

    assert marked["is_inventory"] is True
    [catalog] = sandbox.braze.client.get("/catalogs").json()["catalogs"]
    assert catalog["fields"][1]["is_inventory"] is True
    with pytest.raises(RefusedError):
        sandbox.braze.mark_field("shop", "Stock", is_nice=True)


def test_mails_have_their_tokens(sandbox: Sandbox) -> None:
    """Each token works."""
    sandbox.squared.user("mia@example.com")
    body = {"email": "mia@example.com"}
    sandbox.squared.client.post("/api/v1/forgot_password", json=body).raise_for_status()

    [mail] = sandbox.squared.mails()

    assert mail["to"] == "mia@example.com"
    assert mail["token"]


def test_load_replaces_the_tables(sandbox: Sandbox) -> None:
    """`tables` returns them in the same form."""
    squared = sandbox.squared
    assert set(squared.tables(1)) == {"customers", "orders", "products"}

    loaded = squared.load(1, {"users": [{"id": 1, "email": None}]})

    assert squared.tables(1) == loaded
    assert loaded["users"]["rows"] == [{"id": 1, "email": None}]
    with pytest.raises(RefusedError, match="not found"):
        squared.load(2, {})


def test_give_role_changes_the_rights(sandbox: Sandbox) -> None:
    """From the next call on."""
    viewer = sandbox.squared.user("ida@example.com", role="Viewer")
    assert viewer.delete("/api/v1/connectors/1").status_code == 403

    sandbox.squared.give_role(2, "Admin")

    assert viewer.delete("/api/v1/connectors/1").status_code == 204
    with pytest.raises(RefusedError):
        sandbox.squared.give_role(2, "King")


def test_items_returns_all_pages(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """All items of a catalog."""
    monkeypatch.setattr(attraqt_control, "PAGE_SIZE", 2)

    found = sandbox.attraqt.items(1)

    assert sorted(item["id"] for item in found) == ["A0", "A1", "A2", "A3", "A4"]
    with pytest.raises(RefusedError, match="CATALOG_NOT_FOUND"):
        sandbox.attraqt.items(9)
