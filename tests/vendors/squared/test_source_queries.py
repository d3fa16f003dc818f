"""Tests of discover, query_source and execute_model.

Sources: docs/vendors/squared.md#86-discover to docs/vendors/squared.md#88-execute-a-model and
docs/vendors/squared.md#12-discovered-catalogs, docs/vendors/squared.md#1-contradictions, rows 2 and
14.
"""

import hashlib
import json
from typing import Any

import httpx
import pytest

from mockalog.vendors.squared.rules.connectors.registry import load_registry
from tests.emulation import Emulation
from tests.vendors.squared.factories import (
    DESTINATION,
    OPENAI,
    POSTGRESQL,
    make_connector,
    make_model,
)
from tests.vendors.squared.requests import CATALOGS, CONNECTORS, MODELS, kind_b
from tests.vendors.squared.steering import get_tables, load_tables, set_role, use_server_dialect

USERS = {
    "users": {
        "columns": {
            "id": "integer",
            "email": "string",
            "created_at": ["string", "null"],
            "embedding": "vector",
        },
        "primary_key": "id",
        "rows": [
            {"id": 1, "email": "a@x.io", "embedding": [0.5]},
            {"id": 2, "email": "ß@x.io", "created_at": "2026-03-02", "embedding": []},
        ],
    },
    "Accounts": [{"no": 1}],
}


def make_unreachable(connector: dict[str, Any]) -> dict[str, Any]:
    """Create a connector whose host cannot be reached, and return its id."""
    return {**connector, "configuration": {**connector["configuration"], "host": "db.invalid"}}


def discover(client: httpx.Client, id_: int = 1, **query: str) -> httpx.Response:
    """Send a request for a connector's catalog."""
    return client.get(f"{CONNECTORS}/{id_}/discover", params=query)


def query_source(client: httpx.Client, query: Any, id_: Any = 1, **more: Any) -> httpx.Response:
    """Send a query."""
    return client.post(f"{CONNECTORS}/{id_}/query_source", json={"query": query, **more})


def execute_model(client: httpx.Client, payload: Any, id_: int = 1) -> httpx.Response:
    """Send a payload to a model."""
    return client.post(f"{CONNECTORS}/{id_}/execute_model", json={"payload": payload})


