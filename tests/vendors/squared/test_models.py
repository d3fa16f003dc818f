"""Tests of models.

Sources: docs/vendors/squared.md#10-models, docs/vendors/squared.md#1-contradictions, rows 11 and
12.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import (
    OPENAI,
    POSTGRESQL,
    make_connector,
    make_model,
    model_body,
)
from tests.vendors.squared.requests import CATALOGS, CONNECTORS, MASK, MODELS, kind_b, kind_c
from tests.vendors.squared.steering import set_role, use_server_dialect

HARVESTERS: dict[str, Any] = {"harvesters": []}
EMBEDDING = {"api_key": "k", "model": "m"}
CHUNKS = {"chunk_size": 1, "chunk_overlap": 0}


def make_source(client: httpx.Client, **changes: Any) -> dict[str, Any]:
    """Create a PostgreSQL source."""
    return make_connector(client, **{**POSTGRESQL, **changes})


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_a_model_shows_its_connector(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """Both dialects nest the connector. The docs dialect adds its id.

    Source: docs/vendors/squared.md#1-contradictions, row 12.
    """
    if dialect == "server":
        use_server_dialect(emulation, squared)
    source = make_source(squared)
    data = make_model(squared, description="all")
    attributes = data["attributes"]
    assert (data["id"], data["type"]) == ("1", "models")
    assert attributes.pop("created_at") == attributes.pop("updated_at")
    assert attributes.pop("connector_id", None) == (1 if dialect == "docs" else None)
    shown = attributes.pop("connector")
    assert next(iter(shown.items())) == ("id", 1)
    assert shown == {"id": 1, **source["attributes"]}
    assert shown["configuration"]["credentials"]["password"] == MASK
    assert attributes == {
        "name": "Active users",
        "description": "all",
        "query": "SELECT * FROM users",
        "query_type": "raw_sql",
        "configuration": None,
        "primary_key": "id",
    }
    read = squared.get(f"{MODELS}/1")
    assert (read.status_code, read.json()["data"]) == (200, squared.get(MODELS).json()["data"][0])


CONNECTOR_ID = {"connector_id": ["is missing"]}
REQUIRED = {
    **CONNECTOR_ID,
    "name": ["is missing"],
    "query_type": ["is missing"],
    "primary_key": ["Primary key is required"],
}
NO_QUERY = {"query": ["Query is required for this query type"]}
PAGED = {"query": ["Query validation failed: Query cannot contain LIMIT or OFFSET"]}
NO_CONFIG = {"configuration": ["Configuration is required for this query type"]}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, REQUIRED),
        ({"model": {}}, REQUIRED),
        ({"model": None}, ["must be a hash"]),
        (model_body(connector_id="x"), {"connector_id": ["must be an integer"]}),
        (model_body(name=""), {"name": ["must be filled"]}),
        (model_body(name=5), {"name": ["must be a string"]}),
        (model_body(query_type="sql"), {"query_type": ["invalid query type"]}),
        (model_body(query_type=["raw_sql"]), {"query_type": ["must be a string"]}),
        (model_body(query_type={"a": 1}), {"query_type": ["must be a string"]}),
        (model_body(primary_key=None), {"primary_key": ["Primary key is required"]}),
        (model_body(primary_key=" "), {"primary_key": ["Primary key is required"]}),
        (model_body(primary_key=5), {"primary_key": ["must be a string"]}),
        (model_body(query=None), NO_QUERY),
        (model_body(query=" ", query_type="dbt"), NO_QUERY),
        (model_body(query=5), {"query": ["must be a string"]}),
        (model_body(query="SELECT 1 LIMIT"), PAGED),
        (model_body(query="select 1 limit 10 ; "), PAGED),
        (model_body(query="SELECT 1 offset\n5", query_type="soql"), PAGED),
        (model_body(query="SELECT 1 LIMIT 5\nFROM users"), PAGED),
        (model_body(query_type="ai_ml"), NO_CONFIG),
        (model_body(query_type="ai_ml", configuration={}), {"configuration": ["must be filled"]}),
        (model_body(query_type="ai_ml", configuration=5), {"configuration": ["must be a hash"]}),
        (
            model_body(query_type="ai_ml", configuration={"a": 1}),
            {"configuration": ["Config must contain harvester details"]},
        ),
        (
            model_body(query_type="dynamic_sql", configuration=HARVESTERS),
            {"configuration": ["Config must contain harvester & json_schema"]},
        ),
        (
            model_body(query_type="unstructured", configuration=HARVESTERS),
            {"configuration": ["Config must contain embedding and chunk config details"]},
        ),
        (
            model_body(query_type="vector_search", configuration=HARVESTERS),
            {"configuration": ["Config must contain harvester,json_schema & embedding_config"]},
        ),
    ],
)
def test_bodies_that_break_the_contract(squared: httpx.Client, body: Any, errors: Any) -> None:
    """Kind A comes before the connector is looked up."""
    response = squared.post(MODELS, json=body)
    assert (response.status_code, response.json()) == (400, {"errors": {"model": errors}})


@pytest.mark.parametrize(
    "changes",
    [
        {"query": "SELECT * FROM users LIMIT 5 -- not the end"},
        {"query": "SELECT limits FROM off_limit"},
        {"query": "SELECT 1 LIMIT" + " " * 100_000 + "x"},
        {"query_type": "table_selector", "query": "users"},
        {"query_type": "unstructured", "primary_key": None, "query": None}
        | {"configuration": {**HARVESTERS, "embedding_config": EMBEDDING, "chunk_config": CHUNKS}},
        {"query_type": "dynamic_sql", "configuration": {**HARVESTERS, "json_schema": {}}},
        {
            "query_type": "vector_search",
            "configuration": {**HARVESTERS, "json_schema": {}, "embedding_config": EMBEDDING},
        },
    ],
)
def test_accepted_models(squared: httpx.Client, changes: dict[str, Any]) -> None:
    """Each query type with its required keys. A limit is refused only at the end of a line."""
    make_source(squared)
    attributes = make_model(squared, **changes)["attributes"]
    assert {name: attributes[name] for name in changes} == changes


INVALID_JSON = (
    "Translation missing. Options considered were:\n- en.activerecord.errors.models.model."
)


@pytest.mark.parametrize(
    ("kind", "configuration"),
    [
        ("ai_ml", {"harvesters": {}}),
        ("dynamic_sql", {**HARVESTERS, "json_schema": []}),
        (
            "vector_search",
            {**HARVESTERS, "json_schema": {}, "embedding_config": {"api_key": "", "model": "m"}},
        ),
        ("vector_search", {**HARVESTERS, "json_schema": {}, "embedding_config": "x"}),
        *(
            ("unstructured", {**HARVESTERS, "embedding_config": EMBEDDING, "chunk_config": chunks})
            for chunks in (
                "",
                {**CHUNKS, "chunk_size": 0},
                {**CHUNKS, "chunk_size": True},
                {**CHUNKS, "chunk_overlap": -1},
                {**CHUNKS, "chunk_overlap": "1"},
            )
        ),
    ],
)
def test_incomplete_configurations(squared: httpx.Client, kind: str, configuration: Any) -> None:
    """Kind B, with Rails' text of a missing translation."""
    make_source(squared)
    response = squared.post(MODELS, json=model_body(query_type=kind, configuration=configuration))
    error = response.json()["errors"][0]
    assert (response.status_code, error["detail"]) == (422, "Model creation failed")
    assert error["source"]["configuration"].startswith(INVALID_JSON)


