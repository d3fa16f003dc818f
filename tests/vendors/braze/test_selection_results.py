"""The results of a selection and their order: pure rules.

Source: docs/vendors/braze.md#6-selections.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockalog.vendors.braze.errors import BrazeError
from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES, NewSelection
from mockalog.vendors.braze.rules.selection_results import select_items
from mockalog.vendors.braze.rules.selections import new_selection
from tests.vendors.braze.factories import condition, make_schema

SCHEMA = make_schema()
BLANK: dict[str, Any] = dict.fromkeys(FIELD_TYPE_NAMES)

PARIS, LONDON, NEW_YORK = [2.3522, 48.8566], [-0.1276, 51.5072], [-74.006, 40.7128]


def circle(place: list[Any], radius: Any) -> dict[str, Any]:
    """Return the value of a geo filter; the radius is in kilometres."""
    return {"longitude": place[0], "latitude": place[1], "radius": radius}


def selection(*filters: dict[str, Any], **parts: Any) -> NewSelection:
    """Return a selection as it is stored."""
    body = {"selection": {"name": "s", "filters": list(filters), **parts}}
    return new_selection(body, SCHEMA)


def items(kind: str, values: Iterable[Any]) -> list[dict[str, Any]]:
    """Return items with these values in the field of a type, and with counted ids."""
    return [{"id": f"i{n}", **BLANK, kind: value} for n, value in enumerate(values)]


def numbers(found: Iterable[Any]) -> list[int]:
    """Return the numbers in the ids of items."""
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
@pytest.mark.parametrize("kind", FIELD_TYPE_NAMES)
def test_each_type_has_its_own_operators(kind: str, operator: str) -> None:
    """Every other pair is an invalid filter; objects have none (inferred)."""
    asked = condition(kind, operator, COMPARED[kind])
    if operator in ASKABLE[kind]:
        assert selection(asked)["filters"] == [asked | {"value": stored(kind)}]
    else:
        with pytest.raises(BrazeError) as raised:
            selection(asked)
        assert raised.value.problems[0].id == "selection-has-invalid-filter"


def stored(kind: str) -> Any:
    """Return the stored form of a value of `COMPARED`: a time has the form of items."""
    return "2024-10-14T00:00:00.000Z" if kind == "time" else COMPARED[kind]


def test_a_selection_can_filter_and_sort_by_the_id() -> None:
    """The id is no field of its catalog's schema."""
    chosen = selection(
        condition("id", "does not equal", "i1"), sort_field="id", sort_order="desc", results_limit=2
    )

    assert numbers(select_items(chosen, items("number", range(4)), "")) == [3, 2]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (selection(condition("number", "equals", 1)), []),
        (selection(condition("number", "does not equal", 1)), [0, 1]),
        (selection(sort_field="number", sort_order="asc"), [0, 1]),
        (selection(condition("geo", "geo outside", circle(PARIS, 1))), [0, 1]),
    ],
)
def test_a_missing_field_has_no_value(chosen: NewSelection, found: list[int]) -> None:
    """An edited state document may have a selection by such a field."""
    assert sorted(numbers(select_items(chosen, [{"id": "i0"}, {"id": "i1"}], ""))) == found


EXACT = Decimal("0.12345678901234567890123")

# Operator, the filter's value, matching values, other values.
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
def test_a_filter_matches_these_values_only(
    kind: str, operator: str, compared: Any, fitting: list[Any], others: list[Any]
) -> None:
    """Null matches only negated operators (inferred)."""
    chosen = selection(condition(kind, operator, compared))

    found = numbers(select_items(chosen, items(kind, fitting + others), ""))

    assert sorted(found) == list(range(len(fitting)))


LIQUID = [
    "{{ x }}",
    "{{custom_attribute.${last city}}}",
    "{{- x -}}",
    "{%- if x -%}7{%- endif -%}",
    "{% assign a = 1 %}{{ a }}",
    "from {{ x }} on",
    "{{x\n}}",
    "{{}}",
    "{%%}",
    "{%- -%}",
    "🏪{{ 'é' }}",
    "{{" + "x" * 4996 + "}}",  # as long as any value may be
]
NEGATED = {"does not equal", "does not include value", "geo outside"}
# By type: the value of an item.
OF_ITEMS: dict[str, Any] = {
    "string": "{{ x }}",
    "number": 7,
    "boolean": True,
    "time": "2024-10-14T10:00:00.000Z",
    "array": ["{{ x }}"],
    "geo": PARIS,
}


@pytest.mark.parametrize("text", LIQUID)
@pytest.mark.parametrize(
    ("kind", "operator"), [(kind, one) for kind in ASKABLE for one in sorted(ASKABLE[kind])]
)
def test_every_field_type_takes_liquid(kind: str, operator: str, text: str) -> None:
    """No message renders it here: only negated operators match (amendment braze A5, inferred)."""
    chosen = selection(condition(kind, operator, text))
    catalog = items(kind, [OF_ITEMS[kind], None])

    found = numbers(select_items(chosen, catalog, ""))

    assert chosen["filters"] == [condition(kind, operator, text)]
    assert sorted(found) == ([0, 1] if operator in NEGATED else [])


