"""The OpenAPI document of Attraqt accepts the requests that the API accepts, and no others."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from mockalog.openapi.document import Document, document_of
from mockalog.vendors.attraqt import vendor
from mockalog.vendors.attraqt.rules.timestamps import parse_timestamp
from mockalog.vendors.attraqt.schemas.base import ISO_8601
from tests.emulation import Emulation, emulate
from tests.vendors.attraqt.factories import (
    OF_PRODUCT,
    PRODUCT,
    SHOP,
    item,
    make_catalog,
    make_item_schema,
)
from tests.vendors.attraqt.requests import send

# Beyond the largest integer.
MANY = 2**63


@pytest.fixture(scope="module")
def app() -> Iterator[Emulation]:
    """An app on one database: the document is the same on both."""
    with emulate() as emulation:
        yield emulation


@pytest.fixture
def attraqt(app: Emulation) -> httpx.Client:
    """A client alone in its sandbox."""
    return app.client("/attraqt", params={"tenant": "acme", "environment": "live1"})


@lru_cache
def document() -> Document:
    """Return the document."""
    return document_of(vendor.api, vendor.title)


def operation(method: str, path: str) -> dict[str, Any]:
    """Return the operation of a method and a path."""
    found: dict[str, Any] = document()["paths"][path][method.lower()]
    return found


def is_valid(schema: Any, value: Any) -> bool:
    """Return whether a value matches a schema of the document."""
    whole = {**schema, "components": document()["components"]}
    return Draft202012Validator(whole).is_valid(value)


def node(**changes: Any) -> dict[str, Any]:
    """Return a category of a tree."""
    return {"name": "n", "localizedNames": [{"name": "N", "locale": "en_GB"}], **changes}


def attribute(**changes: Any) -> dict[str, Any]:
    """Return an item schema with one attribute."""
    return {"name": "new", "attributes": [{"name": "a", "type": "TEXT", **changes}]}


NO_NAMES: tuple[Any, ...] = (None, [])
MESSAGES: tuple[Any, ...] = ([], {}, [7])
BODIES: list[tuple[str, Any]] = [
    *(("/catalogs", {**OF_PRODUCT, "name": name}) for name in ("", "x", None, 7)),
    ("/catalogs", OF_PRODUCT),
    ("/catalogs", {**OF_PRODUCT, "state": "ACTIVE", "catalogCategoryTrees": None}),
    ("/catalogs", {}),
    ("/catalogs", {"catalogItemSchemas": []}),
    ("/catalogs", {"catalogItemSchemas": OF_PRODUCT["catalogItemSchemas"] * 2}),
    *(
        ("/catalogs", {"catalogItemSchemas": [{"name": "product", "version": version}]})
        for version in ("1", 1.0, "1 ", True, -1, None, MANY)
    ),
    *(("/item-schemas", {"name": name}) for name in ("n", "n-_1", "", "ü", "a b", None, "n" * 251)),
    *(("/item-schemas", {"name": "new", "version": version}) for version in (None, 1, "")),
    *(("/item-schemas", attribute(name=name)) for name in ("ü ", "", None, "id")),
    *(("/item-schemas", attribute(type=kind)) for kind in ("FLOAT", "text", None)),
    *(("/item-schemas", attribute(isRequired=flag)) for flag in (True, None, "true", 1)),
    *(("/item-schemas", attribute(listSubType=kind)) for kind in ("UNKNOWN", "TEXT", "", None)),
    ("/item-schemas", attribute(localizedNames=[{"name": "", "locale": "en_GB"}])),
    ("/item-schemas", attribute(localizedNames=[{"name": "A", "locale": "en"}])),
    ("/item-schemas", attribute(type="OBJECT", attributes=[{"name": "id", "type": "TEXT"}])),
    ("/item-schemas", {**PRODUCT, "name": "new", "nestedItemSchemas": [{"name": None}]}),
    *(("/category-trees", {"name": name}) for name in ("ü b", "0", "", "\t", "n" * 251)),
    ("/category-trees", SHOP),
    ("/category-trees", {**SHOP, "localizedNames": [{"value": "Shop", "locale": "en_GB"}]}),
    (
        "/category-trees",
        {**SHOP, "localizedNames": [{"name": "A", "value": {}, "locale": "en_GB"}]},
    ),
    ("/category-trees", {**SHOP, "localizedNames": [{"value": {}, "locale": "en_GB"}]}),
    ("/category-trees", {**SHOP, "localizedNames": [{"locale": "en_GB"}]}),
    ("/category-trees", {**SHOP, "localizedNames": None, "children": None}),
    *(("/category-trees", {**SHOP, "children": [node(name=name)]}) for name in ("0", "", None)),
    *(("/category-trees", {**SHOP, "children": [node(localizedNames=n)]}) for n in NO_NAMES),
    ("/category-trees", {**SHOP, "children": [node(children=[node(name="m", children=None)])]}),
    *(("/items", [item(catalogVersion=version)]) for version in (1, "1", 1.0, "x", None)),
    *(("/items", [item(item_id)]) for item_id in ("a:b-c_1", "", "a b", "a" * 251)),
    *(("/items", [item(context=context)]) for context in (None, "", "global", "a b", 7)),
    *(("/items", [item(parentId=parent)]) for parent in (None, "", "A0", "a b")),
    *(("/items", [item(timestamp=at)]) for at in (None, "", "2025-03-01", "now", 7)),
    *(("/items", [item(attributes=attributes)]) for attributes in ({"title": "x"}, *NO_NAMES)),
    *(("/items", body) for body in MESSAGES),
    *(("/items/delete", [{"id": "A1", "catalogVersion": 1, "type": kind}]) for kind in ("", 7)),
    *(("/batch-imports/ingestions", {"catalogVersion": version}) for version in (1, "1", None)),
    *(
        ("/batch-imports/ingestions", {"catalogVersion": 1, key: value})
        for key, values in {
            "batchImportId": (None, "", "1", 1, "x", [1]),
            "minItemCount": (None, 0, "7", -1, ""),
            "minSuccessRatePercent": (None, 0, 100, "100", "099", 101, "101", 99.5),
            "source": (None, "", "s" * 250, "s" * 251, "\x00", 7),
            "deleteMissingItems": (None, True, "true", "TRUE", 1),
        }.items()
        for value in values
    ),
]


@pytest.mark.parametrize(("path", "body"), BODIES)
def test_a_body_is_valid_if_the_api_accepts_it(attraqt: httpx.Client, path: str, body: Any) -> None:
    """Both agree on each body, but for rules across fields."""
    make_item_schema(attraqt)
    attraqt.post("/catalogs", json=OF_PRODUCT, params={"createBatchImport": "true"})
    schema = operation("POST", path)["requestBody"]["content"]["application/json"]["schema"]

    answer = attraqt.post(path, json=body)

    assert is_valid(schema, body) == (answer.status_code == 200), answer.text


@pytest.mark.parametrize(
    ("path", "name", "values"),
    [
        ("/catalogs", "tenant", ["acme", "", "a\x00", "t" * 100, "t" * 101]),
        ("/batch-imports/ingestions", "status", ["", "Completed", "done"]),
        ("/batch-imports/ingestions", "lookback_duration", ["", "7d", "24h", "7", "d", "7w"]),
        ("/feedback/catalog-version", "size", ["1", "100", "0", "101"]),
        ("/feedback/catalog-version", "from", ["0", "-1"]),
    ],
)
def test_a_parameter_is_valid_if_the_api_accepts_it(
    attraqt: httpx.Client, path: str, name: str, values: list[str]
) -> None:
    """For each operation with parameters besides the tenancy."""
    make_catalog(attraqt)
    (parameter,) = (p for p in operation("GET", path)["parameters"] if p["name"] == name)
    is_number = parameter["schema"]["type"] == "integer"

    for value in values:
        taken = attraqt.get(path, params={name: value}).status_code == 200
        assert is_valid(parameter["schema"], int(value) if is_number else value) == taken, value


@pytest.mark.parametrize(
    ("path", "state", "query"),
    [
        ("/summary/{state}/relative", "success", {"lastPeriodValue": 1, "lastPeriodUnit": "hours"}),
        ("/summary/{state}/relative", "PENDING", {"lastPeriodValue": 1, "lastPeriodUnit": "WEEK"}),
        ("/summary/{state}/relative", "DONE", {}),
        ("/details/{state}/absolute", "Failure", {"startTime": "2025-03-01T09:00:00Z"}),
        ("/details/{state}/absolute", "FAILURE", {"startTime": "now"}),
    ],
)
def test_a_period_is_valid_if_the_api_accepts_it(
    attraqt: httpx.Client, path: str, state: str, query: dict[str, Any]
) -> None:
    """State and unit in any case, the unit in the plural too."""
    make_catalog(attraqt)
    path = f"/feedback/catalog-version/{{version}}/updates/statistics{path}"
    sent = {"version": "1", "tenant": "acme", "environment": "live1", "state": state, **query}
    valid = all(
        is_valid(parameter["schema"], sent[parameter["name"]])
        for parameter in operation("GET", path)["parameters"]
        if parameter["name"] in sent
    )

    answer = attraqt.get(path.format(version=1, state=state), params=query)

    assert valid == (answer.status_code == 200), answer.text


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01",
        "20250301",
        "2025-W09-6",
        "2025W09",
        "2025-03-01 09:15",
        "2025-03-01T09Z",
        "2025-03-01T09:15:27.104552+01:00",
        "20250301T091527,5-0100",
        "2025-03",
        "25-03-01",
        "09:15",
        "now",
    ],
)
def test_the_pattern_of_instants_is_that_of_the_parser(text: str) -> None:
    """ISO 8601 as Python reads it, but for impossible months and hours."""
    assert (re.search(ISO_8601, text) is not None) == (parse_timestamp(text) is not None)


def test_every_operation_shows_the_key_with_its_permission() -> None:
    """Outside of a realm each operation needs an access token; in it, only userinfo does."""
    shown = {
        one["operationId"]: one.get("security", [])
        for methods in document()["paths"].values()
        for one in methods.values()
    }

    assert shown == {
        route.name: [{"accessToken": [route.permission]}]
        if route.permission
        else [{"accessToken": []}]
        if route.name == "get_userinfo"
        else []
        for route in vendor.api.router.operations
    }


def test_the_examples_of_items_are_accepted(attraqt: httpx.Client) -> None:
    """Each example of an item schema, a tree, a catalog and an item is a request that succeeds."""
    schemas = document()["components"]["schemas"]
    for path, model in (
        ("/item-schemas", "ItemSchemaIn"),
        ("/category-trees", "CategoryTreeIn"),
    ):
        (example,) = schemas[model]["examples"]
        assert attraqt.post(path, json=example).status_code == 200
        assert attraqt.put(f"{path}/{example['name']}", json=example).status_code == 200
    (catalog,) = schemas["CatalogIn"]["examples"]
    assert attraqt.post("/catalogs", json=catalog).status_code == 200

    assert len(send(attraqt, *schemas["ItemIn"]["examples"])) == 2