BLANK = "can't be blank"


@pytest.mark.parametrize(
    ("changes", "status", "answer"),
    [
        (
            {"connector_id": 999},
            404,
            {
                "error": "Couldn't find Connector with 'id'=999 "
                '[WHERE "connectors"."workspace_id" = $1]'
            },
        ),
        (
            {"connector_id": 2**70},
            404,
            {
                "error": f"Couldn't find Connector with 'id'={2**70} "
                '[WHERE "connectors"."workspace_id" = $1]'
            },
        ),
        (
            {"query_type": "semistructured"},
            400,
            kind_c("'semistructured' is not a valid query_type"),
        ),
        ({"query": "SELECT '\0'"}, 400, kind_c("string contains null byte")),
        ({"name": " "}, 422, kind_b(422, "Model creation failed", name=BLANK)),
        (
            {"query_type": "table_selector", "query": ""},
            422,
            kind_b(422, "Model creation failed", query=BLANK),
        ),
    ],
)
def test_refused_models(
    squared: httpx.Client, changes: dict[str, Any], status: int, answer: Any
) -> None:
    """Kinds B, C and D come after the contract."""
    make_source(squared)
    response = squared.post(MODELS, json=model_body(**changes))
    assert (response.status_code, response.json()) == (status, answer)


def test_an_ai_model_needs_a_catalog(squared: httpx.Client) -> None:
    """It shows the JSON Schema of the stream with the connector's registry name."""
    wanted = model_body(query_type="ai_ml", configuration={"harvesters": [1], "json_schema": 5})
    make_connector(squared, **OPENAI)
    missing = squared.post(MODELS, json=wanted)
    text = "Catalog is not present for the connector"
    assert (missing.status_code, missing.json()) == (422, kind_b(422, text))
    squared.post(CATALOGS, json={"connector_id": 1, "catalog": {"json_schema": {"a": 1}}})
    made = squared.post(MODELS, json=wanted).json()["data"]["attributes"]
    assert made["configuration"] == {"harvesters": [1], "json_schema": {}}
    squared.put(f"{CONNECTORS}/1", json={"name": "OpenAI"})
    squared.post(CATALOGS, json={"connector_id": 1, "catalog": {"json_schema": {"a": 1}}})
    listed = squared.get(MODELS).json()["data"][0]["attributes"]
    assert listed["configuration"] == {"harvesters": [1], "json_schema": {"a": 1}}
    squared.put(f"{MODELS}/1", json={"query_type": "raw_sql"})
    read = squared.get(f"{MODELS}/1").json()["data"]["attributes"]
    assert read["configuration"] == {"harvesters": [1], "json_schema": 5}