@pytest.mark.parametrize(
    ("kind", "operator", "text", "value"),
    [
        *(("number", "equals", text, 7) for text in ("7", "7.0", "7e0", "70e-1")),
        ("number", "does not equal", "-0.5", -0.5),
        ("number", "greater than", "0", 0),
        ("number", "less than", "12345678901234567890123", 12345678901234567890123),
        ("number", "equals", "0.12345678901234567890123", Decimal("0.12345678901234567890123")),
        ("boolean", "is", "true", True),
        ("boolean", "is", "false", False),
        ("time", "before", "2024-10-14", "2024-10-14T00:00:00.000Z"),
        ("time", "after", "2024-10-14T12:00:00+02:00", "2024-10-14T10:00:00.000Z"),
        ("string", "equals", "7", "7"),
        ("array", "includes value", "7", "7"),
    ],
)
def test_a_string_is_coerced_as_an_items_value(
    kind: str, operator: str, text: str, value: Any
) -> None:
    """The filter selects the same items as one with the value (amendment braze A5)."""
    wanted, same = condition(kind, operator, text), condition(kind, operator, value)
    values: list[Any] = [7, -0.5, 0, 1, 10**30, True, False, None, "7", ["7"], value]
    catalog = items(kind, values)

    assert selection(wanted)["filters"] == [same]
    assert select_items(selection(wanted), catalog, "") == select_items(
        selection(same), catalog, ""
    )


@pytest.mark.parametrize("text", ["", "Paris", "48.85,2.35,10", "{}", "{{", "x" * 5000])
def test_a_geo_filter_takes_any_string(text: str) -> None:
    """Its form is unknown: `geo outside` matches, without an order (amendment braze A5)."""
    catalog = items("geo", [PARIS, LONDON, None, NEW_YORK])
    within, outside = (
        selection(condition("geo", operator, text)) for operator in ("geo within", "geo outside")
    )

    assert select_items(within, catalog, "") == []
    assert select_items(outside, catalog, "7") == select_items(selection(), catalog, "7")


def test_a_geo_filter_of_liquid_leaves_the_order_to_the_next_one() -> None:
    """Only the second has a centre (amendment braze A5)."""
    chosen = selection(
        condition("geo", "geo outside", "{{ x }}"),
        condition("geo", "geo within", circle(PARIS, 1e5)),
    )

    found = select_items(chosen, items("geo", [NEW_YORK, None, LONDON, PARIS]), "")

    assert numbers(found) == [3, 2, 0]


@pytest.mark.parametrize("half", [{"sort_field": "number"}, {"sort_order": "desc"}])
def test_half_of_a_sorting_is_a_random_order(half: dict[str, str]) -> None:
    """As without sorting (amendment braze A6)."""
    catalog = items("number", range(30))

    assert select_items(selection(**half), catalog, "7") == select_items(selection(), catalog, "7")


def test_without_filters_all_items_match() -> None:
    """The results end at the limit."""
    assert sorted(numbers(select_items(selection(), items("number", [1, None, 2]), ""))) == [
        0,
        1,
        2,
    ]


def test_all_filters_must_hold() -> None:
    """Filters may be of one field or of several."""
    chosen = selection(
        condition("number", "greater than", 2),
        condition("number", "less than", 6),
        condition("string", "does not equal", "no"),
    )
    catalog = items("number", range(8))
    catalog[4]["string"] = "no"

    assert sorted(numbers(select_items(chosen, catalog, ""))) == [3, 5]


# The values of a field, and their order under `asc` and `desc`.
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
    """Among equal values, and among nulls, the older item comes first in both directions."""
    for order, expected in (("asc", ascending), ("desc", descending)):
        chosen = selection(sort_field=kind, sort_order=order)

        assert numbers(select_items(chosen, items(kind, values), "")) == expected


@pytest.mark.parametrize(("limit", "count"), [(None, 50), (50, 50), (3, 3), (1, 1)])
@pytest.mark.parametrize("sorting", [{}, {"sort_field": "number", "sort_order": "asc"}])
def test_the_limit_is_the_selections_own_or_fifty(
    limit: int | None, count: int, sorting: dict[str, str]
) -> None:
    """The catalog has sixty items."""
    chosen = selection(results_limit=limit, **sorting)

    assert len(select_items(chosen, items("number", range(60)), "")) == count


def test_nulls_fill_the_rest_of_the_limit() -> None:
    """The oldest items come first."""
    chosen = selection(sort_field="number", sort_order="desc", results_limit=4)

    found = select_items(chosen, items("number", [None, 1, None, None, 2]), "")

    assert numbers(found) == [4, 1, 0, 2]


