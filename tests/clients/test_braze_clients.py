"""Published clients of Braze, each in a process of its own."""

from typing import Any

import pytest

from mockalog.testing import Sandbox
from tests.clients.published import BRAZE_API, BRAZE_MCP, JDK, SEGMENT, Client

pytestmark = pytest.mark.clients

FIELDS = [{"name": "id", "type": "string"}, {"name": "City", "type": "string"}]
IDS = [f"item-{number:02}" for number in range(60)]


def run(client: Client, sandbox: Sandbox) -> Any:
    """Run a client against Braze in the sandbox."""
    return client.run(sandbox.braze.url, sandbox.token)


@pytest.fixture
def shop(served: Sandbox) -> Sandbox:
    """A sandbox with a catalog of 60 items: two pages."""
    catalog = {"name": "shop", "description": "A shop", "fields": FIELDS}
    with served.braze.client as client:
        client.post("/catalogs", json={"catalogs": [catalog]}).raise_for_status()
        for part in (IDS[:50], IDS[50:]):
            items = [{"id": name, "City": "Ulm"} for name in part]
            client.post("/catalogs/shop/items", json={"items": items}).raise_for_status()
    return served


class TestSegment:
    """Segment's destination, which writes items one by one and in batches."""

    def test_every_operation(self, served: Sandbox) -> None:
        """Catalog hook, dynamic fields, upserts, batches, deletions, and each error's mapping."""
        seen = run(SEGMENT, served)

        assert seen["created"]["savedData"] == {"catalog_name": "shop"}
        assert seen["createdAgain"]["error"]["message"].endswith("already exists")
        assert [choice["value"] for choice in seen["keys"]["choices"]] == ["City", "Stars"]
        assert [one["status"] for one in seen["batch"]] == [200, 200]
        assert [one["status"] for one in seen["wrong"]] == [500, 400]
        assert seen["wrong"][1]["body"]["id"] == "unable-to-coerce-value"
        assert seen["refused"]["status"] == 400
        with served.braze.client as client:
            items = client.get("/catalogs/shop/items").json()["items"]
        assert [item["id"] for item in items] == ["b", "c"]


class TestBrazeApi:
    """The npm package `braze-api`, which reads."""

    def test_every_catalog_call(self, shop: Sandbox) -> None:
        """It follows the links of pages and turns an error into an exception with its status."""
        seen = run(BRAZE_API, shop)

        [catalog] = seen["catalogs"]
        assert (catalog["name"], catalog["num_items"]) == ("shop", 60)
        assert seen["items"] == IDS
        assert seen["item"] == [{"id": "item-07", "City": "Ulm"}]
        assert seen["missing"]["status"] == 404


class TestBrazeMcp:
    """Braze's own MCP server, which parses each answer with its models."""

    def test_every_catalog_tool(self, shop: Sandbox) -> None:
        """`schema` in its answer says that the model took the response."""
        seen = run(BRAZE_MCP, shop)

        assert seen["catalogs"]["schema"]["model_name"] == "CatalogsResponse"
        assert seen["first"]["schema"]["model_name"] == "CatalogItemsWithPagination"
        pages = [seen[name]["data"] for name in ("first", "second")]
        assert [item["id"] for page in pages for item in page["items"]] == IDS
        assert not pages[1]["pagination_info"]["has_more_pages"]
        assert seen["item"]["data"]["items"] == [{"id": "item-07", "City": "Ulm"}]
        assert seen["missing"]["error"]["details"]["http_status"] == 404


class TestJdk:
    """The HttpClient of the JDK, which offers HTTP/2 with each request."""

    def test_it_gets_through_on_http_1_1(self, served: Sandbox) -> None:
        """Bodies with a length, in chunks and after `Expect`, and 40 requests at once."""
        seen = run(JDK, served)

        assert seen == {
            "version": "HTTP_1_1",
            "created": 201,
            "expecting": 201,
            "chunked": 201,
            "statuses": [200],
            "deleted": 202,
            "listed": {"items": [{"id": "a"}], "message": "success"},
        }
