"""Tests of connector definitions.

Sources: docs/vendors/squared.md#71-list-definitions, docs/vendors/squared.md#72-get-a-definition
and docs/vendors/squared.md#14-registry; docs/vendors/squared.md#1-contradictions, rows 10, 18 and
19.
"""

import json
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


Properties = dict[str, dict[str, Any]]


def properties_of(client: httpx.Client) -> dict[tuple[str, str], Properties]:
    """Return the properties of every definition, those of objects by their path."""
    return {
        (kind, each["name"]): dict(
            paths(each["connector_spec"]["connection_specification"]["properties"])
        )
        for kind, definitions in client.get(DEFINITIONS).json().items()
        for each in definitions
    }


def paths(properties: Properties, above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the properties of any depth with their paths."""
    for name, described in properties.items():
        yield above + name, described
        yield from paths(described.get("properties", {}), f"{above}{name}.")


def test_help_texts_are_one_sentence(squared: httpx.Client) -> None:
    """202 fields have one, each of its own words (amendment squared A6)."""
    texts = [
        described["description"]
        for properties in properties_of(squared).values()
        for described in properties.values()
        if "description" in described
    ]
    assert len(texts) == 202
    for text in texts:
        assert text.endswith(".")
        assert text[0].isupper()
        assert ". " not in text
        assert 3 < len(text.split()) <= 25


UNTITLED = """
destination AISDataStore credentials
destination MicrosoftSql credentials
destination Postgresql credentials
source Postgresql credentials
source Redshift credentials
source Snowflake credentials
destination GoogleSheets credentials_json
source Bigquery credentials_json
source GoogleDrive credentials_json
source VertexModel credentials_json
source Anthropic config
source DatabricksModel config
source GenericOpenAI config
source Http config
source HttpModel config
source OpenAI config
source WatsonxAi config
source WatsonxData config
"""


def test_empty_titles(squared: httpx.Client) -> None:
    """The form shows no heading there (amendment squared A6)."""
    found = {
        (kind, name, path)
        for (kind, name), properties in properties_of(squared).items()
        for path, described in properties.items()
        if described.get("title") == ""
    }
    assert found == {tuple(line.split()) for line in UNTITLED.strip().split("\n")}


def shape(value: Any) -> Any:
    """Return the keys of a JSON value at any depth."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else None


def dotted(*keys: str) -> dict[str, None]:
    """Return the shape of an object with plain values."""
    return dict.fromkeys(keys)


CHOICE = {"index": None, "delta": dotted("role", "content"), "finish_reason": None}
USAGE = dotted(
    "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"
)
MESSAGE = {
    **dotted("id", "type", "role", "model"),
    "content": [dotted("type", "text")],
    **dotted("stop_reason", "stop_sequence"),
    "usage": USAGE,
}


@DIALECTS
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("OpenAI", {"choices": [CHOICE]}),
        ("GenericOpenAI", {"choices": [CHOICE]}),
        ("Anthropic", MESSAGE),
    ],
)
def test_defaults_of_response_formats(client: httpx.Client, name: str, wanted: Any) -> None:
    """The form cannot go on without them (amendment squared A6)."""
    spec = get_definition(client, name, "source")["connector_spec"]["connection_specification"]
    default = spec["properties"]["response_format"]["default"]
    assert shape(json.loads(default)) == wanted
    assert list(json.loads(default)) == list(wanted)


def test_examples_and_the_order_of_fields(squared: httpx.Client) -> None:
    """They are upstream's, and so is each place of a keyword (amendment squared A6)."""
    properties = properties_of(squared)
    host = properties["source", "Redshift"]["host"]
    assert host["examples"] == ["example-redshift-cluster.abcdefg.us-west-2.redshift.amazonaws.com"]
    assert list(host) == ["description", "examples", "type", "title", "order"]
    fields = [one for each in properties.values() for one in each.values()]
    assert sum("examples" in one for one in fields) == 64
    assert sum(one.get("multiwoven_secret") is True for one in fields) == 66
    s3 = get_definition(squared, "AmazonS3", "source")["connector_spec"]["connection_specification"]
    assert list(s3) == ["$schema", "title", "type", "if", "then", "else", "properties"]
    sftp = get_definition(squared, "Sftp", "source")["connector_spec"]["connection_specification"]
    assert "type" not in sftp


@DIALECTS
def test_definitions_need_a_workspace(client: httpx.Client) -> None:
    """A workspace of another user is refused with kind C, after the contract."""
    headers = {"Workspace-Id": "9"}
    for path, query in (("", {}), ("/Klaviyo", {"type": "source"})):
        response = client.get(DEFINITIONS + path, params=query, headers=headers)
        assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))
    response = client.get(DEFINITIONS, params={"type": "x"}, headers=headers)
    assert response.json() == {"errors": {"type": ["invalid connector type"]}}
