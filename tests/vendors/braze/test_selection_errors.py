"""What the two selection calls refuse, and in which order.

Sources: docs/vendors/braze.md#6-selections and docs/vendors/braze.md#7-errors.
"""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.errors import Rejected
from mockalog.vendors.braze.rules.layout import layout_of
from mockalog.vendors.braze.rules.selections import OPERATORS, new_selection
from mockalog.vendors.braze.rules.values import TYPES
from tests.emulation import Emulation
from tests.vendors.braze.changing import deselect, json_of, select, told, wanted
from tests.vendors.braze.making import catalog_of, make_catalog, unlimited

FILTERS = ["filters"]
LIMIT = ["results_limit"]
SORTING = ["sort_field", "sort_order"]

NO_NAMES: list[Any] = [None, "", 7, [], "n" * 251]
NO_TEXTS: list[Any] = [7, True, [], {}]
NO_FIELDS: list[Any] = ["nope", "Number", "", 7, ["number"], {}]
NO_ORDERS: list[Any] = ["ASC", "up", "", 1, ["asc"], True]


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a field named like each type, and a second array."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client)
    fields = {"fields": [{"name": "more", "type": "array"}]}
    assert client.post("/catalogs/shops/fields", json=fields).status_code == 202
    return client


# Error id, what the selection says besides its name, parameters, their values.
PARTS: list[tuple[str, dict[str, Any], list[str], list[Any]]] = [
    *(("invalid-selection", {"name": name}, ["selection"], []) for name in NO_NAMES),
    *(
        ("invalid-selection", {key: value}, ["selection"], [value])
        for key in ("description", "external_id", "source")
        for value in NO_TEXTS
    ),
    ("too-many-filters", {"filters": [wanted("string", "equals", "a")] * 11}, FILTERS, []),
    ("selection-invalid-results-limit", {"results_limit": 0}, LIMIT, [0]),
    ("selection-invalid-results-limit", {"results_limit": 51}, LIMIT, [51]),
    ("selection-invalid-results-limit", {"results_limit": -1}, LIMIT, [-1]),
    ("selection-invalid-results-limit", {"results_limit": 10**30}, LIMIT, [10**30]),
    ("selection-invalid-results-limit", {"results_limit": 1.5}, LIMIT, [1.5]),
    ("selection-invalid-results-limit", {"results_limit": "10"}, LIMIT, ["10"]),
    ("selection-invalid-results-limit", {"results_limit": True}, LIMIT, [True]),
    ("selection-invalid-results-limit", {"results_limit": [10]}, LIMIT, [[10]]),
    ("invalid-sorting", {"sort_field": "number"}, SORTING, ["number", None]),
    ("invalid-sorting", {"sort_order": "asc"}, SORTING, [None, "asc"]),
    ("invalid-sorting", {"sort_field": None, "sort_order": "up"}, SORTING, [None, "up"]),
    *(
        ("invalid-sort-field", {"sort_field": name, "sort_order": "asc"}, ["sort_field"], [name])
        for name in NO_FIELDS
    ),
    *(
        ("invalid-sort-order", {"sort_field": "id", "sort_order": order}, ["sort_order"], [order])
        for order in NO_ORDERS
    ),
    (
        "selection-contains-too-many-arrays",
        {"filters": [wanted(name, "includes value", "a") for name in ("more", "array")]},
        FILTERS,
        ["array", "more"],
    ),
]


@pytest.mark.parametrize(("error_id", "parts", "parameters", "values"), PARTS)
def test_a_selection_that_breaks_a_rule_is_refused_with_that_rules_id(
    client: httpx.Client,
    error_id: str,
    parts: dict[str, Any],
    parameters: list[str],
    values: list[Any],
) -> None:
    """400, and the catalog stays as it was."""
    before = catalog_of(client)

    answer = select(client, **{"name": "best", **parts})

    assert answer.status_code == 400
    assert told(answer) == {error_id: (parameters, values)}
    assert catalog_of(client) == before


