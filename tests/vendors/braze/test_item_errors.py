"""Every error id of the item calls, on every call that lists it, and the order of the errors.

Sources: docs/vendors/braze.md#45-write-one-item, docs/vendors/braze.md#47-bulk-writes and
docs/vendors/braze.md#7-errors.
"""

from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import pytest

from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from tests.emulation import Emulation
from tests.vendors.braze.factories import make_catalog, make_item, nested
from tests.vendors.braze.requests import (
    ErrorParameters,
    error_ids,
    error_parameters,
    get_item,
    send,
)
from tests.vendors.braze.steering import limit_storage, unlimited

SINGLE = ("POST", "PUT", "PATCH")
BULK = ("POST", "PUT", "PATCH")

ITEM = "/catalogs/shops/items/x"
ITEMS = "/catalogs/shops/items"

LONG_ID = "x" * 251
LONG = "v" * 5001
NO_ITEMS: list[Any] = [None, [], "x", {}, {"items": None}, {"items": {}}, {"items": []}]
STRANGE_IDS: list[Any] = [5, None, True, ["x"], {}]
FULL = [str(number) for number in range(100)]
GROWING = {"array": {"$add": ["a"]}}

# The documented or recorded texts. Other texts are the emulator's own.
KNOWN = {
    "catalog-not-found": "Could not find catalog",
    "item-not-found": "Could not find item",
    "item-already-exists": "The item already exists",
    "invalid-cursor": "'cursor' is not valid",
    "invalid-fields": "Some of the fields given do not exist in the catalog",
    "items-missing-ids": "There are 2 item(s) that do not have ids",
    "ids-too-large": "Item ids can not be larger than 250 characters",
}


class Case(NamedTuple):
    """A request and its only error."""

    error_id: str
    method: str
    path: str
    body: Any
    parameters: list[str]
    values: list[Any]
    status: int = 400

    def __repr__(self) -> str:
        # The name of the test.
        kind = "item" if "/items/" in self.path else "items"
        return f"{self.error_id}-{self.method}-{kind}"


def single(
    error_id: str, parameters: list[str], values: list[Any], *items: Any, path: str = ITEM
) -> list[Case]:
    """Return a case for each of the three single writes."""
    body: Any = {"items": items}
    return [Case(error_id, method, path, body, parameters, values) for method in SINGLE]


def bulk(
    error_id: str, parameters: list[str], values: list[Any], *items: Any, deletes: bool = False
) -> list[Case]:
    """Return a case for each of the bulk writes, DELETE included if `deletes` is true."""
    methods = (*BULK, "DELETE") if deletes else BULK
    body = {"items": items}
    return [Case(error_id, method, ITEMS, body, parameters, values) for method in methods]


def both(error_id: str, values: dict[str, Any]) -> list[Case]:
    """Return cases of an error about values whose parameters are ids only."""
    return [
        *single(error_id, ["id"], ["x"], values),
        *bulk(error_id, ["id"], ["x", "z"], *({"id": i, **values} for i in "xz"), {"id": "y"}),
    ]


def refused_value(field: str, value: Any) -> list[Case]:
    """Return cases of a value that cannot be coerced, whose error names the field too."""
    shown = [{"id": "x", field: value}]
    return [
        *single("unable-to-coerce-value", ["id", field], shown, {field: value}),
        *bulk("unable-to-coerce-value", ["id", field], shown, {"id": "x", field: value}),
    ]


