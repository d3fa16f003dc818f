"""The workspace's storage (`braze.storage_limit`): its size, and the calls that it limits.

Sources: docs/vendors/braze.md#3-catalogs, docs/vendors/braze.md#47-bulk-writes,
docs/vendors/braze.md#5-fields and docs/vendors/braze.md#6-selections; which calls list the errors
is documented.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.factories import field, make_catalog, make_item
from tests.vendors.braze.requests import (
    ErrorParameters,
    add_fields,
    create_selection,
    delete_field,
    delete_selection,
    error_parameters,
    get_catalog,
    has_item,
    send,
)
from tests.vendors.braze.steering import (
    advance,
    change_setting,
    delay,
    freeze,
    limit_storage,
    setting,
    unlimited,
)

FULL: ErrorParameters = {"company-size-limit-already-reached": ([], [])}
SURGE: ErrorParameters = {"company-size-limit-surge": ([], [])}


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has an item."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, Rating="number", City="string")
    make_item(client, "shops", "a", Rating=3, City="Rome")
    return client


def used(client: httpx.Client, catalog: str = "shops") -> int:
    """Return the `storage_size` of a catalog in bytes."""
    return int(get_catalog(client, catalog)["storage_size"])


class TestSize:
    """`storage_size` of a catalog."""

    def test_it_follows_the_items(self, client: httpx.Client) -> None:
        """It grows and shrinks with the text, and is 0 without items."""
        small = used(client)
        send(client, "PATCH", "shops/items/a", {"City": "x" * 100})
        assert used(client) == small + 96
        send(client, "PUT", "shops/items", {"id": "a", "Rating": 3, "City": "Oslo"})
        assert used(client) == small
        make_item(client, "shops", "b", Rating=3, City="Rome")
        assert used(client) == 2 * small
        send(client, "DELETE", "shops/items", {"id": "a"}, {"id": "b"}, {"id": "c"})
        assert used(client) == 0

    def test_it_is_in_bytes(self, client: httpx.Client) -> None:
        """The unit is bytes, not characters."""
        before = used(client)

        send(client, "PATCH", "shops/items/a", {"City": "🏪"})

        assert used(client) == before

    def test_a_refused_write_takes_no_storage(self, client: httpx.Client) -> None:
        """Its transaction is rolled back."""
        before = get_catalog(client)

        send(client, "POST", "shops/items/a", {"City": "x" * 100})
        send(client, "PUT", "shops/items", {"id": "b", "City": "x"}, {"id": "c", "Rating": "x"})

        assert get_catalog(client) == before


class TestLimit:
    """The calls that the limit stops."""

    def test_the_default_is_no_limit(self, emulation: Emulation, client: httpx.Client) -> None:
        """The setting is null, and null removes a limit (amendment braze A8)."""
        assert setting(emulation, client, "braze.storage_limit") is None
        limit_storage(emulation, client, 1)
        assert error_parameters(add_fields(client, field("Open"))) == FULL

        limit_storage(emulation, client, None)

        assert add_fields(client, field("Open")).status_code == 202

    @pytest.mark.parametrize("spare", [0, -1, -10_000])
    def test_full_storage_stops_three_calls(
        self, emulation: Emulation, client: httpx.Client, spare: int
    ) -> None:
        """New fields, new selections and the bulk PUT are refused, without effect."""
        limit_storage(emulation, client, max(0, used(client) + spare))
        before = get_catalog(client)

        for answer in (
            add_fields(client, field("Open", "boolean")),
            create_selection(client),
            send(client, "PUT", "shops/items", {"id": "a"}),
        ):
            assert answer.status_code == 400
            assert error_parameters(answer) == FULL

        assert get_catalog(client) == before

    def test_an_empty_workspace_can_be_full(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """A limit of 0 is full without items."""
        send(client, "DELETE", "shops/items/a")
        limit_storage(emulation, client, 0)

        assert error_parameters(add_fields(client, field("Open"))) == FULL

    def test_no_other_call_is_stopped(self, emulation: Emulation, client: httpx.Client) -> None:
        """Their pages do not list the error."""
        create_selection(client)
        limit_storage(emulation, client, 0)
        long = {"City": "x" * 5000}

        answers = [
            send(client, "POST", "shops/items/b", long),
            send(client, "PUT", "shops/items/c", long),
            send(client, "PATCH", "shops/items/a", long),
            send(client, "POST", "shops/items", {"id": "d", **long}),
            send(client, "PATCH", "shops/items", {"id": "d", **long}),
            send(client, "DELETE", "shops/items", {"id": "d"}),
            send(client, "DELETE", "shops/items/c"),
            delete_selection(client),
            delete_field(client, "Rating"),
            client.post(
                "/catalogs",
                json={"catalogs": [{"name": "new", "fields": [{"name": "id", "type": "string"}]}]},
            ),
            client.get("/catalogs/shops/items"),
            client.delete("/catalogs/shops"),
        ]

        assert [answer.is_success for answer in answers] == [True] * len(answers)

    def test_a_request_larger_than_the_free_space_is_a_surge(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The limit is inclusive. The request counts as a whole, replaced items included."""
        size = used(client)
        same = {"Rating": 4, "City": "Oslo"}

        limit_storage(emulation, client, 3 * size - 1)
        refused = send(client, "PUT", "shops/items", {"id": "a", **same}, {"id": "b", **same})
        assert refused.status_code == 400
        assert error_parameters(refused) == SURGE
        assert not has_item(client, "shops", "b")

        limit_storage(emulation, client, 3 * size)
        accepted = send(client, "PUT", "shops/items", {"id": "a", **same}, {"id": "b", **same})
        assert accepted.status_code == 202
        assert used(client) == 2 * size

    def test_schema_calls_have_no_surge(self, emulation: Emulation, client: httpx.Client) -> None:
        """They need no storage themselves."""
        limit_storage(emulation, client, used(client) + 1)

        assert add_fields(client, field("Open")).status_code == 202
        assert create_selection(client).status_code == 202
        assert error_parameters(send(client, "PUT", "shops/items", {"id": "b"})) == SURGE

    def test_all_catalogs_of_the_workspace_count(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Catalogs of other workspaces do not count."""
        other = emulation.client("/braze")
        make_catalog(client, "second", City="string")
        make_item(client, "second", "a", City="x" * 500)
        for workspace in (client, other):
            limit_storage(emulation, workspace, used(client) + used(client, "second"))
        make_catalog(other, Rating="number", City="string")

        assert error_parameters(add_fields(client, field("Open"))) == FULL
        assert add_fields(other, field("Open")).status_code == 202
        client.delete("/catalogs/second")
        assert add_fields(client, field("Open")).status_code == 202

    def test_deleted_items_free_their_storage(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The space is free when the deletion takes effect."""
        freeze(emulation, client)
        limit_storage(emulation, client, used(client))
        delay(emulation, client, 5)
        send(client, "DELETE", "shops/items", {"id": "a"})

        assert error_parameters(add_fields(client, field("Open"))) == FULL
        advance(emulation, client, 5)
        assert add_fields(client, field("Open")).status_code == 202

    def test_the_items_own_rules_come_first(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The search for the catalog comes first too."""
        limit_storage(emulation, client, 0)

        bad = send(client, "PUT", "shops/items", {"id": "a", "Rating": "x"})
        unknown = send(client, "PUT", "nope/items", {"id": "a"})

        assert list(error_parameters(bad)) == ["unable-to-coerce-value"]
        assert list(error_parameters(unknown)) == ["catalog-not-found"]


@pytest.mark.parametrize("size", [-1, 1.5, "much", [], {}])
def test_an_invalid_limit_is_refused(emulation: Emulation, client: httpx.Client, size: Any) -> None:
    """The response is a problem document, and the limit stays as it was."""
    limit_storage(emulation, client, 7)

    answer = change_setting(emulation, client, "braze.storage_limit", size)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "braze.storage_limit" in answer.json()["detail"]
    assert setting(emulation, client, "braze.storage_limit") == 7


@pytest.mark.parametrize("size", [0, 7, 10**30])
def test_any_number_of_bytes_is_a_limit(
    emulation: Emulation, client: httpx.Client, size: int
) -> None:
    """A large number is accepted too."""
    limit_storage(emulation, client, size)

    assert setting(emulation, client, "braze.storage_limit") == size

    assert add_fields(client, field("Open")).is_success is (size > used(client))