def stream(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Return the stream of a table as measured."""
    return {
        "name": name,
        "action": "fetch",
        "json_schema": {"type": "object", "properties": properties},
        "supported_sync_modes": ["incremental"],
        "source_defined_cursor": False,
        "batch_support": False,
        "batch_size": 1,
        "request_rate_limit_unit": "minute",
    }


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_a_source_has_a_stream_for_each_table(
    emulation: Emulation, squared: httpx.Client, dialect: str
) -> None:
    """Streams are sorted by name and have the measured shape. The catalog has its hash."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    make_connector(squared, **POSTGRESQL)
    load_tables(emulation, squared, USERS)
    response = discover(squared)
    data = response.json()["data"]
    catalog = {
        "streams": [
            stream("Accounts", {"no": {"type": "string"}}),
            stream(
                "users",
                {
                    "id": {"type": "string"},
                    "email": {"type": "string"},
                    "created_at": {"type": ["string", "null"]},
                    "embedding": {"type": "vector"},
                },
            ),
        ],
        "request_rate_limit": 60,
        "request_rate_limit_unit": "minute",
        "request_rate_concurrency": 10,
        "schema_mode": "schema",
        "source_defined_cursor": False,
    }
    text = json.dumps(catalog, separators=(",", ":"), ensure_ascii=False)
    assert response.status_code == 200
    assert data == {
        "id": "1",
        "type": "catalogs",
        "attributes": {
            "connector_id": 1,
            "workspace_id": 1,
            "catalog": catalog,
            "catalog_hash": hashlib.sha1(text.encode()).hexdigest(),
        },
    }


@pytest.mark.parametrize(("name", "type_"), [("Snowflake", "integer"), ("Bigquery", "string")])
def test_the_types_of_streams(
    emulation: Emulation, squared: httpx.Client, name: str, type_: str
) -> None:
    """A column named number is an integer. Every other type is a string (12)."""
    make_connector(squared, connector_type="source", connector_name=name, configuration={})
    load_tables(emulation, squared, {"t": [{"a": 1, "b": "x"}]})
    streams = discover(squared).json()["data"]["attributes"]["catalog"]["streams"]
    shown = streams[0]["json_schema"]["properties"]
    assert shown == {"a": {"type": type_}, "b": {"type": "string"}}


FIXED = [
    d
    for kind in ("source", "destination")
    for d in load_registry().of_type(kind)
    if "catalog" in d.record
]


def test_fixed_catalogs_come_from_the_registry(squared: httpx.Client) -> None:
    """A fixed catalog needs no connection, so an unreachable host has it too (12, 14)."""
    for number, definition in enumerate(FIXED, 1):
        record = definition.record
        make_connector(
            squared,
            name=str(number),
            connector_type=record["type"],
            connector_name=record["name"],
            configuration={"host": "a.invalid"},
        )
        catalog = discover(squared, number).json()["data"]["attributes"]["catalog"]
        assert catalog == record["catalog"]
    assert len(FIXED) == 24


def test_a_catalog_is_stored_until_a_refresh(emulation: Emulation, squared: httpx.Client) -> None:
    """Only the literal `true` refreshes. The new catalog has a new id (measured)."""
    make_connector(squared, **POSTGRESQL)
    assert [discover(squared).json()["data"]["id"] for _ in range(2)] == ["1", "1"]
    load_tables(emulation, squared, {"t": [{"a": 1}]})
    for refresh in ("false", "TRUE", "1", ""):
        assert discover(squared, refresh=refresh).json()["data"]["id"] == "1"
    again = discover(squared, refresh="true").json()["data"]
    assert (again["id"], len(again["attributes"]["catalog"]["streams"])) == ("2", 1)
    posted = {"connector_id": 1, "catalog": {"json_schema": {"a": 1}}}
    squared.post(CATALOGS, json=posted)
    kept = discover(squared).json()["data"]
    assert (kept["id"], kept["attributes"]["catalog"]["streams"][0]["url"]) == ("3", "unknown")


def test_a_destination_has_a_catalog(emulation: Emulation, squared: httpx.Client) -> None:
    """A remote destination shows its tables. The demo's tables are the first ones."""
    make_connector(squared, **{**POSTGRESQL, "connector_type": "destination"})
    streams = discover(squared).json()["data"]["attributes"]["catalog"]["streams"]
    assert [one["name"] for one in streams] == ["customers", "orders", "products"]


def test_an_unreachable_connector_is_not_discovered(squared: httpx.Client) -> None:
    """The status is 422. A posted catalog is returned all the same (8.6, 9.1)."""
    make_connector(squared, **make_unreachable(POSTGRESQL))
    failed = discover(squared)
    text = "Discover catalog failed"
    assert (failed.status_code, failed.json()) == (422, kind_b(422, text, catalog="can't be blank"))
    squared.post(CATALOGS, json={"connector_id": 1, "catalog": {"json_schema": {"a": 1}}})
    catalog = discover(squared).json()["data"]["attributes"]["catalog"]
    rates = {name: value for name, value in catalog.items() if name.startswith("request")}
    assert rates == {
        "request_rate_limit": None,
        "request_rate_limit_unit": None,
        "request_rate_concurrency": None,
    }
    assert discover(squared, refresh="true").status_code == 422


ELEMENTS = ("element_id", "text", "created_date", "modified_date", "filename", "filetype")


def file_stream(name: str) -> dict[str, Any]:
    """Return the stream of files of a type of data."""
    return {
        **stream(name, {element: {"type": "string"} for element in ELEMENTS}),
        "json_schema": {
            "type": "object",
            "properties": {element: {"type": "string"} for element in ELEMENTS},
            "required": list(ELEMENTS),
        },
        "source_defined_cursor": True,
        "default_cursor_field": ["modified_date"],
        "source_defined_primary_key": [["element_id"]],
    }


@pytest.mark.parametrize("dialect", ["docs", "server"])
@pytest.mark.parametrize(
    ("name", "data_type"),
    [
        ("GoogleDrive", "unstructured"),
        ("GoogleDrive", "semistructured"),
        ("AmazonS3", "unstructured"),
    ],
)
def test_files_have_one_fixed_stream(
    emulation: Emulation, squared: httpx.Client, name: str, data_type: str, dialect: str
) -> None:
    """The stream has the name of the type of data (amendment squared A11)."""
    make_source(emulation, squared, name, data_type)
    if dialect == "server":
        use_server_dialect(emulation, squared)
    catalog = discover(squared).json()["data"]["attributes"]["catalog"]
    assert catalog["streams"] == [file_stream(data_type)]
    assert (catalog["request_rate_limit"], catalog["schema_mode"]) == (60, "schema")
    assert list(get_tables(emulation, squared)) == [data_type]


def make_source(emulation: Emulation, client: httpx.Client, name: str, data_type: Any) -> None:
    """Create a source of files, in the docs dialect."""
    configuration = {} if data_type is ... else {"data_type": data_type}
    make_connector(
        client, connector_type="source", connector_name=name, configuration=configuration
    )


@pytest.mark.parametrize("data_type", [..., "structured", "other", None, 5, ["unstructured"]])
def test_tables_of_google_drive_are_not_discovered(
    emulation: Emulation, squared: httpx.Client, data_type: Any
) -> None:
    """The client raises, so the catalog is blank and has no rates (amendment squared A11)."""
    make_source(emulation, squared, "GoogleDrive", data_type)
    failed = discover(squared)
    text = "Discover catalog failed"
    assert (failed.status_code, failed.json()) == (422, kind_b(422, text, catalog="can't be blank"))
    squared.post(CATALOGS, json={"connector_id": 1, "catalog": {"json_schema": {"a": 1}}})
    catalog = discover(squared).json()["data"]["attributes"]["catalog"]
    assert catalog["request_rate_limit"] is None


@pytest.mark.parametrize("data_type", [..., "structured", "other", ["unstructured"]])
def test_tables_of_amazon_s3_are_discovered(
    emulation: Emulation, squared: httpx.Client, data_type: Any
) -> None:
    """Only unstructured data has the fixed stream (amendment squared A11)."""
    make_source(emulation, squared, "AmazonS3", data_type)
    streams = discover(squared).json()["data"]["attributes"]["catalog"]["streams"]
    assert [one["name"] for one in streams] == ["customers", "orders", "products"]


@pytest.mark.parametrize("dialect", ["docs", "server"])
@pytest.mark.parametrize(
    ("base_id", "base"),
    [("app1", "app1"), ("a/b", "a/b"), (None, "base"), ("", "base"), ({}, "base"), (5, "5")],
)
def test_the_streams_of_airtable(
    emulation: Emulation, squared: httpx.Client, base_id: Any, base: str, dialect: str
) -> None:
    """Their names are those of the base and the table (amendment squared A11)."""
    configuration = {"api_key": "k", "base_id": base_id}
    make_connector(squared, connector_name="Airtable", configuration=configuration)
    if dialect == "server":
        use_server_dialect(emulation, squared)
    streams = discover(squared).json()["data"]["attributes"]["catalog"]["streams"]
    names = [f"{base}/{table}" for table in ("customers", "orders", "products")]
    assert [one["name"] for one in streams] == names
    load_tables(emulation, squared, {" Sales leads ": [{"a": 1}]})
    again = discover(squared, refresh="true").json()["data"]["attributes"]["catalog"]
    assert [one["name"] for one in again["streams"]] == [f"{base}/Sales_leads"]


def test_fifty_discoveries_at_once(emulation: Emulation, squared: httpx.Client) -> None:
    """Every call gets a catalog, and one catalog is stored."""
    make_connector(squared, **POSTGRESQL)
    request = squared.build_request("GET", f"{CONNECTORS}/1/discover")
    answers = emulation.at_once(squared, [request] * 50)
    assert {answer.status_code for answer in answers} == {200}
    kept = discover(squared).json()["data"]["id"]
    assert kept in {answer.json()["data"]["id"] for answer in answers}


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_a_source_runs_queries(emulation: Emulation, squared: httpx.Client, dialect: str) -> None:
    """The docs return an array and the server an object. All values are texts.

    Source: docs/vendors/squared.md#1-contradictions, row 14.
    """
    if dialect == "server":
        use_server_dialect(emulation, squared)
    make_connector(squared, **POSTGRESQL)
    load_tables(emulation, squared, USERS)
    response = query_source(squared, "SELECT id, email, created_at FROM public.users;")
    rows = [
        {"id": "1", "email": "a@x.io", "created_at": None},
        {"id": "2", "email": "ß@x.io", "created_at": "2026-03-02"},
    ]
    assert (response.status_code, response.json()) == (
        200,
        rows if dialect == "docs" else {"data": rows},
    )
    empty = query_source(squared, "SELECT * FROM users WHERE id = 9").json()
    assert empty == ([] if dialect == "docs" else {"data": []})


LIMITS = {
    "3": 3,
    '"3"': 3,
    "100": 60,
    "9223372036854775807": 60,
    # In Ruby null and false are absent, and 0 is a number.
    "null": 50,
    "false": 50,
    "0": 0,
    # PostgreSQL rounds (measured).
    "2.5": 3,
    "0.4": 0,
    "1e1": 10,
    '"1 + 1"': 2,
    # PostgreSQL's errors about other limits (measured).
    "-1": "ERROR:  LIMIT must not be negative\n",
    "-0.5": "ERROR:  LIMIT must not be negative\n",
    "9223372036854775808": "ERROR:  bigint out of range\n",
    "1" + "0" * 30: "ERROR:  bigint out of range\n",
    "true": "ERROR:  argument of LIMIT must be type bigint, not type boolean\n",
    '"x"': 'ERROR:  column "x" does not exist\nLINE 1: SELECT * FROM t LIMIT x\n',
    '""': "ERROR:  syntax error at end of input\nLINE 1: SELECT * FROM t LIMIT \n",
    "[1]": 'ERROR:  syntax error at or near "["\nLINE 1: SELECT * FROM t LIMIT [1]\n',
    '{"a":1}': 'ERROR:  syntax error at or near "{"\nLINE 1: SELECT * FROM t LIMIT {"a":1}\n',
    '"1; DROP TABLE t"': "ERROR:  cannot execute multiple commands in a read-only transaction\n",
}


def test_the_limit_of_a_query(emulation: Emulation, squared: httpx.Client) -> None:
    """The default is fifty rows. A query's own limit wins (8.7).

    The server inserts the value into the query's text, so the source accepts or refuses it.
    """
    make_connector(squared, **POSTGRESQL)
    load_tables(emulation, squared, {"t": [{"a": n} for n in range(60)]})
    assert len(query_source(squared, "SELECT * FROM t").json()) == 50
    assert len(query_source(squared, "VALUES (1), (2)").json()) == 2
    found = {limit: _limited_outcome(squared, "SELECT * FROM t", limit) for limit in LIMITS}
    assert found == LIMITS
    assert {_limited_outcome(squared, "SELECT * FROM t LIMIT 7", limit) for limit in LIMITS} == {7}


def _limited_outcome(client: httpx.Client, query: str, limit: str) -> Any:
    """Return the number of rows under a JSON limit, or the error without its mark."""
    body = f'{{"query": "{query}", "limit": {limit}}}'
    headers = {"Content-Type": "application/json"}
    response = client.post(f"{CONNECTORS}/1/query_source", content=body, headers=headers)
    if response.status_code == 200:
        return len(response.json())
    assert response.status_code == 422
    text: str = response.json()["errors"][0]["detail"]
    return text.removesuffix("^\n").rstrip(" ") if "LINE" in text else text


NOPE = (
    'ERROR:  column "nope" does not exist\nLINE 1: SELECT nope FROM customers LIMIT 50\n'
    "               ^\n"
)


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({}, 400, {"errors": {"query": ["is missing"]}}),
        ({"query": ""}, 400, {"errors": {"query": ["must be filled"]}}),
        ({"query": 5}, 400, {"errors": {"query": ["must be a string"]}}),
        ({"query": "SELECT 1\0"}, 422, kind_b(422, "string contains null byte")),
        ({"query": "SELECT nope FROM customers"}, 422, kind_b(422, NOPE)),
        (
            {"query": "DELETE FROM customers"},
            422,
            kind_b(422, "ERROR:  cannot execute DELETE in a read-only transaction\n"),
        ),
    ],
)
def test_refused_queries(squared: httpx.Client, body: Any, status: int, answer: Any) -> None:
    """Refusals are of kind A, or of kind B in the source's words (8.7)."""
    make_connector(squared, **POSTGRESQL)
    response = squared.post(f"{CONNECTORS}/1/query_source", json=body)
    assert (response.status_code, response.json()) == (status, answer)