CASES = [
    *[
        Case("catalog-not-found", method, path, {"items": [{}]}, ["catalog_name"], ["nope"], 404)
        for path in ("/catalogs/nope/items", "/catalogs/nope/items/x")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    ],
    Case("invalid-cursor", "GET", f"{ITEMS}?cursor=bad-cursor", None, ["cursor"], ["bad-cursor"]),
    Case("item-not-found", "GET", ITEM, None, ["item_id"], ["x"], 404),
    Case("item-not-found", "PATCH", ITEM, {"items": [{}]}, ["item_id"], ["x"], 404),
    Case("item-not-found", "DELETE", ITEM, None, ["item_id"], ["x"]),
    Case("item-already-exists", "POST", f"{ITEMS}/a", {"items": [{}]}, ["item_id"], ["a"]),
    *[
        Case("item-array-invalid", method, path, body, ["items"], [])
        for path, methods in ((ITEM, SINGLE), (ITEMS, (*BULK, "DELETE")))
        for method in methods
        for body in NO_ITEMS
    ],
    *single("item-array-invalid", ["items"], [], "x"),
    *bulk("item-array-invalid", ["items"], [], {"id": "x"}, None, deletes=True),
    *single("request-includes-too-many-items", ["items"], [], {}, {}),
    *bulk(
        "request-includes-too-many-items",
        ["items"],
        [],
        *({"id": f"x{n}"} for n in range(51)),
        deletes=True,
    ),
    *single("id-in-body", ["id"], ["x"], {"id": "x"}),
    *single("id-in-body", ["id"], [None], {"id": None}),
    *bulk("items-missing-ids", [], [], {}, {"id": "x"}, {"number": 1}, deletes=True),
    *[
        case._replace(error_id="ids-not-string" if case.method == "PUT" else case.error_id)
        for case in bulk(
            "ids-not-strings",
            ["id"],
            STRANGE_IDS,
            *({"id": item_id} for item_id in ["x", *STRANGE_IDS]),
            deletes=True,
        )
    ],
    *bulk("ids-not-unique", ["id"], ["x"], *({"id": i} for i in "xyxx"), deletes=True),
    *single("ids-too-large", ["id"], [LONG_ID], {}, path=f"{ITEMS}/{LONG_ID}"),
    *bulk("ids-too-large", ["id"], [LONG_ID], {"id": "x"}, {"id": LONG_ID}, deletes=True),
    *single("invalid-ids", ["id"], ["x y"], {}, path=f"{ITEMS}/x%20y"),
    *bulk(
        "invalid-ids",
        ["id"],
        ["", "x y", "é", "x\n", "a.b", "x\x00"],
        *({"id": item_id} for item_id in ("", "x y", "é", "x", "x\n", "a.b", "x\x00")),
        deletes=True,
    ),
    *both("invalid-fields", {"nope": 1}),
    *both("invalid-fields", {"Number": None}),
    *both("items-too-large", {"string": LONG}),
    *both("items-too-large", {"object": {"a": LONG}}),
    *both("items-too-large", {"array": [LONG]}),
    *both("invalid-keys-in-value-object", {"object": {"a.b": 1}}),
    *both("invalid-keys-in-value-object", {"object": {"$add": ["a"]}}),
    *both("too-deep-nesting-in-value-object", {"object": nested(51)}),
    *single("filtered-set-field-too-long", ["id"], ["x"], {"filtered": "v" * 1001}),
    *refused_value("string", ["a"]),
    *refused_value("number", "five"),
    *refused_value("boolean", "yes"),
    *refused_value("time", "2022-02-31"),
    *refused_value("object", "{}"),
    *refused_value("array", ["a", 1]),
    *refused_value("array", ["a"] * 101),
    *refused_value("array", {"$set": ["a"]}),
    *refused_value("geo", [181, 0]),
    *refused_value("string", {"$add": ["a"]}),
    # Only PATCH takes operators, and their result has limits too.
    *[
        case
        for case in refused_value("array", {"$add": ["a"], "$remove": ["b"]})
        if case.method != "PATCH"
    ],
    *[
        Case(
            "unable-to-coerce-value",
            "PATCH",
            path,
            {"items": [sent]},
            ["id", "array"],
            [{"id": "a", **GROWING}],
        )
        for path, sent in ((f"{ITEMS}/a", GROWING), (ITEMS, {"id": "a", **GROWING}))
    ],
]


