"""The costs of work in SQLite's steps and in function calls, which no machine changes."""

import cProfile
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.emulation import Emulation, emulate
from tests.vendors.attraqt.factories import (
    OF_PRODUCT,
    item,
    make_catalog,
    make_category_tree,
    make_item_schema,
)
from tests.vendors.attraqt.requests import send, statistics
from tests.vendors.attraqt.steering import change_settings, freeze


@pytest.fixture(scope="module")
def alone() -> Iterator[Emulation]:
    """An app of these tests alone."""
    with emulate() as emulation:
        yield emulation


def steps(emulation: Emulation, act: Callable[[], Any]) -> int:
    """Return the steps of the database, in hundreds, during an action."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    async def watch(handler: Callable[[], int] | None) -> None:
        emulation.runtime.database.raw.set_progress_handler(handler, 100)  # type: ignore[attr-defined]

    emulation.run(lambda: watch(step))
    act()
    emulation.run(lambda: watch(None))
    return count


def write_pending(emulation: Emulation, messages: int) -> int:
    """Write messages of one instant that were delayed; return the steps of the database."""
    query = {"tenant": "acme", "environment": "live1"}
    client: httpx.Client = emulation.client("/attraqt", params=query)
    freeze(emulation, client, "2025-03-01T09:00:00Z")
    make_catalog(client)
    change_settings(
        emulation,
        client,
        ingestion_delay=60,
    )
    for number in range(messages):
        send(client, *(item(f"A{number}-{one}") for one in range(5)))
    clock = emulation.sandbox(client).clock

    took = steps(emulation, clock.settle)

    assert statistics(client)["numberOfSuccesses"] == 5 * messages
    return took


def test_each_message_of_one_instant_costs_the_same(alone: Emulation) -> None:
    """Four times as many messages cost four times as much, not sixteen times."""
    few, many = write_pending(alone, 30), write_pending(alone, 120)

    assert few > 0
    assert many < 5 * few


def function_calls(emulation: Emulation, act: Callable[[], Any]) -> int:
    """Return the number of function calls of the app during an action."""
    profile = cProfile.Profile()

    async def watch(change: Callable[[], None]) -> None:
        change()

    emulation.run(lambda: watch(profile.enable))
    act()
    emulation.run(lambda: watch(profile.disable))
    return sum(entry.callcount for entry in profile.getstats())


def test_the_cost_of_an_item_does_not_grow_with_the_trees(alone: Emulation) -> None:
    """The names of categories are read once, not for each item or message."""
    client = alone.client("/attraqt", params={"tenant": "acme", "environment": "live1"})
    make_item_schema(client)
    named = [{"name": "Leaf", "locale": "en_GB"}]
    trees = [
        {
            "name": f"tree{number}",
            "children": [{"name": f"n{number}-{n}", "localizedNames": named} for n in range(500)],
        }
        for number in range(12)
    ]
    for tree in trees:
        make_category_tree(client, **tree)
    references = [{"name": tree["name"], "version": 1} for tree in trees]
    client.post("/catalogs", json={**OF_PRODUCT, "catalogCategoryTrees": references})
    attributes = {"title": "Thing", "categories": ["n0-0", "n11-499"]}

    def message(size: int) -> int:
        listed = [item(f"A{number}", attributes=attributes) for number in range(size)]
        return function_calls(alone, lambda: send(client, *listed))

    message(1)
    one, many = message(1), message(101)

    assert 0 < one < 3000
    assert many - one < 100 * 250
