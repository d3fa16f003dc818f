"""What stays behind in the tables: nothing of a catalog or a sandbox that has gone."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.schema import metadata
from tests.emulation import Emulation
from tests.vendors.braze.changing import fields_of, selections_of
from tests.vendors.braze.changing import select as create_selection
from tests.vendors.braze.making import (
    catalog_of,
    item,
    listed,
    make_catalog,
    make_item,
    make_items,
    send,
    unlimited,
)

TABLES = ("braze_catalogs", "braze_items", "braze_gaps")


def fill(client: httpx.Client, catalog: str = "shops") -> None:
    """Make a catalog with two items, and the gaps that three others left."""
    make_catalog(client, catalog, Rating="number", City="string")
    make_items(client, catalog, list("abcde"))
    send(client, "DELETE", f"{catalog}/items", *({"id": name} for name in "bcd"))
    create_selection(client, catalog=catalog)
    assert listed(client, catalog) == ["a", "e"]


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has items, gaps and a selection."""
    client = unlimited(emulation, emulation.client("/braze"))
    fill(client)
    return client


def number_of(emulation: Emulation, client: httpx.Client) -> int:
    """Return the number of a client's sandbox: every row of it carries that."""
    name = digest(client.headers["Authorization"].removeprefix("Bearer "))

    async def find() -> int:
        return (await emulation.runtime.sandboxes.open(name)).id

    number: int = emulation.run(find)
    return number


def rows(emulation: Emulation, sandbox_id: int) -> list[int]:
    """Return how many rows each of `TABLES` has of a sandbox."""

    async def count() -> list[int]:
        async with emulation.runtime.database.transaction() as connection:
            found: list[Any] = [
                await connection.first(
                    select(func.count().label("rows"))
                    .select_from(metadata.tables[name])
                    .where(metadata.tables[name].c.sandbox_id == sandbox_id),
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
        """Of any table; those of other sandboxes stay."""
        other = unlimited(emulation, emulation.client("/braze"))
        fill(other)
        mine, others = number_of(emulation, client), number_of(emulation, other)
        before = rows(emulation, mine)
        assert min(before) > 0

        assert emulation.control(client).post("/reset").status_code == 200
        emulation.settle()

        assert rows(emulation, mine) == [0, 0, 0]
        assert rows(emulation, others) == before
        assert listed(other, "shops") == ["a", "e"]

    def test_the_sandbox_begins_empty(self, emulation: Emulation, client: httpx.Client) -> None:
        """With the same key, and every name is free."""
        emulation.control(client).post("/reset")

        assert client.get("/catalogs").json()["catalogs"] == []
        fill(client)

    def test_pending_effects_go_with_it(self, emulation: Emulation, client: httpx.Client) -> None:
        """A new catalog of the name does not get what the old one was promised."""
        control = emulation.control(client)
        control.patch("/settings", json={"braze.async_delay": 3600})
        send(client, "POST", "shops/items", {"id": "late"})
        control.post("/reset")
        make_catalog(client, Rating="number")

        assert control.post("/clock/settle").json()["jobs_run"] == 0
        assert listed(client, "shops") == []


class TestDeletedCatalog:
    """`DELETE /catalogs/{catalog_name}`."""

    def test_its_items_and_gaps_go_with_it(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Those of other catalogs stay."""
        sandbox_id = number_of(emulation, client)
        one = rows(emulation, sandbox_id)
        fill(client, "other")
        assert rows(emulation, sandbox_id) == [2 * count for count in one]

        assert client.delete("/catalogs/shops").status_code == 200

        assert rows(emulation, sandbox_id) == one
        assert listed(client, "other") == ["a", "e"]
        client.delete("/catalogs/other")
        assert rows(emulation, sandbox_id) == [0, 0, 0]

    def test_nothing_of_it_can_be_reached(self, client: httpx.Client) -> None:
        """By none of the calls."""
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
        """Items, totals, tokens, selections and positions begin anew."""
        client.delete("/catalogs/shops")
        make_catalog(client, City="string")

        catalog = catalog_of(client)
        totals = [catalog[key] for key in ("num_items", "storage_size", "selections_size")]
        assert totals == [0, 0, 0]
        assert fields_of(client) == [("id", "-1", "string"), ("City", "0", "string")]
        assert selections_of(client) == []
        make_items(client, "shops", list("ecab"))
        assert listed(client, "shops") == list("ecab")


class TestSameName:
    """Two sandboxes with a catalog of the same name."""

    def test_they_never_meet(self, emulation: Emulation, client: httpx.Client) -> None:
        """Whatever one does, the other does not notice."""
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
        assert item(client, "shops", "a") == {"id": "a", "City": "Rome", "New": None}
        assert client.delete("/catalogs/shops").status_code == 200
        assert (other.get("/catalogs").text, other.get("/catalogs/shops/items").text) == before

    def test_the_same_item_id_is_two_items(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Also in two catalogs of one sandbox."""
        other = unlimited(emulation, emulation.client("/braze"))
        make_catalog(other, City="string")
        make_catalog(client, "second", City="string")
        make_item(other, "shops", "a", City="Oslo")
        make_item(client, "second", "a", City="Bern")

        send(client, "DELETE", "shops/items/a")

        assert item(other, "shops", "a")["City"] == "Oslo"
        assert item(client, "second", "a")["City"] == "Bern"
        assert listed(client, "shops") == ["e"]