def furnished(emulation: Emulation) -> httpx.Client:
    """Return a client with a catalog, an item `a` whose array is full, and a selection."""
    client = unlimited(emulation, emulation.client("/braze"))
    types = {name: name for name in FIELD_TYPE_NAMES}
    make_catalog(client, **types, filtered="string")
    make_item(client, "shops", "a", array=FULL)
    wanted = {"field": "filtered", "operator": "equals", "value": "v"}
    selection = {"selection": {"name": "s", "filters": [wanted]}}
    assert client.post("/catalogs/shops/selections", json=selection).status_code == 202
    return client


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A furnished client, alone in its sandbox."""
    return furnished(emulation)


@pytest.fixture(scope="module")
def unchanged(emulation: Emulation) -> httpx.Client:
    """A furnished client for many tests, which only send refused requests."""
    return furnished(emulation)


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_each_error_id_comes_with_its_status_and_parameters(
    unchanged: httpx.Client, case: Case
) -> None:
    """The response has one object for each error id, with any number of items."""
    answer = unchanged.request(case.method, case.path, json=case.body)

    assert error_ids(answer) == [case.error_id]
    assert answer.status_code == case.status
    [error] = answer.json()["errors"]
    assert error["parameters"] == case.parameters
    assert error["parameter_values"] == case.values
    assert error["message"] == KNOWN.get(case.error_id, error["message"])
    assert unchanged.get(ITEM).status_code == 404


def test_errors_of_several_items_and_fields_are_gathered(unchanged: httpx.Client) -> None:
    """`parameters` names every field, and each value has the fields of its item."""
    answer = send(
        unchanged,
        "POST",
        "shops/items",
        {"id": "x", "number": "five", "time": "now"},
        {"id": "y", "number": 5},
        {"id": "z", "boolean": 0},
    )

    [error] = answer.json()["errors"]
    assert error["parameters"] == ["id", "number", "time", "boolean"]
    assert error["parameter_values"] == [
        {"id": "x", "number": "five", "time": "now"},
        {"id": "z", "boolean": 0},
    ]


def test_texts_of_filtered_fields_are_limited_in_single_calls_only(client: httpx.Client) -> None:
    """1,000 characters are accepted. The bulk pages do not list the error."""
    assert send(client, "POST", "shops/items/x", {"filtered": "🏪" * 1000}).status_code == 201

    assert (
        send(client, "PUT", "shops/items", {"id": "x", "filtered": "v" * 1001}).status_code == 202
    )

    assert get_item(client, "shops", "x")["filtered"] == "v" * 1001


class TestStorage:
    """The storage limit, which of the item calls only the bulk PUT page lists."""

    @pytest.mark.parametrize(
        ("spare", "sent", "error_id"),
        [
            (0, 1, "company-size-limit-already-reached"),
            (-1, 1, "company-size-limit-already-reached"),
            (1, 1, "company-size-limit-surge"),
        ],
    )
    def test_replacing_in_bulk_respects_the_limit(
        self, emulation: Emulation, client: httpx.Client, spare: int, sent: int, error_id: str
    ) -> None:
        """The storage is full, or has too little space for the request."""
        used = client.get("/catalogs").json()["catalogs"][0]["storage_size"]
        limit_storage(emulation, client, used + spare)

        answer = send(client, "PUT", "shops/items", {"id": "x", "number": 1})

        assert (answer.status_code, error_ids(answer)) == (400, [error_id])
        [error] = answer.json()["errors"]
        assert (error["parameters"], error["parameter_values"]) == ([], [])

    def test_a_request_within_the_limit_is_accepted(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The limit is inclusive, and other calls do not check it."""
        make_item(client, "shops", "x")
        used = client.get("/catalogs").json()["catalogs"][0]["storage_size"]
        size = len(client.get(ITEM).text) - len('{"items":[],"message":"success"}')
        limit_storage(emulation, client, used + size)

        assert send(client, "PUT", "shops/items", {"id": "y"}).status_code == 202
        assert send(client, "PUT", "shops/items", {"id": "z"}).status_code == 400
        assert send(client, "POST", "shops/items", {"id": "z"}).status_code == 202


