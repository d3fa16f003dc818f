"""Tests of connector definitions.

Sources: docs/vendors/squared.md#71-list-definitions, docs/vendors/squared.md#72-get-a-definition
and docs/vendors/squared.md#14-registry; docs/vendors/squared.md#1-contradictions, rows 10, 18 and
19.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.requests import ICONS, kind_c
from tests.vendors.squared.steering import use_server_dialect

DEFINITIONS = "/api/v1/connector_definitions"
DIALECTS = pytest.mark.parametrize("dialect", ["docs", "server"])
DOCS = "https://docs.squared.ai/guides/destinations/retl-destinations/marketing-automation/klaviyo"


@pytest.fixture
def client(emulation: Emulation, squared: httpx.Client, dialect: str) -> httpx.Client:
    """A client in the dialect of the test."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    return squared


def names_of(definitions: list[dict[str, Any]]) -> list[str]:
    """Return the names of definitions."""
    return [definition["name"] for definition in definitions]


@DIALECTS
def test_the_documented_definition(client: httpx.Client, dialect: str) -> None:
    """The keys and their order are those printed in 7.1."""
    response = client.get(f"{DEFINITIONS}/Klaviyo", params={"type": "destination"})
    secret = {"type": "string", "multiwoven_secret": True}
    expected = {
        "name": "Klaviyo",
        "title": "Klaviyo",
        "connector_type": "destination",
        "category": "Marketing Automation",
        "documentation_url": DOCS,
        "github_issue_label": "destination-klaviyo",
        "icon": f"{ICONS}destination/klaviyo/icon.svg",
        "license": "MIT",
        "release_stage": "alpha",
        "support_level": "community",
        "tags": ["language:ruby", "multiwoven"],
        "connector_spec": {
            "documentation_url": DOCS,
            "connection_specification": {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "title": "Klaviyo",
                "type": "object",
                "required": ["public_api_key", "private_api_key"],
                "properties": {
                    "public_api_key": {**secret, "title": "Public API Key", "order": 0},
                    "private_api_key": {**secret, "title": "Private API Key", "order": 1},
                },
            },
            "supports_normalization": False,
            "supports_dbt": False,
            "stream_type": "static",
        },
    }
    found = response.json()
    if dialect == "docs":
        assert found.pop("connector_subtype") is None  # documented; its value is inferred
    assert response.status_code == 200
    assert found == expected
    assert list(found) == list(expected)


@DIALECTS
def test_a_list_of_both_types(client: httpx.Client) -> None:
    """Without a type the answer is an object of two lists in the registry's order.

    Source: docs/vendors/squared.md#1-contradictions, rows 19 and 10.
    """
    body = client.get(DEFINITIONS).json()
    assert list(body) == ["source", "destination"]
    assert (len(body["source"]), len(body["destination"])) == (29, 27)
    assert names_of(body["source"])[:4] == ["Snowflake", "Redshift", "Bigquery", "Postgresql"]
    assert names_of(body["destination"])[-1] == "Weaviate"
    assert sum("sub_category" in each for each in body["source"]) == 27
    assert not any("sub_category" in each for each in body["destination"])


@DIALECTS
@pytest.mark.parametrize(("kind", "count"), [("source", 29), ("destination", 27), ("Source", 29)])
def test_a_list_of_one_type(client: httpx.Client, kind: str, count: int) -> None:
    """The answer is an array and has no pages."""
    query = {"type": kind, "page": "2", "per_page": "5"}
    assert len(client.get(DEFINITIONS, params=query).json()) == count


@DIALECTS
@pytest.mark.parametrize(
    ("category", "sources", "destinations"),
    [
        ("ai_ml", 9, 0),
        ("AI Model", 9, 0),
        ("data", 20, 27),
        ("CRM", 0, 3),
        ("", 29, 27),
        ("crm", 0, 0),
    ],
)
def test_the_filter_by_category(
    client: httpx.Client, category: str, sources: int, destinations: int
) -> None:
    """`data` and `ai_ml` are sets. Any other value is a literal name.

    Source: docs/vendors/squared.md#1-contradictions, row 18.
    """
    both = client.get(DEFINITIONS, params={"category": category}).json()
    assert (len(both["source"]), len(both["destination"])) == (sources, destinations)


