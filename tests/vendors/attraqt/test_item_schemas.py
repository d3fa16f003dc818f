"""Item schemas over HTTP; `test_item_schema_rules` tests their rules.

Source: docs/vendors/attraqt.md#43-endpoints.
"""

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import PRODUCT, make_catalog, make_item_schema
from tests.vendors.attraqt.requests import error

FLAGS = (
    '"isReturned":false,"isIndexed":false,"isExported":false,"attributes":[],'
    '"listSubType":"UNKNOWN","localizedNames":[],"isFhrValue":false,"isFhrValueId":false,'
    '"isSearchable":false,"isFacetable":false,"isSortable":false,"isFilterable":false,'
    '"isDistinctable":false}'
)


def test_a_schema_is_returned_with_defaults_in_the_recorded_order(attraqt: httpx.Client) -> None:
    """Every attribute has every key, and unknown keys are dropped."""
    body = {
        "name": "product",
        "attributes": [{"name": "title", "type": "TEXT", "colour": "red"}],
        "nestedItemSchemas": [{"attributes": [{"name": "size", "type": "INTEGER"}]}],
    }

    answer = attraqt.post("/item-schemas", json=body)

    assert (answer.status_code, answer.text) == (200, '{"version":1}')
    assert attraqt.get("/item-schemas/product/1").text == (
        '{"name":"product","tenant":"acme","environment":"live1","version":1,'
        '"attributes":[{"name":"title","type":"TEXT","isRequired":false,' + FLAGS + "],"
        '"nestedItemSchemas":[{"name":"",'
        '"attributes":[{"name":"size","type":"INTEGER","isRequired":false,' + FLAGS + "],"
        '"nestedItemSchemas":[]}]}'
    )


def test_a_list_shows_every_version_newest_first_without_attributes(
    attraqt: httpx.Client,
) -> None:
    """The arrays are empty, as recorded."""
    make_item_schema(attraqt)
    attraqt.put("/item-schemas/product", json=PRODUCT)

    answer = attraqt.get("/item-schemas")

    assert answer.text == (
        '{"itemSchemas":[{"name":"product","tenant":"acme","environment":"live1","version":2,'
        '"attributes":[],"nestedItemSchemas":[]},'
        '{"name":"product","tenant":"acme","environment":"live1","version":1,'
        '"attributes":[],"nestedItemSchemas":[]}]}'
    )


def test_no_schemas_are_an_empty_list(attraqt: httpx.Client) -> None:
    """Under the plural key."""
    assert attraqt.get("/item-schemas").text == '{"itemSchemas":[]}'


def test_an_existing_name_is_refused_with_the_text_that_clients_search(
    attraqt: httpx.Client,
) -> None:
    """A real workflow searches for `already exists`."""
    make_item_schema(attraqt)

    answer = attraqt.post("/item-schemas", json=PRODUCT)

    assert error(answer) == (400, 9, "ITEM_SCHEMA_ALREADY_EXISTS")
    assert "already exists" in answer.json()["message"]
    assert "schema names should be unique per tenant" in answer.json()["message"]


def test_put_stores_a_full_new_version_and_keeps_the_old(attraqt: httpx.Client) -> None:
    """It replaces and does not merge; the body may omit the name."""
    make_item_schema(attraqt)

    answer = attraqt.put(
        "/item-schemas/product", json={"attributes": [{"name": "size", "type": "FLOAT"}]}
    )

    assert answer.json() == {"version": 2}
    names = [
        [a["name"] for a in attraqt.get(f"/item-schemas/product/{v}").json()["attributes"]]
        for v in (1, 2)
    ]
    assert names == [["title"], ["size"]]


def test_a_name_that_was_deleted_is_free_but_its_numbers_go_on(attraqt: httpx.Client) -> None:
    """A version number is never used again."""
    make_item_schema(attraqt)
    attraqt.delete("/item-schemas/product/1")

    assert make_item_schema(attraqt) == 2


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("product", b'{"name": "other"}', (400, 3, "ITEM_SCHEMA_NAME")),
        ("product", b'{"name": "product", "version": 2}', (400, 3, "ITEM_SCHEMA_VERSION")),
        ("product", b'{"tenant": "other"}', (400, 3, "ITEM_SCHEMA_TENANT_ENV")),
        ("product", b"{", (400, 3, "INVALID_ARGUMENT")),
        ("nope", b"{", (404, 5, "ITEM_SCHEMA_NOT_FOUND")),
        ("n%00pe", b"{", (404, 5, "ITEM_SCHEMA_NOT_FOUND")),
        ("n" * 300, b"{", (404, 5, "ITEM_SCHEMA_NOT_FOUND")),
    ],
)
def test_an_invalid_put_changes_nothing(
    attraqt: httpx.Client, name: str, content: bytes, expected: tuple[int, int, str]
) -> None:
    """The path is checked before the body; no number is used."""
    make_item_schema(attraqt)

    assert error(attraqt.put(f"/item-schemas/{name}", content=content)) == expected

    assert attraqt.put("/item-schemas/product", json=PRODUCT).json() == {"version": 2}


@pytest.mark.parametrize(
    "path",
    ["product/2", "product/0", "product/one", "product/-1", "nope/1", "n%00pe/1", "product/%00"],
)
def test_an_unknown_version_is_not_found(attraqt: httpx.Client, path: str) -> None:
    """Neither to read nor to delete."""
    make_item_schema(attraqt)

    for method in ("GET", "DELETE"):
        answer = attraqt.request(method, f"/item-schemas/{path}")
        assert error(answer) == (404, 5, "ITEM_SCHEMA_NOT_FOUND")


def test_a_schema_can_be_deleted_when_no_catalog_uses_it_any_more(
    attraqt: httpx.Client,
) -> None:
    """Other versions of it could be deleted before."""
    version = make_catalog(attraqt)
    attraqt.put("/item-schemas/product", json=PRODUCT)
    assert attraqt.delete("/item-schemas/product/2").text == "{}"

    refused = attraqt.delete("/item-schemas/product/1")
    attraqt.delete(f"/catalogs/{version}")
    answer = attraqt.delete("/item-schemas/product/1")

    assert error(refused) == (400, 9, "ITEM_SCHEMA_DELETION_USE")
    assert (answer.status_code, answer.text) == (200, "{}")
    assert attraqt.get("/item-schemas/product/1").status_code == 404


@pytest.mark.parametrize("value", ["true", "TRUE", "True"])
def test_fhr_validation_is_a_switch_of_the_query(attraqt: httpx.Client, value: str) -> None:
    """Without it the rules of Fredhopper do not apply."""
    body = {
        "name": "product",
        "attributes": [
            {"name": "brand", "type": "OBJECT", "attributes": [{"name": "a", "type": "TEXT"}]}
        ],
    }

    refused = attraqt.post("/item-schemas", json=body, params={"fhrValidation": value})
    taken = attraqt.post("/item-schemas", json=body, params={"fhrValidation": "false"})

    assert error(refused) == (400, 3, "ITEM_SCHEMA_ATTRIBUTES")
    assert taken.status_code == 200


def test_an_empty_body_has_no_name(attraqt: httpx.Client) -> None:
    """It is no malformed JSON."""
    assert error(attraqt.post("/item-schemas")) == (400, 3, "ITEM_SCHEMA_NAME")


def test_schemas_of_another_sandbox_are_not_seen(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """Another token opens another sandbox."""
    make_item_schema(attraqt)
    other = emulation.client("/attraqt", params={"tenant": "acme", "environment": "live1"})

    assert other.get("/item-schemas").json() == {"itemSchemas": []}
    assert other.get("/item-schemas/product/1").status_code == 404