# A request that breaks several rules: method, path, items, error ids of the response.
STAGES: list[tuple[str, str, list[Any], list[str]]] = [
    # An unknown catalog hides everything.
    ("POST", "nope/items", [5], ["catalog-not-found"]),
    ("DELETE", "nope/items", [{}] * 51, ["catalog-not-found"]),
    ("PUT", "nope/items/x%20y", [{"id": 5}], ["catalog-not-found"]),
    # The container comes next, whole.
    ("POST", "shops/items", [{"id": "x y"}, 5], ["item-array-invalid"]),
    ("PATCH", "shops/items/x%20y", ["x"], ["item-array-invalid"]),
    ("DELETE", "shops/items", [{}] * 51, ["request-includes-too-many-items"]),
    ("POST", "shops/items/x", [{"id": "x"}] * 2, ["request-includes-too-many-items"]),
    (
        "PUT",
        "shops/items",
        [5] * 51,
        ["item-array-invalid", "request-includes-too-many-items"],
    ),
    # Then ids and the names of fields in one (A4), with any values.
    ("POST", "shops/items", [{"nope": 1}], ["items-missing-ids", "invalid-fields"]),
    ("PATCH", "shops/items", [{"id": "x y"}, {"id": "x", "number": "five"}], ["invalid-ids"]),
    ("POST", "shops/items/x", [{"id": "x", "number": "five"}], ["id-in-body"]),
    (
        "POST",
        "shops/items/x",
        [{"id": "x", "nope": 1, "number": "five"}],
        ["id-in-body", "invalid-fields"],
    ),
    (
        "PUT",
        "shops/items/x%20y",
        [{"id": "x", "nope": 1}],
        ["invalid-ids", "id-in-body", "invalid-fields"],
    ),
    (
        "POST",
        "shops/items",
        [{"id": "x"}, {"id": "x"}, {}, {"id": 5}, {"id": "é" * 251}],
        ["ids-too-large", "invalid-ids", "items-missing-ids", "ids-not-strings", "ids-not-unique"],
    ),
    # One character less is not too large.
    ("DELETE", "shops/items", [{"id": "é" * 250}], ["invalid-ids"]),
    ("POST", "shops/items", [{"id": "x", "number": "five", "nope": 1}], ["invalid-fields"]),
    (
        "PUT",
        "shops/items",
        [{"id": "x", "number": "five"}, {"id": "y", "n": 1}],
        ["invalid-fields"],
    ),
    ("PATCH", "shops/items/a", [{"nope": 1, "string": LONG}], ["invalid-fields"]),
    # Then all values together.
    (
        "PUT",
        "shops/items/x",
        [{"number": "five", "string": LONG, "filtered": "v" * 1001}],
        ["unable-to-coerce-value", "items-too-large", "filtered-set-field-too-long"],
    ),
    (
        "PATCH",
        "shops/items",
        [
            {"id": "x", "geo": "here", "object": {"$": 1}},
            {"id": "y", "object": nested(51), "string": LONG},
        ],
        [
            "unable-to-coerce-value",
            "invalid-keys-in-value-object",
            "too-deep-nesting-in-value-object",
            "items-too-large",
        ],
    ),
    # A missing or an existing item comes last.
    ("POST", "shops/items/a", [{"number": "five"}], ["unable-to-coerce-value"]),
    ("PATCH", "shops/items/x", [{"number": "five"}], ["unable-to-coerce-value"]),
    ("PATCH", "shops/items/x", [{"nope": 1}], ["invalid-fields"]),
]


@pytest.mark.parametrize(("method", "path", "items", "expected"), STAGES)
def test_errors_of_one_stage_come_together_and_hide_the_later_ones(
    unchanged: httpx.Client, method: str, path: str, items: list[Any], expected: list[str]
) -> None:
    """Catalog, container, ids with names, values (amendment braze A4). Order is free within one."""
    assert sorted(error_ids(send(unchanged, method, path, *items))) == sorted(expected)


UNKNOWN = {"nope": 1, "number": "five"}
LONG_AND_BAD = "é" * 251

# The address of a single write, its item, and the errors of ids that come before `invalid-fields`.
SINGLE_IDS: list[tuple[str, dict[str, Any], ErrorParameters]] = [
    (LONG_ID, {}, {"ids-too-large": (["id"], [LONG_ID])}),
    ("x.y", {}, {"invalid-ids": (["id"], ["x.y"])}),
    ("x", {"id": "x"}, {"id-in-body": (["id"], ["x"])}),
    ("x", {"id": None}, {"id-in-body": (["id"], [None])}),
    (
        LONG_AND_BAD,
        {"id": 5},
        {
            "ids-too-large": (["id"], [LONG_AND_BAD]),
            "invalid-ids": (["id"], [LONG_AND_BAD]),
            "id-in-body": (["id"], [5]),
        },
    ),
]


