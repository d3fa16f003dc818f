"""Which items a selection picks, and in which order: pure rules.

Source: docs/vendors/braze.md#6-selections.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.braze.errors import Rejected
from mockalog.vendors.braze.rules.layout import layout_of
from mockalog.vendors.braze.rules.picks import picked
from mockalog.vendors.braze.rules.selections import new_selection
from mockalog.vendors.braze.rules.values import TYPES
from tests.vendors.braze.changing import wanted

# A catalog with a field named like each type.
FIELDS = [
    {"name": name, "token": str(token), "type": kind}
    for token, (name, kind) in enumerate([("id", "string"), *zip(TYPES, TYPES, strict=True)], -1)
]
LAYOUT = layout_of(dumps(FIELDS).decode(), "[]", len(TYPES), 0)
BLANK: dict[str, Any] = dict.fromkeys(TYPES)

PARIS, LONDON, NEW_YORK = [2.3522, 48.8566], [-0.1276, 51.5072], [-74.006, 40.7128]


def circle(place: list[Any], radius: Any) -> dict[str, Any]:
    """Return what a geo filter compares with; the radius is in kilometres."""
    return {"longitude": place[0], "latitude": place[1], "radius": radius}


def selection(*filters: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Return a selection as it is stored."""
    body = {"selection": {"name": "s", "filters": list(filters), **parts}}
    return new_selection(body, LAYOUT)


def items(kind: str, values: Iterable[Any]) -> list[dict[str, Any]]:
    """Return items with these values in the field of that type; their ids count."""
    return [{"id": f"i{n}", **BLANK, kind: value} for n, value in enumerate(values)]


def numbers(found: Iterable[Any]) -> list[int]:
    """Return which of `items` were found, by number."""
    return [int(item["id"][1:]) for item in found]


ASKABLE = {
    "string": {"equals", "does not equal"},
    "number": {"equals", "does not equal", "greater than", "less than"},
    "boolean": {"is"},
    "time": {"before", "after"},
    "array": {"includes value", "does not include value"},
    "geo": {"geo within", "geo outside"},
    "object": set[str](),
}
COMPARED = {
    "string": "a",
    "number": 5,
    "boolean": True,
    "time": "2024-10-14",
    "array": "a",
    "geo": circle(PARIS, 1),
    "object": {"a": 1},
}


@pytest.mark.parametrize("operator", sorted(set().union(*ASKABLE.values())))
@pytest.mark.parametrize("kind", TYPES)
def test_each_type_has_its_own_operators(kind: str, operator: str) -> None:
    """Every other pair is an invalid filter; objects have none (inferred)."""
    asked = wanted(kind, operator, COMPARED[kind])
    if operator in ASKABLE[kind]:
        assert selection(asked)["filters"] == [asked | {"value": stored(kind)}]
    else:
        with pytest.raises(Rejected) as rejection:
            selection(asked)
        assert rejection.value.problems[0].id == "selection-has-invalid-filter"


def stored(kind: str) -> Any:
    """Return what `COMPARED` is in a selection: a time is written like those of items."""
    return "2024-10-14T00:00:00.000Z" if kind == "time" else COMPARED[kind]


def test_the_id_is_a_text_to_filter_and_to_sort_by() -> None:
    """Though it is no field like the others."""
    chosen = selection(
        wanted("id", "does not equal", "i1"), sort_field="id", sort_order="desc", results_limit=2
    )

    assert numbers(picked(chosen, items("number", range(4)), "")) == [3, 2]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (selection(wanted("number", "equals", 1)), []),
        (selection(wanted("number", "does not equal", 1)), [0, 1]),
        (selection(sort_field="number", sort_order="asc"), [0, 1]),
        (selection(wanted("geo", "geo outside", circle(PARIS, 1))), [0, 1]),
    ],
)
def test_a_field_that_is_gone_has_no_value(chosen: dict[str, Any], found: list[int]) -> None:
    """A state document that somebody edited may have selections by one."""
    assert sorted(numbers(picked(chosen, [{"id": "i0"}, {"id": "i1"}], ""))) == found


EXACT = Decimal("0.12345678901234567890123")

