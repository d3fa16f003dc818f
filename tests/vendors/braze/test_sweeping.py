"""The tables hold no rows of a deleted catalog or of a reset sandbox."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.schema import metadata
from tests.emulation import Emulation
from tests.queries import query_of
from tests.vendors.braze.factories import make_catalog, make_item, make_items
from tests.vendors.braze.requests import (
    create_selection,
    get_catalog,
    get_item,
    list_fields,
    list_ids,
    list_selections,
    send,
)
from tests.vendors.braze.steering import delay, reset, settle, unlimited

TABLES = ("braze_catalogs", "braze_items", "braze_gaps")


def fill(client: httpx.Client, catalog: str = "shops") -> None:
    """Create a catalog with two items, and with the gaps of three deleted items."""
    make_catalog(client, catalog, Rating="number", City="string")
    make_items(client, catalog, list("abcde"))
    send(client, "DELETE", f"{catalog}/items", *({"id": name} for name in "bcd"))
    create_selection(client, catalog=catalog)
    assert list_ids(client, catalog) == ["a", "e"]


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has items, gaps and a selection."""
    client = unlimited(emulation, emulation.client("/braze"))
    fill(client)
    return client


def number_of(emulation: Emulation, client: httpx.Client) -> int:
    """Return the number of a client's sandbox, which is in each of its rows."""
    name = digest(client.headers["Authorization"].removeprefix("Bearer "))

    async def find() -> int:
        return (await emulation.runtime.sandboxes.open(name)).id

    number: int = emulation.run(find)
    return number


def rows(emulation: Emulation, sandbox_id: int) -> list[int]:
    """Return the number of a sandbox's rows in each of `TABLES`."""

    async def count() -> list[int]:
        async with emulation.runtime.database.transaction() as connection:
            found: list[Any] = [
                await connection.first(
                    query_of(
                        select(func.count().label("rows"))
                        .select_from(metadata.tables[name])
                        .where(metadata.tables[name].c.sandbox_id == sandbox_id)
                    ),
                    {},
                )
                for name in TABLES
            ]
            return [row.rows for row in found]

    counts: list[int] = emulation.run(count)
    return counts


class TestReset:
    """`POST /_mockalog/reset`."""

    def test_it_leaves_no_rows(self, emulation: Emulation, client: httpx.Client) -> None:
        """In any table. The rows of other sandboxes stay."""
        other = unlimited(emulation, emulation.client("/braze"))
        fill(other)
        mine, others = number_of(emulation, client), number_of(emulation, other)
        before = rows(emulation, mine)
        assert min(before) > 0

        reset(emulation, client)
        emulation.settle()

        assert rows(emulation, mine) == [0, 0, 0]
        assert rows(emulation, others) == before
        assert list_ids(other, "shops") == ["a", "e"]

    def test_the_sandbox_begins_empty(self, emulation: Emulation, client: httpx.Client) -> None:
        """The key works, and every name is free."""
        reset(emulation, client)

        assert client.get("/catalogs").json()["catalogs"] == []
        fill(client)

    def test_pending_effects_are_discarded(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Jobs of the old catalog do not change a new catalog of the same name."""
        delay(emulation, client, 3600)
        send(client, "POST", "shops/items", {"id": "late"})
        reset(emulation, client)
        make_catalog(client, Rating="number")

        assert settle(emulation, client) == 0
        assert list_ids(client, "shops") == []


class TestDeletedCatalog:
    """`DELETE /catalogs/{catalog_name}`."""

    def test_its_items_and_gaps_are_deleted(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The rows of other catalogs stay."""
        sandbox_id = number_of(emulation, client)
        one = rows(emulation, sandbox_id)
        fill(client, "other")
        assert rows(emulation, sandbox_id) == [2 * count for count in one]

        assert client.delete("/catalogs/shops").status_code == 200

        assert rows(emulation, sandbox_id) == one
        assert list_ids(client, "other") == ["a", "e"]
        client.delete("/catalogs/other")
        assert rows(emulation, sandbox_id) == [0, 0, 0]

    def test_its_parts_are_not_found(self, client: httpx.Client) -> None:
        """Each call answers 404."""
        client.delete("/catalogs/shops")

        for method, path in (
            ("GET", "items"),
            ("GET", "items/a"),
            ("PATCH", "items/a"),
            ("DELETE", "items/a"),
            ("POST", "items"),
            ("DELETE", "fields/City"),
            ("DELETE", "selections/best"),
        ):
            answer = client.request(method, f"/catalogs/shops/{path}", json={})

            assert answer.status_code == 404
            assert answer.json()["errors"][0]["id"] == "catalog-not-found"

    def test_one_of_the_same_name_starts_empty(self, client: httpx.Client) -> None:
        """It has no items, totals, tokens, selections or positions of the old catalog."""
        client.delete("/catalogs/shops")
        make_catalog(client, City="string")

        catalog = get_catalog(client)
        totals = [catalog[key] for key in ("num_items", "storage_size", "selections_size")]
        assert totals == [0, 0, 0]
        assert list_fields(client) == [("id", "-1", "string"), ("City", "0", "string")]
        assert list_selections(client) == []
        make_items(client, "shops", list("ecab"))
        assert list_ids(client, "shops") == list("ecab")


class TestSameName:
    """Two sandboxes with a catalog of the same name."""

    def test_they_are_separate(self, emulation: Emulation, client: httpx.Client) -> None:
        """Changes of one sandbox do not show in the other."""
        other = unlimited(emulation, emulation.client("/braze"))
        make_catalog(other, Size="number")
        make_item(other, "shops", "a", Size=1)
        before = other.get("/catalogs").text, other.get("/catalogs/shops/items").text

        send(client, "PATCH", "shops/items/a", {"City": "Rome"})
        make_items(client, "shops", [f"i{number}" for number in range(100)])
        send(client, "DELETE", "shops/items", {"id": "e"})
        client.post("/catalogs/shops/fields", json={"fields": [{"name": "New", "type": "time"}]})
        client.delete("/catalogs/shops/fields/Rating")

        assert (other.get("/catalogs").text, other.get("/catalogs/shops/items").text) == before
        assert get_item(client, "shops", "a") == {"id": "a", "City": "Rome", "New": None}
        assert client.delete("/catalogs/shops").status_code == 200
        assert (other.get("/catalogs").text, other.get("/catalogs/shops/items").text) == before

    def test_the_same_item_id_is_two_items(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The same holds for two catalogs of one sandbox."""
        other = unlimited(emulation, emulation.client("/braze"))
        make_catalog(other, City="string")
        make_catalog(client, "second", City="string")
        make_item(other, "shops", "a", City="Oslo")
        make_item(client, "second", "a", City="Bern")

        send(client, "DELETE", "shops/items/a")

        assert get_item(other, "shops", "a")["City"] == "Oslo"
        assert get_item(client, "second", "a")["City"] == "Bern"
        assert list_ids(client, "shops") == ["e"]