@pytest.mark.parametrize("method", SINGLE)
@pytest.mark.parametrize(("item_id", "item", "of_ids"), SINGLE_IDS)
def test_a_single_write_answers_errors_of_ids_and_names_together(
    unchanged: httpx.Client,
    method: str,
    item_id: str,
    item: dict[str, Any],
    of_ids: ErrorParameters,
) -> None:
    """Errors of ids come first, values are not checked (amendment braze A4)."""
    answer = send(unchanged, method, f"shops/items/{quote(item_id)}", {**item, **UNKNOWN})

    expected = {**of_ids, "invalid-fields": (["id"], [item_id])}
    assert answer.status_code == 400
    assert error_ids(answer) == [*expected]
    assert error_parameters(answer) == expected


# The items of a bulk write without unknown names, with the ids that name each in `invalid-fields`,
# and the errors of ids.
BULK_IDS: list[tuple[list[dict[str, Any]], list[Any], ErrorParameters]] = [
    ([{"id": LONG_ID}, {"id": "x"}], [LONG_ID, "x"], {"ids-too-large": (["id"], [LONG_ID])}),
    ([{"id": "x y"}], ["x y"], {"invalid-ids": (["id"], ["x y"])}),
    ([{}, {}, {"id": "x"}], ["x"], {"items-missing-ids": ([], [])}),
    ([{}, {}], [], {"items-missing-ids": ([], [])}),
    ([{"id": 5}, {"id": None}], [5, None], {"ids-not-strings": (["id"], [5, None])}),
    ([{"id": "x"}, {"id": "x"}], ["x", "x"], {"ids-not-unique": (["id"], ["x"])}),
    (
        [{"id": LONG_AND_BAD}, {"id": []}, {}, {"id": "x"}, {"id": "x"}],
        [LONG_AND_BAD, [], "x", "x"],
        {
            "ids-too-large": (["id"], [LONG_AND_BAD]),
            "invalid-ids": (["id"], [LONG_AND_BAD]),
            "items-missing-ids": ([], []),
            "ids-not-strings": (["id"], [[]]),
            "ids-not-unique": (["id"], ["x"]),
        },
    ),
]


@pytest.mark.parametrize("method", [*BULK, "DELETE"])
@pytest.mark.parametrize(("items", "named", "of_ids"), BULK_IDS)
def test_a_bulk_write_answers_errors_of_ids_and_names_together(
    unchanged: httpx.Client,
    method: str,
    items: list[dict[str, Any]],
    named: list[Any],
    of_ids: ErrorParameters,
) -> None:
    """An item without id cannot be named, and DELETE reads no names (amendment braze A4)."""
    answer = send(unchanged, method, "shops/items", *({**item, **UNKNOWN} for item in items))

    expected = {
        "ids-not-string" if (method, one) == ("PUT", "ids-not-strings") else one: parameters
        for one, parameters in of_ids.items()
    }
    if method != "DELETE":
        expected["invalid-fields"] = (["id"], named)
    assert answer.status_code == 400
    assert error_ids(answer) == [*expected]
    assert error_parameters(answer) == expected


@pytest.mark.parametrize("method", BULK)
def test_errors_of_ids_and_names_may_be_of_different_items(
    unchanged: httpx.Client, method: str
) -> None:
    """Each lists its own items only (amendment braze A4)."""
    items = [{"id": "x y"}, {"id": "x", "nope": 1}, {"id": "y", "number": "five"}]

    answer = send(unchanged, method, "shops/items", *items)

    assert error_parameters(answer) == {
        "invalid-ids": (["id"], ["x y"]),
        "invalid-fields": (["id"], ["x"]),
    }


@pytest.mark.parametrize("content", [b"{", b'{"items": [NaN]}', b'"\\ud800"', b"\xff", b"1e999"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *((method, "nope/items/x") for method in SINGLE),
        *((method, "nope/items") for method in (*BULK, "DELETE")),
    ],
)
def test_bad_syntax_comes_before_an_unknown_catalog(
    unchanged: httpx.Client, method: str, path: str, content: bytes
) -> None:
    """It is no error of the catalog's rules, so it has no error ids."""
    answer = unchanged.request(method, f"/catalogs/{path}", content=content)

    assert (answer.status_code, answer.text) == (400, '{"message":"Bad Request"}')