@pytest.mark.parametrize(("dialect", "empty"), [("docs", []), ("server", {"data": []})])
def test_an_empty_list(client: httpx.Client, empty: Any) -> None:
    """docs/vendors/squared.md#1-contradictions, row 18."""
    response = client.get(DEFINITIONS, params={"type": "source", "category": "CRM"})
    assert (response.status_code, response.json()) == (200, empty)


@DIALECTS
@pytest.mark.parametrize(
    ("path", "query", "problem"),
    [
        ("", {"type": "x"}, "invalid connector type"),
        ("", {"type": ""}, "must be filled"),
        ("/Klaviyo", {}, "is missing"),
        ("/Klaviyo", {"type": "x"}, "invalid connector type"),
    ],
)
def test_unknown_types(client: httpx.Client, path: str, query: Any, problem: str) -> None:
    """Kind A."""
    response = client.get(DEFINITIONS + path, params=query)
    assert (response.status_code, response.json()) == (400, {"errors": {"type": [problem]}})


@DIALECTS
@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("postgresql", "source", "Postgresql"),
        ("HTTP", "Destination", "Http"),
        ("Klaviyo", "source", None),
        ("Nothing", "source", None),
    ],
)
def test_names_in_any_case(client: httpx.Client, name: str, kind: str, found: str | None) -> None:
    """A name that the type does not have gets 200 with an empty list."""
    response = client.get(f"{DEFINITIONS}/{name}", params={"type": kind})
    assert response.status_code == 200
    assert response.json().get("name") == found
    if found is None:
        assert response.json() == {"data": []}


def get_definition(client: httpx.Client, name: str, kind: str) -> Any:
    """Return a definition."""
    return client.get(f"{DEFINITIONS}/{name}", params={"type": kind}).json()


def test_exceptional_definitions(squared: httpx.Client) -> None:
    """Query types, conditional schemas, titled choices and a wrong type."""
    postgresql = get_definition(squared, "Postgresql", "source")
    assert postgresql["sub_category"] == "Relational Database"
    assert postgresql["connector_spec"]["connector_query_type"] == "raw_sql"
    properties = postgresql["connector_spec"]["connection_specification"]["properties"]
    assert properties["credentials"]["properties"]["password"]["multiwoven_secret"] is True
    assert properties["data_type"]["oneOf"][0] == {
        "const": "structured",
        "title": "Tables & Records (Structured)",
    }
    s3 = get_definition(squared, "AmazonS3", "source")["connector_spec"]["connection_specification"]
    assert {"if", "then", "else"} <= s3.keys()
    assert get_definition(squared, "AmazonS3", "destination")["connector_type"] == "source"


KEYWORDS = """
    type title description examples required properties enum enumNames const oneOf default format
    minimum maximum readOnly additionalProperties multiwoven_secret order x-request-format
    x-response-format
"""


def keywords(properties: dict[str, Any]) -> Iterator[str]:
    """Yield the keywords of properties at any depth."""
    for described in properties.values():
        yield from described
        yield from keywords(described.get("properties", {}))


def test_schemas_use_known_keywords_only(squared: httpx.Client) -> None:
    """No key of our data file is left."""
    for definitions in squared.get(DEFINITIONS).json().values():
        for each in definitions:
            spec = each["connector_spec"]
            assert spec["supports_normalization"] is spec["supports_dbt"] is False
            assert set(keywords(spec["connection_specification"]["properties"])) <= {
                *KEYWORDS.split()
            }


@DIALECTS
def test_definitions_need_a_workspace(client: httpx.Client) -> None:
    """A workspace of another user is refused with kind C, after the contract."""
    headers = {"Workspace-Id": "9"}
    for path, query in (("", {}), ("/Klaviyo", {"type": "source"})):
        response = client.get(DEFINITIONS + path, params=query, headers=headers)
        assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))
    response = client.get(DEFINITIONS, params={"type": "x"}, headers=headers)
    assert response.json() == {"errors": {"type": ["invalid connector type"]}}
