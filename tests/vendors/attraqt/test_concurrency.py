"""Fifty writers at once: the allowed number succeed, all others get Attraqt's own error."""

from collections import Counter
from collections.abc import Iterable

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.making import (
    OF_PRODUCT,
    PRODUCT,
    SHOP,
    delay_activation,
    error,
    make_catalog,
    make_item_schema,
    states,
)

WRITERS = 50


def counted(answers: Iterable[httpx.Response]) -> Counter[object]:
    """Count successes as 200 and errors by status, code and category."""
    return Counter(a.status_code if a.status_code == 200 else error(a) for a in answers)


def test_two_of_fifty_catalogs_are_created(emulation: Emulation, attraqt: httpx.Client) -> None:
    """The others reach the limit, and no number is lost."""
    make_item_schema(attraqt)
    wanted = [attraqt.build_request("POST", "/catalogs", json=OF_PRODUCT) for _ in range(WRITERS)]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: 2, (400, 3, "CATALOG_LIMIT_REACHED"): 48}
    assert states(attraqt) == {2: "INACTIVE", 1: "INACTIVE"}


@pytest.mark.parametrize("delay", [0, 60])
def test_one_of_fifty_activations_starts(
    emulation: Emulation, attraqt: httpx.Client, delay: float
) -> None:
    """Whether the others find the catalog ACTIVE or ACTIVATING."""
    delay_activation(emulation, attraqt, delay)
    version = make_catalog(attraqt)
    path = f"/catalogs/activate/{version}"
    wanted = [attraqt.build_request("POST", path) for _ in range(WRITERS)]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: 1, (400, 9, "CATALOG_ALREADY_ACTIVE"): 49}
    emulation.control(attraqt).post("/clock/settle")
    assert states(attraqt) == {version: "ACTIVE"}


def test_two_catalogs_cannot_be_activating_together(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """One of fifty starts, whichever it is."""
    delay_activation(emulation, attraqt, 60)
    versions = [make_catalog(attraqt), make_catalog(attraqt)]
    wanted = [
        attraqt.build_request("POST", f"/catalogs/activate/{versions[number % 2]}")
        for number in range(WRITERS)
    ]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: 1, (400, 9, "CATALOG_ALREADY_ACTIVE"): 49}
    assert sorted(states(attraqt).values()) == ["ACTIVATING", "INACTIVE"]


@pytest.mark.parametrize(
    ("path", "body", "category"),
    [
        ("/item-schemas", PRODUCT, "ITEM_SCHEMA_ALREADY_EXISTS"),
        ("/category-trees", SHOP, "CATEGORY_TREE_ALREADY_EXISTS"),
    ],
)
def test_one_of_fifty_takes_a_name(
    emulation: Emulation, attraqt: httpx.Client, path: str, body: object, category: str
) -> None:
    """Everybody else is told that it already exists."""
    wanted = [attraqt.build_request("POST", path, json=body) for _ in range(WRITERS)]

    answers = emulation.at_once(attraqt, wanted)

    assert counted(answers) == {200: 1, (400, 9, category): 49}


def test_fifty_new_versions_get_fifty_numbers(emulation: Emulation, attraqt: httpx.Client) -> None:
    """None twice, none left out."""
    make_item_schema(attraqt)
    wanted = [
        attraqt.build_request("PUT", "/item-schemas/product", json=PRODUCT) for _ in range(WRITERS)
    ]

    answers = emulation.at_once(attraqt, wanted)

    assert sorted(a.json()["version"] for a in answers) == list(range(2, WRITERS + 2))


def test_a_schema_is_deleted_or_used_but_never_both(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """A catalog never refers to what is gone."""
    make_item_schema(attraqt)
    wanted = [
        attraqt.build_request("POST", "/catalogs", json=OF_PRODUCT)
        if number % 2
        else attraqt.build_request("DELETE", "/item-schemas/product/1")
        for number in range(WRITERS)
    ]

    emulation.at_once(attraqt, wanted)

    is_there = attraqt.get("/item-schemas/product/1").status_code == 200
    assert is_there == bool(states(attraqt))