class TestRandom:
    """Without sorting the order is random, but the same for the same seed."""

    CATALOG = items("number", range(30))

    def test_one_seed_is_one_order(self) -> None:
        """The order of the items does not matter."""
        first = numbers(select_items(selection(), self.CATALOG, "7"))

        assert numbers(select_items(selection(), self.CATALOG, "7")) == first
        assert numbers(select_items(selection(), self.CATALOG[::-1], "7")) == first
        assert sorted(first) == list(range(30))

    def test_seeds_differ(self) -> None:
        """No seed gives the order of creation."""
        orders = {
            tuple(numbers(select_items(selection(), self.CATALOG, str(n)))) for n in range(20)
        }

        assert len(orders) == 20
        assert tuple(range(30)) not in orders

    def test_each_seed_selects_other_items_under_a_limit(self) -> None:
        """Every item is in some results."""
        chosen = selection(results_limit=1)

        found = {numbers(select_items(chosen, self.CATALOG, str(seed)))[0] for seed in range(500)}

        assert found == set(range(30))


class TestDistance:
    """With a geo filter and without sorting the nearest item comes first."""

    PLACES = items("geo", [NEW_YORK, None, PARIS, LONDON, PARIS])

    @pytest.mark.parametrize(
        ("operator", "radius", "expected"),
        [("geo within", 1e5, [2, 4, 3, 0]), ("geo outside", 10, [3, 0, 1])],
    )
    def test_results_are_in_order_of_distance(
        self, operator: str, radius: float, expected: list[int]
    ) -> None:
        """Equal distances keep the order of creation, and items without a place come last."""
        chosen = selection(condition("geo", operator, circle(PARIS, radius)))

        assert numbers(select_items(chosen, self.PLACES, "")) == expected

    def test_the_first_of_two_geo_filters_gives_the_order(self) -> None:
        """The other one only filters."""
        chosen = selection(
            condition("geo", "geo within", circle(NEW_YORK, 1e5)),
            condition("geo", "geo outside", circle(PARIS, 10)),
        )

        assert numbers(select_items(chosen, self.PLACES, "")) == [0, 3]

    def test_sorting_comes_before_distance(self) -> None:
        """The order is that of `sort_field`."""
        chosen = selection(
            condition("geo", "geo within", circle(PARIS, 1e5)), sort_field="id", sort_order="desc"
        )

        assert numbers(select_items(chosen, self.PLACES, "")) == [4, 3, 2, 0]


SELECTIONS = st.builds(
    lambda filters, sorting, limit: selection(*filters, **sorting, results_limit=limit),
    st.sampled_from(
        [
            [],
            [condition("number", "does not equal", 2)],
            [condition("number", "greater than", 1)],
            [condition("geo", "geo outside", circle([0, 0], 10))],
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
def test_selecting_in_parts_is_selecting_at_once(
    chosen: NewSelection, parts: list[list[tuple[int | None, int | None]]]
) -> None:
    """A large catalog is read in steps, with the best results so far before each part."""
    values = [value for part in parts for value in part]
    catalog = [
        {"id": f"i{n}", **BLANK, "number": number, "geo": None if at is None else [at, 0]}
        for n, (number, at) in enumerate(values)
    ]
    rest = iter(catalog)

    best: list[Any] = []
    for part in parts:
        best = select_items(chosen, [*best, *islice(rest, len(part))], "s")

    assert best == select_items(chosen, catalog, "s")


@given(st.lists(st.none() | st.integers(0, 9)), st.sampled_from(["asc", "desc"]))
def test_selecting_is_sorting_and_cutting(values: list[int | None], order: str) -> None:
    """The results are the first of all matching items."""
    chosen = selection(sort_field="number", sort_order=order, results_limit=7)
    sign = 1 if order == "asc" else -1

    found = numbers(select_items(chosen, items("number", values), ""))

    everything = range(len(values))
    expected = sorted(everything, key=lambda n: (values[n] is None, sign * (values[n] or 0)))
    assert found == expected[:7]


@pytest.mark.parametrize(
    ("kind", "operator", "value"),
    [
        ("number", "greater than", 1),
        ("time", "before", "2024-01-01T00:00:00Z"),
        ("array", "includes value", "x"),
        ("geo", "geo within", {"longitude": 1, "latitude": 2, "radius": 3}),
    ],
)
def test_a_value_of_another_type_matches_no_filter(kind: str, operator: str, value: Any) -> None:
    """Only a state document can hold one."""
    schema = make_schema(kind)
    body = {"selection": {"name": "s", "filters": [condition(kind, operator, value)]}}
    wrong: list[Any] = [True, {"a": None}, [[]], ["a", "b"]]
    items = [{"id": str(n), kind: one} for n, one in enumerate(wrong) if (kind, n) != ("number", 0)]

    assert select_items(new_selection(body, schema), items, "seed") == []


def test_values_of_several_types_are_sorted_by_type() -> None:
    """Numbers come before texts."""
    sorting = {"sort_field": "number", "sort_order": "asc"}
    body = {"selection": {"name": "s", "filters": [], **sorting}}
    items = [{"id": str(n), "number": one} for n, one in enumerate(("b", 2, [1], 1.5, "a"))]

    found = select_items(new_selection(body, make_schema("number")), items, "seed")

    assert [item["number"] for item in found] == [1.5, 2, [1], "a", "b"]