# Filters that are none, or that no field can have.
NO_FILTERS: list[Any] = [
    None,
    "string equals a",
    [],
    {},
    {"operator": "equals", "value": "a"},
    {"field": "string", "value": "a"},
    {"field": "string", "operator": "equals"},
    wanted("string", "equals", None),
    wanted("nope", "equals", "a"),
    wanted("String", "equals", "a"),
    wanted(None, "equals", "a"),
    wanted(["string"], "equals", "a"),
    wanted("string", None, "a"),
    wanted("string", ["equals"], "a"),
    wanted("string", "Equals", "a"),
    wanted("string", "==", "a"),
    wanted("string", "is any of", ["a"]),
    # A value of the wrong type, or out of its range.
    wanted("string", "equals", ["a"]),
    wanted("string", "equals", {}),
    wanted("string", "equals", "x" * 1001),
    wanted("string", "equals", 5),
    wanted("string", "does not equal", True),
    wanted("number", "equals", "5"),
    wanted("boolean", "is", "true"),
    wanted("time", "before", True),
    wanted("array", "includes value", 1.5),
    wanted("number", "less than", "many"),
    wanted("number", "equals", True),
    wanted("boolean", "is", 1),
    wanted("boolean", "is", "yes"),
    wanted("time", "before", "tomorrow"),
    wanted("time", "after", "2024-02-31"),
    wanted("array", "includes value", ["a"]),
    wanted("geo", "geo within", [1, 2]),
    wanted("geo", "geo within", {"longitude": 1, "latitude": 2}),
    wanted("geo", "geo within", {"longitude": 1, "radius": 2}),
    wanted("geo", "geo within", {"longitude": 181, "latitude": 2, "radius": 3}),
    wanted("geo", "geo within", {"longitude": 1, "latitude": -91, "radius": 3}),
    wanted("geo", "geo within", {"longitude": 1, "latitude": 2, "radius": -1}),
    wanted("geo", "geo within", {"longitude": 1, "latitude": 2, "radius": "3"}),
    wanted("geo", "geo within", {"longitude": "1", "latitude": 2, "radius": 3}),
]


@pytest.mark.parametrize("bad", NO_FILTERS)
def test_a_bad_filter_is_named(client: httpx.Client, bad: Any) -> None:
    """The first one that is bad, as it was sent."""
    good = wanted("string", "equals", "a")

    answer = select(client, filters=[good, bad, {}])

    assert answer.status_code == 400
    assert told(answer) == {"selection-has-invalid-filter": (["filters"], [bad])}


@pytest.mark.parametrize("filters", ["", "string equals a", {}, 7, False])
def test_filters_that_are_no_list_are_bad(client: httpx.Client, filters: Any) -> None:
    """All together they are the offending value."""
    answer = select(client, filters=filters)

    assert answer.status_code == 400
    assert told(answer) == {"selection-has-invalid-filter": (["filters"], [filters])}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"selection":null}',
        b'{"selection":[]}',
        b'{"selection":"best"}',
        b'{"selection":{}}',
        b'{"selection":{"filters":[]}}',
        b'{"name":"best"}',
        b'{"selections":[{"name":"best"}]}',
    ],
)
def test_a_body_without_a_named_selection_is_none(client: httpx.Client, content: bytes) -> None:
    """Nothing is not bad syntax."""
    answer = client.post("/catalogs/shops/selections", content=content)

    assert answer.status_code == 400
    assert told(answer) == {"invalid-selection": (["selection"], [])}


ID = {"name": "id", "token": "-1", "type": "string"}
FIELDS = [ID, *({"name": name, "token": "0", "type": name} for name in TYPES)]
LAYOUT = layout_of(dumps(FIELDS).decode(), "[]", 1, 0)
ANYTHING = json_of("name", "longitude", "latitude", "radius", "true", "7", "2024-10-14", *TYPES)
FILTER = st.fixed_dictionaries(
    {
        "field": st.sampled_from(TYPES) | ANYTHING,
        "operator": st.sampled_from(sorted(set().union(*OPERATORS.values()))) | ANYTHING,
        "value": ANYTHING,
    }
)
SELECTION = st.fixed_dictionaries(
    {"name": st.just("best")},
    optional={
        "filters": st.lists(FILTER, max_size=3) | ANYTHING,
        "results_limit": st.integers(0, 51) | ANYTHING,
        "sort_field": st.sampled_from(TYPES) | ANYTHING,
        "sort_order": st.sampled_from(["asc", "desc"]) | ANYTHING,
        "description": ANYTHING,
        "source": ANYTHING,
    },
)


