"""The workspace's storage (`braze.storage_limit`): what it counts and whom it stops.

Sources: docs/vendors/braze.md#3-catalogs, docs/vendors/braze.md#47-bulk-writes,
docs/vendors/braze.md#5-fields and docs/vendors/braze.md#6-selections; which calls list the errors
is documented.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.changing import Told, add, delete, deselect, field, select, told
from tests.vendors.braze.making import (
    advance,
    catalog_of,
    delay,
    freeze,
    has_item,
    make_catalog,
    make_item,
    send,
    unlimited,
)

FULL: Told = {"company-size-limit-already-reached": ([], [])}
SURGE: Told = {"company-size-limit-surge": ([], [])}


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has an item."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string")
    make_item(client, "shops", "a", Rating=3, City="Rome")
    return client


def limit(emulation: Emulation, client: httpx.Client, size: Any) -> httpx.Response:
    """Set the storage limit."""
    return emulation.control(client).patch("/settings", json={"braze.storage_limit": size})


def used(client: httpx.Client, catalog: str = "shops") -> int:
    """Return the bytes that a catalog says it takes."""
    return int(catalog_of(client, catalog)["storage_size"])


class TestSize:
    """`storage_size` of a catalog."""

    def test_it_follows_the_items(self, client: httpx.Client) -> None:
        """More text is more, less is less, and nothing is nothing."""
        small = used(client)
        send(client, "PATCH", "shops/items/a", {"City": "x" * 100})
        assert used(client) == small + 96
        send(client, "PUT", "shops/items", {"id": "a", "Rating": 3, "City": "Oslo"})
        assert used(client) == small
        make_item(client, "shops", "b", Rating=3, City="Rome")
        assert used(client) == 2 * small
        send(client, "DELETE", "shops/items", {"id": "a"}, {"id": "b"}, {"id": "c"})
        assert used(client) == 0

    def test_it_is_bytes(self, client: httpx.Client) -> None:
        """Not characters."""
        before = used(client)

        send(client, "PATCH", "shops/items/a", {"City": "🏪"})

        assert used(client) == before

    def test_a_refused_write_takes_nothing(self, client: httpx.Client) -> None:
        """Its transaction is rolled back."""
        before = catalog_of(client)

        send(client, "POST", "shops/items/a", {"City": "x" * 100})
        send(client, "PUT", "shops/items", {"id": "b", "City": "x"}, {"id": "c", "Rating": "x"})

        assert catalog_of(client) == before


class TestLimit:
    """Who is stopped."""

    def test_there_is_none_by_default(self, emulation: Emulation, client: httpx.Client) -> None:
        """The setting is null, and null takes it away again."""
        assert emulation.control(client).get("/settings").json()["braze.storage_limit"] is None
        limit(emulation, client, 1)
        assert told(add(client, field("Open"))) == FULL

        assert limit(emulation, client, None).status_code == 200

        assert add(client, field("Open")).status_code == 202

    @pytest.mark.parametrize("spare", [0, -1, -10_000])
    def test_what_is_used_up_stops_three_calls(
        self, emulation: Emulation, client: httpx.Client, spare: int
    ) -> None:
        """Adding fields, creating selections, replacing items in bulk; nothing takes effect."""
        limit(emulation, client, max(0, used(client) + spare))
        before = catalog_of(client)

        for answer in (
            add(client, field("Open", "boolean")),
            select(client),
            send(client, "PUT", "shops/items", {"id": "a"}),
        ):
            assert answer.status_code == 400
            assert told(answer) == FULL

        assert catalog_of(client) == before

    def test_an_empty_workspace_can_be_full(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """If there is to be none at all."""
        send(client, "DELETE", "shops/items/a")
        limit(emulation, client, 0)

        assert told(add(client, field("Open"))) == FULL

    def test_no_other_call_is_stopped(self, emulation: Emulation, client: httpx.Client) -> None:
        """Their pages do not list the error."""
        select(client)
        limit(emulation, client, 0)
        long = {"City": "x" * 5000}

        answers = [
            send(client, "POST", "shops/items/b", long),
            send(client, "PUT", "shops/items/c", long),
            send(client, "PATCH", "shops/items/a", long),
            send(client, "POST", "shops/items", {"id": "d", **long}),
            send(client, "PATCH", "shops/items", {"id": "d", **long}),
            send(client, "DELETE", "shops/items", {"id": "d"}),
            send(client, "DELETE", "shops/items/c"),
            deselect(client),
            delete(client, "Rating"),
            client.post(
                "/catalogs",
                json={"catalogs": [{"name": "new", "fields": [{"name": "id", "type": "string"}]}]},
            ),
            client.get("/catalogs/shops/items"),
            client.delete("/catalogs/shops"),
        ]

        assert [answer.is_success for answer in answers] == [True] * len(answers)

    def test_a_request_larger_than_what_is_left_is_a_surge(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """As large as what is left is not; the request counts whole, also what it replaces."""
        size = used(client)
        same = {"Rating": 4, "City": "Oslo"}

        limit(emulation, client, 3 * size - 1)
        refused = send(client, "PUT", "shops/items", {"id": "a", **same}, {"id": "b", **same})
        assert refused.status_code == 400
        assert told(refused) == SURGE
        assert not has_item(client, "shops", "b")

        limit(emulation, client, 3 * size)
        accepted = send(client, "PUT", "shops/items", {"id": "a", **same}, {"id": "b", **same})
        assert accepted.status_code == 202
        assert used(client) == 2 * size

    def test_schema_calls_know_no_surge(self, emulation: Emulation, client: httpx.Client) -> None:
        """They take nothing themselves."""
        limit(emulation, client, used(client) + 1)

        assert add(client, field("Open")).status_code == 202
        assert select(client).status_code == 202
        assert told(send(client, "PUT", "shops/items", {"id": "b"})) == SURGE

    def test_all_catalogs_of_the_workspace_count(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """And those of no other."""
        other = emulation.client("/braze")
        make_catalog(client, "second", City="string")
        make_item(client, "second", "a", City="x" * 500)
        for workspace in (client, other):
            limit(emulation, workspace, used(client) + used(client, "second"))
        make_catalog(other, Rating="number", City="string")

        assert told(add(client, field("Open"))) == FULL
        assert add(other, field("Open")).status_code == 202
        client.delete("/catalogs/second")
        assert add(client, field("Open")).status_code == 202

    def test_deleting_items_makes_room(self, emulation: Emulation, client: httpx.Client) -> None:
        """With their effect."""
        freeze(emulation, client)
        limit(emulation, client, used(client))
        delay(emulation, client, 5)
        send(client, "DELETE", "shops/items", {"id": "a"})

        assert told(add(client, field("Open"))) == FULL
        advance(emulation, client, 5)
        assert add(client, field("Open")).status_code == 202

    def test_the_items_own_rules_come_first(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """So does the catalog."""
        limit(emulation, client, 0)

        bad = send(client, "PUT", "shops/items", {"id": "a", "Rating": "x"})
        unknown = send(client, "PUT", "nope/items", {"id": "a"})

        assert list(told(bad)) == ["unable-to-coerce-value"]
        assert list(told(unknown)) == ["catalog-not-found"]


@pytest.mark.parametrize("size", [-1, 1.5, "much", [], {}])
def test_a_limit_that_is_none_is_refused(
    emulation: Emulation, client: httpx.Client, size: Any
) -> None:
    """As a problem document; the limit stays as it was."""
    limit(emulation, client, 7)

    answer = limit(emulation, client, size)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "braze.storage_limit" in answer.json()["detail"]
    assert emulation.control(client).get("/settings").json()["braze.storage_limit"] == 7


@pytest.mark.parametrize("size", [0, 7, 10**30])
def test_any_number_of_bytes_is_a_limit(
    emulation: Emulation, client: httpx.Client, size: int
) -> None:
    """However large."""
    assert limit(emulation, client, size).json()["braze.storage_limit"] == size

    assert add(client, field("Open")).is_success is (size > used(client))