# Operator, what it compares with, values that fit, values that do not.
FITS: list[tuple[str, str, Any, list[Any], list[Any]]] = [
    ("string", "equals", "a", ["a"], ["A", "", "a ", "ab", None]),
    ("string", "does not equal", "a", ["A", "", None], ["a"]),
    ("number", "equals", 5, [5, 5.0], [4, 5.1, -5, None]),
    ("number", "equals", 10**30, [10**30], [10**30 + 1, 1e31, None]),
    ("number", "equals", EXACT, [EXACT], [float(EXACT), Decimal("0.1234567890123456789"), None]),
    ("number", "does not equal", 5, [4, None], [5, 5.0]),
    ("number", "greater than", 5, [6, 5.001, 10**30], [5, 4, -6, None]),
    ("number", "less than", 5, [4, 4.999, -(10**30)], [5, 6, None]),
    ("number", "less than", EXACT, [0.1, 0, -1], [EXACT, 1, None]),
    ("boolean", "is", True, [True], [False, None]),
    ("boolean", "is", False, [False], [True, None]),
    (
        "time",
        "before",
        "2024-10-14T12:00:00+02:00",
        ["2024-10-14T09:59:59.999Z", "0001-01-01T00:00:00.000Z"],
        ["2024-10-14T10:00:00.000Z", "2024-10-14T10:00:00.001Z", None],
    ),
    (
        "time",
        "after",
        1728900000,
        ["2024-10-14T10:00:00.001Z", "9999-12-31T23:59:59.999Z"],
        ["2024-10-14T10:00:00.000Z", "2024-10-14T09:59:59.999Z", None],
    ),
    ("array", "includes value", "a", [["a"], ["b", "a"]], [[], ["ab"], ["A"], None]),
    ("array", "does not include value", "a", [[], ["ab"], None], [["a"], ["b", "a"]]),
    ("geo", "geo within", circle(PARIS, 350), [PARIS, LONDON], [NEW_YORK, None]),
    ("geo", "geo within", circle(PARIS, 340), [PARIS], [LONDON, None]),
    ("geo", "geo within", circle(PARIS, 0), [PARIS], [LONDON, None]),
    ("geo", "geo outside", circle(PARIS, 350), [NEW_YORK, None], [PARIS, LONDON]),
    ("geo", "geo within", circle([EXACT, EXACT], EXACT), [[EXACT, EXACT]], [[1, 1], None]),
    # Across the date line, around a pole, to the other end of the world.
    ("geo", "geo within", circle([179.9, 0], 23), [[-179.9, 0], [180, 0], [-180, 0]], [[0, 0]]),
    ("geo", "geo within", circle([0, 90], 1), [[180, 90], [-45.5, 90]], [[0, 89], [0, -90]]),
    ("geo", "geo within", circle([0, 0], 20016), [[180, 0], [0, -90], [-90, 45]], [None]),
]


@pytest.mark.parametrize(("kind", "operator", "compared", "fitting", "others"), FITS)
def test_a_filter_holds_or_not(
    kind: str, operator: str, compared: Any, fitting: list[Any], others: list[Any]
) -> None:
    """A null fits only what is negated (inferred)."""
    chosen = selection(wanted(kind, operator, compared))

    found = numbers(picked(chosen, items(kind, fitting + others), ""))

    assert sorted(found) == list(range(len(fitting)))


def test_without_filters_everything_is_picked() -> None:
    """Up to the limit."""
    assert sorted(numbers(picked(selection(), items("number", [1, None, 2]), ""))) == [0, 1, 2]


def test_all_filters_must_hold() -> None:
    """Of one field or of several."""
    chosen = selection(
        wanted("number", "greater than", 2),
        wanted("number", "less than", 6),
        wanted("string", "does not equal", "no"),
    )
    catalog = items("number", range(8))
    catalog[4]["string"] = "no"

    assert sorted(numbers(picked(chosen, catalog, ""))) == [3, 5]


# The values of a field, and the order in which `asc` and `desc` pick them.
SORTS: list[tuple[str, list[Any], list[int], list[int]]] = [
    ("number", [3, 1, 2], [1, 2, 0], [0, 2, 1]),
    ("number", [0.5, -1, 10**30, EXACT, 1e300], [1, 3, 0, 2, 4], [4, 2, 0, 3, 1]),
    ("number", [None, 2, None, 1], [3, 1, 0, 2], [1, 3, 0, 2]),
    ("number", [1, 2, 1, 2, 1], [0, 2, 4, 1, 3], [1, 3, 0, 2, 4]),
    ("number", [1, 1.0, None, 1], [0, 1, 3, 2], [0, 1, 3, 2]),
    ("string", ["b", "a", "B", ""], [3, 2, 1, 0], [0, 1, 2, 3]),
    ("string", [None, "é", "z", None], [2, 1, 0, 3], [1, 2, 0, 3]),
    ("boolean", [True, False, None, True], [1, 0, 3, 2], [0, 3, 1, 2]),
    (
        "time",
        ["2024-10-14T10:00:00.001Z", "2024-10-14T10:00:00.000Z", None],
        [1, 0, 2],
        [0, 1, 2],
    ),
    ("array", [["b"], ["a", "z"], None], [1, 0, 2], [0, 1, 2]),
    ("object", [{"a": 2}, {"a": 1}, None], [1, 0, 2], [0, 1, 2]),
    ("geo", [PARIS, None, PARIS], [0, 2, 1], [0, 2, 1]),
]


@pytest.mark.parametrize(("kind", "values", "ascending", "descending"), SORTS)
def test_sorting_puts_nulls_last_and_keeps_the_order_of_creation(
    kind: str, values: list[Any], ascending: list[int], descending: list[int]
) -> None:
    """Of equal values, and of nulls, the older item comes first, whatever the direction."""
    for order, expected in (("asc", ascending), ("desc", descending)):
        chosen = selection(sort_field=kind, sort_order=order)

        assert numbers(picked(chosen, items(kind, values), "")) == expected


