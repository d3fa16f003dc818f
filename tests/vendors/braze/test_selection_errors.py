"""The errors of the two selection calls, and their order.

Sources: docs/vendors/braze.md#6-selections and docs/vendors/braze.md#7-errors.
"""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.errors import BrazeError
from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from mockalog.vendors.braze.rules.field_types import FIELD_TYPES
from mockalog.vendors.braze.rules.selections import new_selection
from mockalog.vendors.braze.schemas.selections import NewSelectionIn
from tests.emulation import Emulation
from tests.vendors.braze.factories import any_json, condition, make_catalog, make_schema
from tests.vendors.braze.requests import (
    create_selection,
    delete_selection,
    error_parameters,
    get_catalog,
)
from tests.vendors.braze.steering import limit_storage, unlimited

FILTERS = ["filters"]
LIMIT = ["results_limit"]
SORTING = ["sort_field", "sort_order"]

NO_NAMES: list[Any] = [None, "", 7, [], "n" * 251]
NO_TEXTS: list[Any] = [7, True, [], {}]
NO_FIELDS: list[Any] = ["nope", "Number", "", 7, ["number"], {}]
# Words that are no source, and values that are no texts.
NO_SOURCES: list[Any] = ["", " ", "Braze ", "Magento", "customs", "brazeshopify", "ſhopify", "🏪"]
NO_SOURCES += NO_TEXTS
NO_ORDERS: list[Any] = ["ASC", "up", "", 1, ["asc"], True]


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client whose catalog `shops` has a field named like each type, and a second array."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client)
    fields = {"fields": [{"name": "more", "type": "array"}]}
    assert client.post("/catalogs/shops/fields", json=fields).status_code == 202
    return client


