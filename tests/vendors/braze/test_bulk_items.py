"""Braze's bulk calls over HTTP: the response comes first, the effect when the job is due.

Source: docs/vendors/braze.md#47-bulk-writes.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.braze.factories import make_catalog, make_item
from tests.vendors.braze.requests import (
    SUCCESS,
    error_ids,
    get_catalog,
    get_item,
    has_item,
    list_ids,
    send,
)
from tests.vendors.braze.steering import advance, delay, freeze, list_jobs, outcomes, unlimited

ITEMS = "shops/items"
METHODS = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def client(emulation: Emulation, braze: httpx.Client) -> httpx.Client:
    """A client without rate limits, whose catalog has the item `old` but not the item `new`."""
    make_catalog(unlimited(emulation, braze), number="number", string="string", array="array")
    make_item(braze, "shops", "old", number=1, string="s")
    return braze


@pytest.fixture
def delayed(emulation: Emulation, client: httpx.Client) -> httpx.Client:
    """The same client with a stopped clock and a delay of five seconds."""
    freeze(emulation, client)
    delay(emulation, client, 5)
    return client


class TestEffects:
    """The effect of each call on existing and on missing items."""

    @pytest.mark.parametrize(
        ("method", "old", "new", "outcome"),
        [
            ("POST", {"number": 1, "string": "s"}, {"number": 2, "string": None}, "1 created"),
            (
                "PUT",
                {"number": 2, "string": None},
                {"number": 2, "string": None},
                "1 created, 1 replaced",
            ),
            ("PATCH", {"number": 2, "string": "s"}, None, "1 changed"),
            ("DELETE", None, None, "1 deleted"),
        ],
    )
    def test_existing_and_missing_items(
        self,
        emulation: Emulation,
        client: httpx.Client,
        method: str,
        old: dict[str, Any] | None,
        new: dict[str, Any] | None,
        outcome: str,
    ) -> None:
        """POST skips existing items, PATCH and DELETE skip missing ones, PUT takes both.

        That POST keeps the old item is documented by now (amendment braze A10).
        """
        answer = send(client, method, ITEMS, {"id": "old", "number": 2}, {"id": "new", "number": 2})

        assert (answer.status_code, answer.text) == (202, SUCCESS)
        for name, values in (("old", old), ("new", new)):
            assert has_item(client, "shops", name) is (values is not None)
            if values is not None:
                assert get_item(client, "shops", name) == {"id": name, "array": None, **values}
        assert outcomes(emulation, client) == [outcome]
        assert get_catalog(client)["num_items"] == len(list_ids(client, "shops"))

    @pytest.mark.parametrize("method", METHODS)
    def test_a_trailing_slash_works(self, client: httpx.Client, method: str) -> None:
        """Segment sends one."""
        assert send(client, method, f"{ITEMS}/", {"id": "old"}).status_code == 202

    def test_edits_change_arrays_by_operators(self, client: httpx.Client) -> None:
        """Each item has its own edit."""
        send(client, "PUT", ITEMS, *({"id": i, "array": ["a", "b"]} for i in ("x", "y", "z")))

        send(
            client,
            "PATCH",
            ITEMS,
            {"id": "x", "array": {"$add": ["c"], "$remove": ["a"]}},
            {"id": "y", "array": ["d"]},
            {"id": "z", "array": None},
        )

        arrays = [get_item(client, "shops", item_id)["array"] for item_id in ("x", "y", "z")]
        assert arrays == [["b", "c"], ["d"], None]

    def test_values_are_coerced_before_the_answer(self, client: httpx.Client) -> None:
        """Single calls coerce in the same way."""
        send(client, "POST", ITEMS, {"id": "new", "number": "5", "string": True})

        assert get_item(client, "shops", "new") == {
            "id": "new",
            "number": 5,
            "string": "true",
            "array": None,
        }

    def test_deletion_checks_only_ids(self, client: httpx.Client) -> None:
        """Other keys of an item are ignored."""
        answer = send(client, "DELETE", ITEMS, {"id": "old", "nope": 1, "number": "five"})

        assert answer.status_code == 202
        assert not has_item(client, "shops", "old")

    def test_new_items_come_in_the_order_of_the_request(self, client: httpx.Client) -> None:
        """Also if some of them existed before."""
        send(client, "PUT", ITEMS, *({"id": item_id} for item_id in ("z", "old", "y", "x")))

        assert list_ids(client, "shops") == ["old", "z", "y", "x"]


class TestAtomicity:
    """A call is accepted whole or not at all."""

    @pytest.mark.parametrize(
        ("method", "bad"),
        [
            *((method, {"id": "x y"}) for method in METHODS),
            *((method, {}) for method in METHODS),
            *((method, {"id": "x", "nope": 1}) for method in ("POST", "PUT", "PATCH")),
            *((method, {"id": "x", "number": "five"}) for method in ("POST", "PUT", "PATCH")),
        ],
    )
    def test_one_bad_item_stops_the_good_ones(
        self, emulation: Emulation, client: httpx.Client, method: str, bad: dict[str, Any]
    ) -> None:
        """Neither items nor jobs come of it."""
        before = get_catalog(client)

        answer = send(
            client, method, ITEMS, {"id": "old", "number": 2}, {"id": "new", "number": 2}, bad
        )

        assert answer.status_code == 400
        assert get_catalog(client) == before
        assert get_item(client, "shops", "old")["number"] == 1
        assert not has_item(client, "shops", "new")
        assert list_jobs(emulation, client) == []

    @pytest.mark.parametrize("method", METHODS)
    def test_fifty_items_are_accepted_and_fifty_one_are_not(
        self, client: httpx.Client, method: str
    ) -> None:
        """The limit is inclusive."""
        items = [{"id": f"i{number}"} for number in range(51)]

        assert send(client, method, ITEMS, *items[:50]).status_code == 202
        refused = send(client, method, ITEMS, *items)
        assert (refused.status_code, error_ids(refused)) == (
            400,
            ["request-includes-too-many-items"],
        )
        assert get_catalog(client)["num_items"] == (51 if method in ("POST", "PUT") else 1)

    def test_fifty_of_the_longest_ids_are_accepted(self, client: httpx.Client) -> None:
        """Ids have at most 250 characters."""
        ids = [f"{number:0>250}" for number in range(50)]

        assert send(client, "POST", ITEMS, *({"id": i} for i in ids)).status_code == 202

        assert list_ids(client, "shops") == ["old", *ids]

    def test_calls_at_once_add_up(self, emulation: Emulation, client: httpx.Client) -> None:
        """Overlapping requests create each item once, and the totals are right."""
        requests = [
            client.build_request(
                "POST",
                f"/catalogs/{ITEMS}",
                json={"items": [{"id": f"i{n}"} for n in range(start, start + 20)]},
            )
            for start in range(0, 100, 10)
        ]

        answers = emulation.at_once(client, requests)

        assert {answer.status_code for answer in answers} == {202}
        assert sorted(list_ids(client, "shops")) == sorted(["old", *(f"i{n}" for n in range(110))])
        assert get_catalog(client)["num_items"] == 111


class TestDelay:
    """`braze.async_delay`: when a call takes effect."""

    def test_without_delay_the_next_request_sees_it(self, client: httpx.Client) -> None:
        """The default is no delay."""
        send(client, "POST", ITEMS, {"id": "new"})

        assert has_item(client, "shops", "new")

    def test_with_delay_the_effect_comes_when_it_is_due(
        self, emulation: Emulation, delayed: httpx.Client
    ) -> None:
        """Not earlier, and `updated_at` is the due time."""
        send(delayed, "POST", ITEMS, {"id": "new"})
        [pending] = list_jobs(emulation, delayed)
        assert (pending["state"], pending["outcome"]) == ("pending", None)
        advance(emulation, delayed, 4.999)
        assert not has_item(delayed, "shops", "new")

        advance(emulation, delayed, 10)

        assert has_item(delayed, "shops", "new")
        assert get_catalog(delayed)["updated_at"] == "2024-10-14T10:00:05.000+00:00"
        [done] = list_jobs(emulation, delayed)
        assert (done["kind"], done["state"]) == ("braze.create_items", "done")
        assert (done["outcome"], done["finished_at"]) == ("1 created", "2024-10-14T10:00:05Z")

    def test_pending_calls_take_effect_in_their_order(
        self, emulation: Emulation, delayed: httpx.Client
    ) -> None:
        """Each effect starts from the results of the earlier ones."""
        calls: list[tuple[str, dict[str, Any]]] = [
            ("DELETE", {}),
            ("POST", {"number": 2, "array": ["a"]}),
            ("PATCH", {"string": "t", "array": {"$add": ["b"]}}),
            ("POST", {"number": 3}),
        ]
        for method, values in calls:
            assert send(delayed, method, ITEMS, {"id": "old", **values}).status_code == 202
        assert get_item(delayed, "shops", "old")["number"] == 1

        advance(emulation, delayed, 5)

        assert get_item(delayed, "shops", "old") == {
            "id": "old",
            "number": 2,
            "string": "t",
            "array": ["a", "b"],
        }
        expected = ["1 deleted", "1 created", "1 changed", "0 created"]
        assert outcomes(emulation, delayed) == expected

    def test_a_shorter_delay_overtakes(self, emulation: Emulation, delayed: httpx.Client) -> None:
        """The due time decides the order."""
        send(delayed, "PUT", ITEMS, {"id": "old", "number": 2})
        delay(emulation, delayed, 1)
        send(delayed, "PUT", ITEMS, {"id": "old", "number": 3})

        advance(emulation, delayed, 5)

        assert get_item(delayed, "shops", "old")["number"] == 2

    def test_single_calls_do_not_wait(self, delayed: httpx.Client) -> None:
        """They are synchronous with any delay."""
        make_item(delayed, "shops", "new", number=1)

        assert has_item(delayed, "shops", "new")


class TestChangedCatalogs:
    """Jobs of a catalog that has changed since the call was accepted."""

    @pytest.mark.parametrize("method", METHODS)
    def test_a_job_of_a_deleted_catalog_does_nothing(
        self, emulation: Emulation, delayed: httpx.Client, method: str
    ) -> None:
        """A new catalog of the same name is another catalog."""
        send(delayed, method, ITEMS, {"id": "old", "number": 2}, {"id": "new", "number": 2})
        delayed.delete("/catalogs/shops")
        make_catalog(delayed, number="number", string="string", array="array")
        make_item(delayed, "shops", "old", number=3)

        advance(emulation, delayed, 5)

        assert outcomes(emulation, delayed) == ["the catalog is gone"]
        assert list_ids(delayed, "shops") == ["old"]
        assert get_item(delayed, "shops", "old")["number"] == 3

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_values_of_a_deleted_field_are_left_out(
        self, emulation: Emulation, delayed: httpx.Client, method: str
    ) -> None:
        """Also if a field of the same name was added again."""
        item_id = "new" if method == "POST" else "old"
        delay(emulation, delayed, 1)
        delayed.delete("/catalogs/shops/fields/string")
        delay(emulation, delayed, 3)
        send(delayed, method, ITEMS, {"id": item_id, "number": 2, "string": "t"})
        advance(emulation, delayed, 1)
        fields = {"fields": [{"name": "string", "type": "number"}]}
        delay(emulation, delayed, 1)
        assert delayed.post("/catalogs/shops/fields", json=fields).status_code == 202

        advance(emulation, delayed, 2)

        assert get_item(delayed, "shops", item_id) == {
            "id": item_id,
            "number": 2,
            "array": None,
            "string": None,
        }

    def test_an_array_that_grew_too_long_stops_the_edit_of_its_item(
        self, emulation: Emulation, delayed: httpx.Client
    ) -> None:
        """The other items of the call are changed."""
        send(
            delayed,
            "PATCH",
            ITEMS,
            {"id": "old", "number": 2, "array": {"$add": ["more"]}},
            {"id": "other", "number": 2},
        )
        make_item(delayed, "shops", "other")
        full = [str(number) for number in range(100)]
        send(delayed, "PATCH", f"{ITEMS}/old", {"array": full})

        advance(emulation, delayed, 5)

        assert outcomes(emulation, delayed) == ["1 changed"]
        assert get_item(delayed, "shops", "old")["number"] == 1
        assert get_item(delayed, "shops", "old")["array"] == full
        assert get_item(delayed, "shops", "other")["number"] == 2

    def test_a_job_finds_the_items_of_its_due_time(
        self, emulation: Emulation, delayed: httpx.Client
    ) -> None:
        """The items at the due time count, not those at the time of the call."""
        send(delayed, "POST", ITEMS, {"id": "new", "number": 2})
        send(delayed, "PATCH", ITEMS, {"id": "old", "number": 2})
        make_item(delayed, "shops", "new", number=3)
        delayed.delete(f"/catalogs/{ITEMS}/old")

        advance(emulation, delayed, 5)

        assert outcomes(emulation, delayed) == ["0 created", "0 changed"]
        assert get_item(delayed, "shops", "new")["number"] == 3
        assert not has_item(delayed, "shops", "old")