NOT_FOUND = {"error": 'Couldn\'t find Model with \'id\'="{}" [WHERE "models"."workspace_id" = $1]'}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("id_", ["2", "0", str(2**63)])
def test_missing_models(squared: httpx.Client, method: str, id_: str) -> None:
    """Kind D has the id of the path. One that is no integer breaks the contract."""
    make_source(squared)
    make_model(squared)
    response = squared.request(method, f"{MODELS}/{id_}", json={"name": "x"})
    text = NOT_FOUND["error"].format(id_)
    assert (response.status_code, response.json()) == (404, {"error": text})
    bad = squared.request(method, f"{MODELS}/x", json={"name": "x"})
    assert (bad.status_code, bad.json()) == (400, {"errors": {"id": ["must be an integer"]}})


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({}, 422, {"error": "param is missing or the value is empty: model"}),
        ({"model": {"x": 1}}, 422, {"error": "param is missing or the value is empty: model"}),
        ({"connector_id": 9}, 422, kind_b(422, "Model update failed", connector="must exist")),
        ({"query": None}, 422, kind_b(422, "Model update failed", query=BLANK)),
        (
            {"query_type": "ai_ml"},
            422,
            kind_b(422, "Model update failed", configuration=BLANK),
        ),
        ({"query": "SELECT 1 LIMIT 1"}, 400, {"errors": {"model": PAGED}}),
        ({"query_type": "x"}, 400, {"errors": {"model": {"query_type": ["invalid query type"]}}}),
        ({"model": 5}, 400, {"errors": {"model": ["must be a hash"]}}),
    ],
)
def test_refused_updates(squared: httpx.Client, body: Any, status: int, answer: Any) -> None:
    """Kinds A, B and D."""
    make_source(squared)
    make_model(squared)
    response = squared.put(f"{MODELS}/1", json=body)
    assert (response.status_code, response.json()) == (status, answer)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_takes_any_subset(squared: httpx.Client, method: str) -> None:
    """Columns that are not sent stay. A primary key may be removed (measured)."""
    make_source(squared)
    make_source(squared, name="other")
    make_model(squared)
    response = squared.request(method, f"{MODELS}/1", json={"connector_id": "2", "name": "Neu"})
    attributes = response.json()["data"]["attributes"]
    assert response.status_code == 200
    assert (attributes["name"], attributes["connector"]["name"]) == ("Neu", "other")
    assert attributes["query"] == "SELECT * FROM users"
    bare = squared.request(method, f"{MODELS}/1", json={"primary_key": None})
    assert bare.json()["data"]["attributes"]["primary_key"] is None


def test_a_model_is_deleted_alone_or_with_its_connector(squared: httpx.Client) -> None:
    """The status is 204. The id is never used again."""
    make_source(squared)
    for _ in range(2):
        make_model(squared)
    assert squared.delete(f"{MODELS}/1").status_code == 204
    assert squared.delete(f"{MODELS}/1").status_code == 404
    squared.delete(f"{CONNECTORS}/1")
    assert squared.get(f"{MODELS}/2").status_code == 404
    assert squared.get(MODELS).json()["data"] == []
    make_source(squared)
    assert make_model(squared, connector_id=2)["id"] == "3"