def test_connectors_that_run_no_queries(squared: httpx.Client) -> None:
    """They are destinations, unreachable sources and missing connectors."""
    make_connector(squared)
    make_connector(squared, **make_unreachable(POSTGRESQL))
    destination = query_source(squared, "SELECT 1")
    assert (destination.status_code, destination.json()) == (
        422,
        kind_b(422, "Connector is not a source"),
    )
    away = query_source(squared, "SELECT 1", 2)
    assert away.status_code == 422
    assert "db.invalid" in away.json()["errors"][0]["detail"]
    missing = query_source(squared, "SELECT 1", 9)
    assert (missing.status_code, missing.json()) == (404, kind_b(404, "Connector not found"))
    both = squared.post(f"{CONNECTORS}/x/query_source", json={})
    errors = {"id": ["must be an integer"], "query": ["is missing"]}
    assert (both.status_code, both.json()) == (400, {"errors": errors})
    assert discover(squared, 9).status_code == 404
    assert squared.get(f"{CONNECTORS}/x/discover").json() == {
        "errors": {"id": ["must be an integer"]}
    }


def test_a_query_reads_its_own_connector_only(emulation: Emulation, squared: httpx.Client) -> None:
    """Tables of other connectors and other sandboxes do not exist."""
    other = emulation.client("/squared")
    for client in (squared, other):
        for name in ("1", "2"):
            make_connector(client, **{**POSTGRESQL, "name": name})
    load_tables(emulation, squared, {"secrets": [{"a": 1}]})
    assert len(query_source(squared, "SELECT * FROM secrets").json()) == 1
    for client, id_ in ((squared, 2), (other, 1), (other, 2)):
        refused = query_source(client, "SELECT * FROM secrets", id_)
        assert 'relation "secrets" does not exist' in refused.json()["errors"][0]["detail"]