@given(ANYTHING | st.fixed_dictionaries({"selection": SELECTION | ANYTHING}))
def test_whatever_a_body_says_is_either_good_or_refused(body: Any) -> None:
    """What is good can be stored and is still good then: its job checks it once more."""
    try:
        new = new_selection(body, LAYOUT)
    except Rejected:
        return
    assert new_selection({"selection": loads(dumps(new))}, LAYOUT) == new


class TestOrder:
    """The first rule that is broken is the one that is told."""

    def test_bad_syntax_comes_before_the_catalog(self, client: httpx.Client) -> None:
        """In the generic words."""
        answer = client.post("/catalogs/nope/selections", content=b"{")

        assert (answer.status_code, answer.text) == (400, '{"message":"Bad Request"}')

    def test_the_catalog_comes_before_the_selection(self, client: httpx.Client) -> None:
        """404 on both calls."""
        for answer in (select(client, None, "nope"), deselect(client, "nope", "nope")):
            assert answer.status_code == 404
            assert told(answer) == {"catalog-not-found": (["catalog_name"], ["nope"])}

    def test_rules_follow_the_keys(self, client: httpx.Client) -> None:
        """Mending one error after the other shows the next."""
        arrays = [wanted(name, "includes value", "a") for name in ("array", "more")]
        wrong: dict[str, Any] = {
            **{"name": "", "description": 7, "results_limit": 0},
            **{"filters": [*arrays, *[{}] * 9], "sort_field": "nope", "sort_order": None},
        }
        mended: list[tuple[str, dict[str, Any]]] = [
            ("invalid-selection", {"name": "taken"}),
            ("invalid-selection", {"description": "d"}),
            ("too-many-filters", {"filters": [*arrays, {}]}),
            ("selection-has-invalid-filter", {"filters": arrays}),
            ("selection-contains-too-many-arrays", {"filters": arrays[:1]}),
            ("selection-invalid-results-limit", {"results_limit": 1}),
            ("invalid-sorting", {"sort_order": "up"}),
            ("invalid-sort-field", {"sort_field": "id"}),
            ("invalid-sort-order", {"sort_order": "asc"}),
            ("selection-name-already-exists", {"name": "free"}),
        ]
        select(client, "taken")

        for error_id, change in mended:
            assert list(told(select(client, **wrong))) == [error_id]
            wrong |= change

        assert select(client, **wrong).status_code == 202

    def test_the_catalogs_limit_comes_before_the_name(self, client: httpx.Client) -> None:
        """And after everything that the selection itself can have wrong."""
        for number in range(30):
            select(client, f"s{number}")

        assert list(told(select(client, "s0"))) == ["selection-limit-reached"]
        answer = select(client, results_limit=0)
        assert list(told(answer)) == ["selection-invalid-results-limit"]

    def test_the_rules_come_before_the_storage(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The limit is looked at last."""
        select(client, "taken")
        emulation.control(client).patch("/settings", json={"braze.storage_limit": 0})

        assert list(told(select(client, "taken"))) == ["selection-name-already-exists"]
        assert list(told(select(client, "free"))) == ["company-size-limit-already-reached"]


class TestDelete:
    """`DELETE /catalogs/{catalog_name}/selections/{selection_name}`."""

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("nope", "nope"),
            ("Best", "Best"),
            ("a%2Fb", "a/b"),
            ("caf%C3%A9", "café"),
            ("%00", "\x00"),
            ("n" * 251, "n" * 251),
        ],
    )
    def test_an_unknown_one_is_not_found(self, client: httpx.Client, path: str, name: str) -> None:
        """404, since only that is documented beside success (inferred)."""
        select(client, "best")

        answer = deselect(client, path)

        assert answer.status_code == 404
        assert told(answer) == {"invalid-selection": (["selection"], [name])}

    @pytest.mark.parametrize("path", ["/catalogs/shops/selections", "/catalogs/shops/selections/"])
    def test_there_is_no_call_that_lists_or_changes_them(
        self, client: httpx.Client, path: str
    ) -> None:
        """Selections show in the list of catalogs only."""
        select(client, "best")
        for method, url in [
            *((method, path) for method in ("GET", "PUT", "PATCH", "DELETE")),
            *((method, f"{path}/best") for method in ("GET", "PUT", "PATCH", "POST")),
        ]:
            answer = client.request(method, url)

            assert (answer.status_code, answer.text) == (404, '{"message":"Not Found"}')