@pytest.mark.parametrize(
    ("query_type", "docs", "server"),
    [
        ("", 3, 3),
        ("raw_sql", 1, 1),
        ("raw_sql,soql", 2, 2),
        ("raw_sql,unknown", 1, 1),
        ("raw_sql, soql", 1, 1),
        ("data", 2, 0),
        ("dbt soql", 1, 0),
        ("ai_ml", 0, 0),
        ("unstructured,data", 3, 1),
    ],
)
def test_the_filter_of_a_list(
    emulation: Emulation, squared: httpx.Client, query_type: str, docs: int, server: int
) -> None:
    """The values are exact. `data` is a set of types in the docs dialect alone.

    Source: docs/vendors/squared.md#1-contradictions, row 11.
    """
    make_source(squared)
    make_model(squared)
    make_model(squared, query_type="soql")
    config = {**HARVESTERS, "embedding_config": EMBEDDING, "chunk_config": CHUNKS}
    make_model(squared, query_type="unstructured", configuration=config)
    listed = squared.get(MODELS, params={"query_type": query_type}).json()
    assert len(listed["data"]) == docs
    use_server_dialect(emulation, squared)
    listed = squared.get(MODELS, params={"query_type": query_type}).json()
    assert len(listed["data"]) == server


@pytest.mark.parametrize("page", ["x", "1.5", ""])
@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_a_page_is_an_integer(
    emulation: Emulation, squared: httpx.Client, dialect: str, page: str
) -> None:
    """Lists of connectors accept any text. The server does not know `page[number]`.

    Source: docs/vendors/squared.md#3-paging.
    """
    message = "must be an integer" if page else "must be filled"
    if dialect == "server":
        use_server_dialect(emulation, squared)
        nested = squared.get(MODELS, params={"page[number]": "1"})
        assert nested.json() == {"errors": {"page": ["must be an integer"]}}
    response = squared.get(MODELS, params={"page": page})
    assert (response.status_code, response.json()) == (400, {"errors": {"page": [message]}})


def test_pages(emulation: Emulation, squared: httpx.Client) -> None:
    """The latest change comes first. Links have the size of the request.

    Sources: docs/vendors/squared.md#3-paging, docs/vendors/squared.md#1-contradictions, row 9.
    """
    make_source(squared)
    for number in range(11):
        make_model(squared, name=str(number))
    squared.put(f"{MODELS}/3", json={"name": "changed"})
    first = squared.get(MODELS, params={"page": "1", "page_size": "2"}).json()
    assert [row["id"] for row in first["data"]] == ["3", "11"]
    assert "page=2&" in first["links"]["next"]
    use_server_dialect(emulation, squared)
    assert len(squared.get(MODELS).json()["data"]) == 10
    assert len(squared.get(MODELS, params={"page": "2"}).json()["data"]) == 1
    assert squared.get(MODELS, params={"page": "-1"}).json()["links"]["prev"] is None


def test_rights_on_models(emulation: Emulation, squared: httpx.Client) -> None:
    """A Viewer only reads. Contract and records are checked before the role (2.6, 4)."""
    make_source(squared)
    make_model(squared)
    set_role(emulation, squared, "Viewer")
    assert squared.get(MODELS).status_code == squared.get(f"{MODELS}/1").status_code == 200
    body = model_body(query_type="semistructured")
    for method, path in (("POST", MODELS), ("PUT", f"{MODELS}/1"), ("DELETE", f"{MODELS}/1")):
        assert squared.request(method, path, json=body).status_code == 403
    assert squared.post(MODELS, json={}).status_code == 400
    assert squared.post(MODELS, json=model_body(connector_id=9)).status_code == 404
    assert squared.put(f"{MODELS}/9", json=body).status_code == 404


def test_models_of_another_workspace(emulation: Emulation, squared: httpx.Client) -> None:
    """They do not exist for the caller, and are deleted with their workspace."""
    make_source(squared)
    make_model(squared)
    made = squared.post("/api/v1/workspaces", json={"name": "Growth", "organization_id": 1})
    squared.headers["Workspace-Id"] = made.json()["data"]["id"]
    assert squared.get(f"{MODELS}/1").status_code == 404
    assert squared.post(MODELS, json=model_body()).status_code == 404
    assert squared.get(MODELS).json()["data"] == []


def test_new_models_while_their_connector_is_deleted(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """A model is stored or its connector is missing. No call gets a 500."""
    make_source(squared)
    create = squared.build_request("POST", MODELS, json=model_body())
    delete = squared.build_request("DELETE", f"{CONNECTORS}/1")
    read = squared.build_request("GET", MODELS)
    requests = [create] * 20 + [delete] + [create, read] * 14
    statuses = {answer.status_code for answer in emulation.at_once(squared, requests)}
    assert statuses <= {200, 201, 204, 404}
    assert squared.get(MODELS).json()["data"] == []