# Error id, the selection's keys besides its name, parameters, their values.
PARTS: list[tuple[str, dict[str, Any], list[str], list[Any]]] = [
    *(("invalid-selection", {"name": name}, ["selection"], []) for name in NO_NAMES),
    *(
        ("invalid-selection", {key: value}, ["selection"], [value])
        for key in ("description", "external_id")
        for value in NO_TEXTS
    ),
    *(
        ("selection-has-invalid-source", {"source": source}, ["source"], [source])
        for source in NO_SOURCES
    ),
    ("too-many-filters", {"filters": [condition("string", "equals", "a")] * 11}, FILTERS, []),
    ("selection-invalid-results-limit", {"results_limit": 0}, LIMIT, [0]),
    ("selection-invalid-results-limit", {"results_limit": 51}, LIMIT, [51]),
    ("selection-invalid-results-limit", {"results_limit": -1}, LIMIT, [-1]),
    ("selection-invalid-results-limit", {"results_limit": 10**30}, LIMIT, [10**30]),
    ("selection-invalid-results-limit", {"results_limit": 1.5}, LIMIT, [1.5]),
    ("selection-invalid-results-limit", {"results_limit": "10"}, LIMIT, ["10"]),
    ("selection-invalid-results-limit", {"results_limit": True}, LIMIT, [True]),
    ("selection-invalid-results-limit", {"results_limit": [10]}, LIMIT, [[10]]),
    *(
        ("invalid-sorting", {"sort_field": name, **order}, SORTING, [name, order["sort_order"]])
        for name in NO_FIELDS
        for order in ({"sort_order": "asc"}, {"sort_order": None}, {"sort_order": "up"})
    ),
    *(
        ("invalid-sorting", {"sort_order": order, **field}, SORTING, [field["sort_field"], order])
        for order in NO_ORDERS
        for field in ({"sort_field": "id"}, {"sort_field": None})
    ),
    ("invalid-sorting", {"sort_field": "nope"}, SORTING, ["nope", None]),
    ("invalid-sorting", {"sort_order": "up"}, SORTING, [None, "up"]),
    (
        "selection-contains-too-many-arrays",
        {"filters": [condition(name, "includes value", "a") for name in ("more", "array")]},
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
    """The status is 400, and the catalog does not change (amendments braze A6 and A7)."""
    before = get_catalog(client)

    answer = create_selection(client, **{"name": "best", **parts})

    assert answer.status_code == 400
    assert error_parameters(answer) == {error_id: (parameters, values)}
    assert get_catalog(client) == before


# No Liquid, though each resembles it.
NO_LIQUID = ["", " ", "{{", "}}", "{%", "%}", "{%}", "{{ x", "x }}", "}} {{", "%} {%", "{{ x %}"]
NO_LIQUID += ["{ { x } }", "{% x }}", "{x}", "${x}"]

# Values that are no filters, or filters that no field can have.
NO_FILTERS: list[Any] = [
    None,
    "string equals a",
    [],
    {},
    {"operator": "equals", "value": "a"},
    {"field": "string", "value": "a"},
    {"field": "string", "operator": "equals"},
    condition("string", "equals", None),
    condition("nope", "equals", "a"),
    condition("String", "equals", "a"),
    condition(None, "equals", "a"),
    condition(["string"], "equals", "a"),
    condition("string", None, "a"),
    condition("string", ["equals"], "a"),
    condition("string", "Equals", "a"),
    condition("string", "==", "a"),
    condition("string", "is any of", ["a"]),
    # A value of the wrong type, or out of its range.
    condition("string", "equals", ["a"]),
    condition("string", "equals", {}),
    condition("string", "equals", "x" * 1001),
    condition("string", "equals", 5),
    condition("string", "does not equal", True),
    condition("time", "before", True),
    condition("array", "includes value", 1.5),
    condition("number", "less than", "many"),
    condition("number", "equals", True),
    condition("boolean", "is", 1),
    condition("boolean", "is", "yes"),
    condition("time", "before", "tomorrow"),
    condition("time", "after", "2024-02-31"),
    condition("array", "includes value", ["a"]),
    condition("geo", "geo within", [1, 2]),
    condition("geo", "geo within", {"longitude": 1, "latitude": 2}),
    condition("geo", "geo within", {"longitude": 1, "radius": 2}),
    condition("geo", "geo within", {"longitude": 181, "latitude": 2, "radius": 3}),
    condition("geo", "geo within", {"longitude": 1, "latitude": -91, "radius": 3}),
    condition("geo", "geo within", {"longitude": 1, "latitude": 2, "radius": -1}),
    condition("geo", "geo within", {"longitude": 1, "latitude": 2, "radius": "3"}),
    condition("geo", "geo within", {"longitude": "1", "latitude": 2, "radius": 3}),
    condition("geo", "geo within", "x" * 5001),
    # A string that cannot be coerced, and no Liquid: it is empty, spaced, or not closed (A5).
    *(condition("number", "greater than", text) for text in NO_LIQUID),
    *(condition("boolean", "is", text) for text in NO_LIQUID),
    *(condition("time", "after", text) for text in NO_LIQUID),
    *(condition("number", "equals", text) for text in (" 7", "07", "1e999", "7,5", "0x7", "true")),
    *(condition("boolean", "is", text) for text in ("True", "TRUE", " true", "1", "on")),
    *(condition("time", "before", text) for text in ("1728900000", "2024-10-14 ", "25:00")),
    # Liquid that is longer than any value.
    *(
        condition(kind, one.filtering.operators[0].name, "{{" + "x" * 4997 + "}}")
        for kind, one in FIELD_TYPES.items()
        if one.filtering is not None
    ),
]


@pytest.mark.parametrize("bad", NO_FILTERS)
def test_a_bad_filter_is_named(client: httpx.Client, bad: Any) -> None:
    """The error has the first invalid filter as it was sent."""
    good = condition("string", "equals", "a")

    answer = create_selection(client, filters=[good, bad, {}])

    assert answer.status_code == 400
    assert error_parameters(answer) == {"selection-has-invalid-filter": (["filters"], [bad])}


@pytest.mark.parametrize("filters", ["", "string equals a", {}, 7, False])
def test_filters_must_be_an_array(client: httpx.Client, filters: Any) -> None:
    """The error has the whole value."""
    answer = create_selection(client, filters=filters)

    assert answer.status_code == 400
    assert error_parameters(answer) == {"selection-has-invalid-filter": (["filters"], [filters])}


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
def test_a_body_without_a_named_selection_is_refused(client: httpx.Client, content: bytes) -> None:
    """An empty body is not bad syntax."""
    answer = client.post("/catalogs/shops/selections", content=content)

    assert answer.status_code == 400
    assert error_parameters(answer) == {"invalid-selection": (["selection"], [])}


SCHEMA = make_schema()
DESCRIBED = Draft202012Validator(NewSelectionIn.model_json_schema())
OPERATORS = [
    operator.name
    for field_type in FIELD_TYPES.values()
    if field_type.filtering is not None
    for operator in field_type.filtering.operators
]
ANYTHING = any_json(
    "name",
    "longitude",
    "latitude",
    "radius",
    "true",
    "7",
    "2024-10-14",
    "{{ x }}",
    *FIELD_TYPE_NAMES,
)
FILTER = st.fixed_dictionaries(
    {
        "field": st.sampled_from(FIELD_TYPE_NAMES) | ANYTHING,
        "operator": st.sampled_from(OPERATORS) | ANYTHING,
        "value": ANYTHING,
    }
)
SELECTION = st.fixed_dictionaries(
    {"name": st.just("best")},
    optional={
        "filters": st.lists(FILTER, max_size=3) | ANYTHING,
        "results_limit": st.integers(0, 51) | ANYTHING,
        "sort_field": st.sampled_from(FIELD_TYPE_NAMES) | ANYTHING,
        "sort_order": st.sampled_from(["asc", "desc"]) | ANYTHING,
        "description": ANYTHING,
        "source": st.sampled_from(["Braze", "SHOPIFY", "custom"]) | ANYTHING,
    },
)


@given(ANYTHING | st.fixed_dictionaries({"selection": SELECTION | ANYTHING}))
def test_any_body_is_either_accepted_or_refused(body: Any) -> None:
    """The stored form of a valid selection is valid too, because its job checks it again.

    The document describes both.
    """
    try:
        new = new_selection(body, SCHEMA)
    except BrazeError:
        return
    assert DESCRIBED.is_valid(body)
    assert DESCRIBED.is_valid({"selection": loads(dumps(new))})
    assert new_selection({"selection": loads(dumps(new))}, SCHEMA) == new


class TestOrder:
    """The response has the first broken rule."""

    def test_bad_syntax_comes_before_the_catalog(self, client: httpx.Client) -> None:
        """It has the generic message."""
        answer = client.post("/catalogs/nope/selections", content=b"{")

        assert (answer.status_code, answer.text) == (400, '{"message":"Bad Request"}')

    def test_the_catalog_comes_before_the_selection(self, client: httpx.Client) -> None:
        """The status is 404 on both calls."""
        for answer in (
            create_selection(client, None, "nope"),
            delete_selection(client, "nope", "nope"),
        ):
            assert answer.status_code == 404
            assert error_parameters(answer) == {"catalog-not-found": (["catalog_name"], ["nope"])}

    def test_rules_follow_the_keys(self, client: httpx.Client) -> None:
        """After each correction the next error comes."""
        arrays = [condition(name, "includes value", "a") for name in ("array", "more")]
        wrong: dict[str, Any] = {
            **{"name": "", "description": 7, "source": "nope", "results_limit": 0},
            **{"filters": [*arrays, *[{}] * 9], "sort_field": "nope", "sort_order": None},
        }
        mended: list[tuple[str, dict[str, Any]]] = [
            ("invalid-selection", {"name": "taken"}),
            ("invalid-selection", {"description": "d"}),
            ("selection-has-invalid-source", {"source": "Braze"}),
            ("too-many-filters", {"filters": [*arrays, {}]}),
            ("selection-has-invalid-filter", {"filters": arrays}),
            ("selection-contains-too-many-arrays", {"filters": arrays[:1]}),
            ("selection-invalid-results-limit", {"results_limit": 1}),
            ("invalid-sorting", {"sort_field": "id", "sort_order": "up"}),
            ("invalid-sorting", {"sort_order": "asc"}),
            ("selection-name-already-exists", {"name": "free"}),
        ]
        create_selection(client, "taken")

        for error_id, change in mended:
            assert list(error_parameters(create_selection(client, **wrong))) == [error_id]
            wrong |= change

        assert create_selection(client, **wrong).status_code == 202

    def test_the_catalogs_limit_comes_before_the_name(self, client: httpx.Client) -> None:
        """The rules of the selection itself come before both."""
        for number in range(30):
            create_selection(client, f"s{number}")

        assert list(error_parameters(create_selection(client, "s0"))) == ["selection-limit-reached"]
        answer = create_selection(client, results_limit=0)
        assert list(error_parameters(answer)) == ["selection-invalid-results-limit"]

    def test_the_rules_come_before_the_storage(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The storage limit is checked last."""
        create_selection(client, "taken")
        limit_storage(emulation, client, 0)

        assert list(error_parameters(create_selection(client, "taken"))) == [
            "selection-name-already-exists"
        ]
        assert list(error_parameters(create_selection(client, "free"))) == [
            "company-size-limit-already-reached"
        ]


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
    def test_an_unknown_selection_is_not_found(
        self, client: httpx.Client, path: str, name: str
    ) -> None:
        """Only 404 is documented beside success (inferred)."""
        create_selection(client, "best")

        answer = delete_selection(client, path)

        assert answer.status_code == 404
        assert error_parameters(answer) == {"invalid-selection": (["selection"], [name])}

    @pytest.mark.parametrize("path", ["/catalogs/shops/selections", "/catalogs/shops/selections/"])
    def test_calls_that_list_or_change_selections_do_not_exist(
        self, client: httpx.Client, path: str
    ) -> None:
        """Only the list of catalogs shows selections (amendment braze A3)."""
        create_selection(client, "best")
        for method, url in [
            *((method, path) for method in ("GET", "PUT", "PATCH", "DELETE")),
            *((method, f"{path}/best") for method in ("GET", "PUT", "PATCH", "POST")),
        ]:
            answer = client.request(method, url)

            assert (answer.status_code, answer.text) == (404, '{"message":"Invalid URL"}')