def test_a_source_has_the_sandboxes_clock(emulation: Emulation, squared: httpx.Client) -> None:
    """A frozen clock is frozen in SQL too; `now()` has a time zone (amendment squared A15)."""
    make_connector(squared, **POSTGRESQL)
    emulation.sandbox(squared).clock.freeze("2026-03-02T09:15:04Z")
    found = query_source(squared, "SELECT now() AS now, created_at < now() AS past FROM customers")
    assert found.json()[0] == {"now": "2026-03-02 09:15:04+00", "past": "t"}


EXAMPLE = {"choices": [{"message": {"content": "Hi"}}]}


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_a_model_returns_rows(emulation: Emulation, squared: httpx.Client, dialect: str) -> None:
    """The rows are the table `responses`, or the example of the configuration."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
    spec = {**OPENAI["configuration"], "response_format": json.dumps(EXAMPLE)}
    make_connector(squared, **{**OPENAI, "configuration": spec})
    no_catalog = kind_b(422, "Catalog is not present for the connector")
    for refused in (execute_model(squared, "{}"), query_source(squared, "{}")):
        assert (refused.status_code, refused.json()) == (422, no_catalog)
    discover(squared)
    assert execute_model(squared, '{"a":1}').json() == {"data": [EXAMPLE]}
    asked = query_source(squared, "{}").json()
    assert asked == ([EXAMPLE] if dialect == "docs" else {"data": [EXAMPLE]})
    load_tables(emulation, squared, {"other": [{"a": 1}], "responses": [{"x": [1]}, {"x": 2}]})
    assert execute_model(squared, "{}").json() == {"data": [{"x": [1]}, {"x": 2}]}


@pytest.mark.parametrize("example", ["{}", "no JSON", "[1]", 5, None])
def test_a_model_without_an_example_repeats_the_payload(
    squared: httpx.Client, example: Any
) -> None:
    """So a test sees the request (inferred). A query need not be JSON."""
    make_connector(squared, **{**OPENAI, "configuration": {"response_format": example}})
    discover(squared)
    assert execute_model(squared, '{"a":[1]}').json() == {"data": [{"payload": {"a": [1]}}]}
    assert query_source(squared, "Hello").json() == [{"payload": "Hello"}]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, ["is missing"]),
        ({"payload": ""}, ["must be filled"]),
        ({"payload": {"a": 1}}, ["must be a string"]),
        ({"payload": "{"}, ["must be a valid JSON string"]),
        ({"payload": '"\\ud800"'}, ["must be a valid JSON string"]),
    ],
)
def test_refused_payloads(squared: httpx.Client, body: Any, errors: Any) -> None:
    """Kind A (8.8)."""
    response = squared.post(f"{CONNECTORS}/1/execute_model", json=body)
    assert (response.status_code, response.json()) == (400, {"errors": {"payload": errors}})


def test_connectors_that_are_no_models(squared: httpx.Client) -> None:
    """They are destinations, databases and unreachable models."""
    make_connector(squared)
    make_connector(squared, **POSTGRESQL)
    make_connector(squared, **make_unreachable({**OPENAI, "name": "away"}))
    discover(squared, 3)
    client = "Multiwoven::Integrations::Source::Postgresql::Client"
    texts = {
        1: "Connector is not a source",
        2: f"undefined method `run_model' for an instance of {client}",
        3: 'could not translate host name "db.invalid" to address: Name or service not known\n',
    }
    for id_, text in texts.items():
        response = execute_model(squared, "{}", id_)
        assert (response.status_code, response.json()) == (422, kind_b(422, text))
    assert execute_model(squared, "{}", 9).status_code == 404


def test_a_viewer_may_query(emulation: Emulation, squared: httpx.Client) -> None:
    """The role of a Viewer includes only reads (4)."""
    make_connector(squared, **POSTGRESQL)
    set_role(emulation, squared, "Viewer")
    assert discover(squared).status_code == 200
    assert query_source(squared, "SELECT 1").status_code == 200
    assert squared.post(CATALOGS, json={"connector_id": 1}).status_code == 400


def test_from_a_source_to_its_model(emulation: Emulation, squared: httpx.Client) -> None:
    """The calls of the vendor's web UI: check, create, discover, query and create a model."""
    use_server_dialect(emulation, squared)
    definition = squared.get("/api/v1/connector_definitions/postgresql?type=source").json()
    spec = POSTGRESQL["configuration"]
    check = {"type": "source", "name": definition["name"], "connection_spec": spec}
    checked = squared.post("/api/v1/connector_definitions/check_connection", json=check).json()
    assert checked["connection_status"] == {"status": "succeeded"}
    source = make_connector(squared, **POSTGRESQL)
    streams = discover(squared).json()["data"]["attributes"]["catalog"]["streams"]
    table = streams[0]["name"]
    properties = streams[0]["json_schema"]["properties"]
    query = f"SELECT * FROM {table}"
    rows = query_source(squared, query).json()["data"]
    assert len(rows) == 36
    assert rows[0].keys() == properties.keys()
    made = make_model(squared, query=query, query_type="table_selector")
    assert made["attributes"]["connector"] == {"id": 1, **source["attributes"]}
    listed = squared.get(MODELS, params={"query_type": "table_selector,raw_sql"}).json()
    assert [row["id"] for row in listed["data"]] == [made["id"]]
    destination = make_connector(squared, **DESTINATION)
    found = discover(squared, int(destination["id"])).json()["data"]["attributes"]["catalog"]
    assert [one["name"] for one in found["streams"]] == ["profile"]