@pytest.mark.parametrize(("limit", "count"), [(None, 50), (50, 50), (3, 3), (1, 1)])
@pytest.mark.parametrize("sorting", [{}, {"sort_field": "number", "sort_order": "asc"}])
def test_the_limit_is_the_selections_own_or_fifty(
    limit: int | None, count: int, sorting: dict[str, str]
) -> None:
    """Of sixty items."""
    chosen = selection(results_limit=limit, **sorting)

    assert len(picked(chosen, items("number", range(60)), "")) == count


def test_nulls_fill_up_what_is_left_of_the_limit() -> None:
    """The oldest first."""
    chosen = selection(sort_field="number", sort_order="desc", results_limit=4)

    found = picked(chosen, items("number", [None, 1, None, None, 2]), "")

    assert numbers(found) == [4, 1, 0, 2]


class TestRandom:
    """Without sorting the order is random, yet the same for the same seed."""

    CATALOG = items("number", range(30))

    def test_one_seed_is_one_order(self) -> None:
        """Whatever order the items come in."""
        first = numbers(picked(selection(), self.CATALOG, "7"))

        assert numbers(picked(selection(), self.CATALOG, "7")) == first
        assert numbers(picked(selection(), self.CATALOG[::-1], "7")) == first
        assert sorted(first) == list(range(30))

    def test_seeds_differ(self) -> None:
        """And none is the order of creation."""
        orders = {tuple(numbers(picked(selection(), self.CATALOG, str(n)))) for n in range(20)}

        assert len(orders) == 20
        assert tuple(range(30)) not in orders

    def test_each_seed_picks_others_under_a_limit(self) -> None:
        """Every item has its chance."""
        chosen = selection(results_limit=1)

        found = {numbers(picked(chosen, self.CATALOG, str(seed)))[0] for seed in range(500)}

        assert found == set(range(30))


class TestDistance:
    """With a geo filter and without sorting the nearest item comes first."""

    PLACES = items("geo", [NEW_YORK, None, PARIS, LONDON, PARIS])

    @pytest.mark.parametrize(
        ("operator", "radius", "expected"),
        [("geo within", 1e5, [2, 4, 3, 0]), ("geo outside", 10, [3, 0, 1])],
    )
    def test_it_is_the_order(self, operator: str, radius: float, expected: list[int]) -> None:
        """Equal distances in order of creation, what has no place last."""
        chosen = selection(wanted("geo", operator, circle(PARIS, radius)))

        assert numbers(picked(chosen, self.PLACES, "")) == expected

    def test_the_first_of_two_geo_filters_counts(self) -> None:
        """The other one only filters."""
        chosen = selection(
            wanted("geo", "geo within", circle(NEW_YORK, 1e5)),
            wanted("geo", "geo outside", circle(PARIS, 10)),
        )

        assert numbers(picked(chosen, self.PLACES, "")) == [0, 3]

    def test_sorting_comes_first(self) -> None:
        """If the selection has one."""
        chosen = selection(
            wanted("geo", "geo within", circle(PARIS, 1e5)), sort_field="id", sort_order="desc"
        )

        assert numbers(picked(chosen, self.PLACES, "")) == [4, 3, 2, 0]


SELECTIONS = st.builds(
    lambda filters, sorting, limit: selection(*filters, **sorting, results_limit=limit),
    st.sampled_from(
        [
            [],
            [wanted("number", "does not equal", 2)],
            [wanted("number", "greater than", 1)],
            [wanted("geo", "geo outside", circle([0, 0], 10))],
        ]
    ),
    st.sampled_from(
        [
            {},
            {"sort_field": "number", "sort_order": "asc"},
            {"sort_field": "number", "sort_order": "desc"},
            {"sort_field": "geo", "sort_order": "asc"},
        ]
    ),
    st.none() | st.integers(1, 12),
)
VALUES = st.tuples(st.none() | st.integers(0, 5), st.none() | st.integers(0, 5))


@given(SELECTIONS, st.lists(st.lists(VALUES, max_size=20), max_size=8))
def test_picking_in_parts_is_picking_at_once(
    chosen: dict[str, Any], parts: list[list[tuple[int | None, int | None]]]
) -> None:
    """So that a large catalog can be walked in steps, the best so far before each next part."""
    values = [value for part in parts for value in part]
    catalog = [
        {"id": f"i{n}", **BLANK, "number": number, "geo": None if at is None else [at, 0]}
        for n, (number, at) in enumerate(values)
    ]
    rest = iter(catalog)

    best: list[Any] = []
    for part in parts:
        best = picked(chosen, [*best, *islice(rest, len(part))], "s")

    assert best == picked(chosen, catalog, "s")


@given(st.lists(st.none() | st.integers(0, 9)), st.sampled_from(["asc", "desc"]))
def test_picking_is_sorting_and_cutting(values: list[int | None], order: str) -> None:
    """No item that ought to be among the first is missed."""
    chosen = selection(sort_field="number", sort_order=order, results_limit=7)
    sign = 1 if order == "asc" else -1

    found = numbers(picked(chosen, items("number", values), ""))

    everything = range(len(values))
    expected = sorted(everything, key=lambda n: (values[n] is None, sign * (values[n] or 0)))
    assert found == expected[:7]
