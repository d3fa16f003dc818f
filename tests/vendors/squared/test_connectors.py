"""Connectors: squared.md, sections 8.1 to 8.5 and 13."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.sending import (
    CATALOGS,
    CONNECTORS,
    DESTINATION,
    ICONS,
    MASK,
    SNOWFLAKE,
    SOURCE,
    kind_b,
    kind_c,
    make_connector,
    server_dialect,
)

INVALID_JSON = "Translation missing. Options considered were:\n- en.activerecord.errors.models"


def test_the_documented_example_is_answered_as_documented(squared: httpx.Client) -> None:
    """201, an envelope, the secret masked, the icon of the registry (seed)."""
    response = squared.post(CONNECTORS, json={"connector": SOURCE})
    data = response.json()["data"]
    attributes = data["attributes"]
    assert response.status_code == 201
    assert (data["id"], data["type"]) == ("1", "connectors")
    assert attributes.pop("created_at") == attributes.pop("updated_at")
    assert attributes == {
        "name": "Events warehouse",
        "description": None,
        "connector_type": "source",
        "workspace_id": 1,
        "configuration": {
            **SNOWFLAKE,
            "credentials": {**SNOWFLAKE["credentials"], "password": MASK},  # type: ignore[dict-item]
        },
        "connector_name": "Snowflake",
        "icon": f"{ICONS}source/snowflake/icon.svg",
    }


MISSING = {
    "errors": {
        "connector": {
            "name": ["is missing"],
            "connector_name": ["is missing"],
            "connector_type": ["is missing"],
            "configuration": ["is missing"],
        }
    }
}
NO_HASH = {"errors": {"connector": ["must be a hash"]}}


@pytest.mark.parametrize("dialect", ["docs", "server"])
@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b"{}", MISSING),
        (b"", MISSING),
        (b"[]", MISSING),
        (b"7", MISSING),
        (b'{"connector":{}}', MISSING),
        (b'{"connector":null}', NO_HASH),
        (b'{"connector":"x"}', NO_HASH),
        (b'{"connector":[1]}', NO_HASH),
    ],
)
def test_a_body_without_a_connector(
    emulation: Emulation, squared: httpx.Client, dialect: str, body: bytes, errors: Any
) -> None:
    """What is missing is reported with its wrapper, which JSON bodies get (2.2, 8.1)."""
    if dialect == "server":
        server_dialect(emulation, squared)
    response = squared.post(CONNECTORS, content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()) == (400, errors)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": ""}, {"name": ["must be filled"]}),
        ({"name": None}, {"name": ["must be filled"]}),
        ({"name": 5}, {"name": ["must be a string"]}),
        ({"name": False}, {"name": ["must be a string"]}),
        ({"connector_name": ""}, {"connector_name": ["must be filled"]}),
        ({"connector_name": ["x"]}, {"connector_name": ["must be a string"]}),
        ({"connector_type": ""}, {"connector_type": ["must be filled"]}),
        ({"connector_type": "sink"}, {"connector_type": ["invalid connector type"]}),
        ({"configuration": None}, {"configuration": ["must be filled"]}),
        ({"configuration": []}, {"configuration": ["must be filled"]}),
        ({"configuration": "x"}, {"configuration": ["must be a hash"]}),
        ({"description": 5}, {"description": ["must be a string"]}),
    ],
)
def test_values_of_the_wrong_kind(
    squared: httpx.Client, changes: dict[str, Any], errors: Any
) -> None:
    """Kind A, nested like the request."""
    response = squared.post(CONNECTORS, json={"connector": {**DESTINATION, **changes}})
    assert (response.status_code, response.json()) == (400, {"errors": {"connector": errors}})


@pytest.mark.parametrize(
    ("changes", "status", "body"),
    [
        (
            {"connector_type": "DESTINATION"},
            400,
            kind_c("'DESTINATION' is not a valid connector_type"),
        ),
        ({"query_type": "raw_sql"}, 400, kind_c("unknown attribute 'query_type' for Connector.")),
        ({"name": "a\0b"}, 400, kind_c("string contains null byte")),
        ({"connector_name": "a\0b"}, 400, kind_c("string contains null byte")),
        ({"description": "a\0b"}, 400, kind_c("string contains null byte")),
        (
            {"name": "  "},
            422,
            kind_b(422, "Connector creation failed", name="can't be blank"),
        ),
    ],
)
def test_what_the_record_refuses(
    squared: httpx.Client, changes: dict[str, Any], status: int, body: Any
) -> None:
    """Kinds C and B after validation (8.1)."""
    response = squared.post(CONNECTORS, json={"connector": {**DESTINATION, **changes}})
    assert (response.status_code, response.json()) == (status, body)


@pytest.mark.parametrize(
    "changes",
    [
        {"configuration": {}},
        {"connector_name": "Nobody's"},
        {"connector_name": "klaviyo"},
        {"configuration": {"anything": [{"goes": 2**70}]}},
        {"workspace_id": 99},
        {"unknown": "ignored"},
        {"description": None},
        {"description": "in words ✓"},
    ],
)
def test_the_docs_take_any_configuration_and_any_name(
    squared: httpx.Client, changes: dict[str, Any]
) -> None:
    """Rows 6 and 7 of the contradictions."""
    attributes = make_connector(squared, **changes)["attributes"]
    sent = {**DESTINATION, **changes}
    assert attributes["workspace_id"] == 1
    assert attributes["connector_name"] == sent["connector_name"]
    assert attributes["configuration"].keys() == sent["configuration"].keys()


def test_the_server_takes_registered_names_only(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Row 7: name and type together, case-sensitive, under a key that reads like Ruby."""
    server_dialect(emulation, squared)
    for kind, name in (("source", "Klaviyo"), ("destination", "klaviyo"), ("SOURCE", "x")):
        body = {**DESTINATION, "connector_type": kind, "connector_name": name}
        response = squared.post(CONNECTORS, json=body)
        message = f"invalid connector {kind.lower()} name"
        errors = {"connector": {"[:connector_type, :connector_name]": [message]}}
        assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_the_server_wants_a_filled_configuration(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Row 6, first half."""
    server_dialect(emulation, squared)
    body = {**DESTINATION, "name": "", "configuration": {}}
    errors = {"name": ["must be filled"], "configuration": ["must be filled"]}
    assert squared.post(CONNECTORS, json=body).json() == {"errors": {"connector": errors}}


TEXTS = """private_key_id private_key client_id auth_uri token_uri universe_domain project_id
    auth_provider_x509_cert_url client_x509_cert_url"""
BIGQUERY: dict[str, str] = {
    **{name: "https://x.io/a" for name in TEXTS.split()},
    "type": "service_account",
    "client_email": "a@x.io",
}
    [
        "private_key_id",
        "private_key",
        "client_id",
        "auth_uri",
        "token_uri",
        "universe_domain",
        "project_id",
        "auth_provider_x509_cert_url",
        "client_x509_cert_url",
    ],
    "https://x.io/a",
) | {"type": "service_account", "client_email": "a@x.io"}


@pytest.mark.parametrize(
    ("name", "kind", "configuration", "accepted"),
    [
        ("Klaviyo", "destination", {"public_api_key": "a", "private_api_key": "b"}, True),
        ("Klaviyo", "destination", {"public_api_key": "a", "private_api_key": "b", "c": 1}, True),
        ("Klaviyo", "destination", {"public_api_key": "a"}, False),
        ("Klaviyo", "destination", {"public_api_key": 1, "private_api_key": "b"}, False),
        ("AmazonS3", "source", {"auth_type": "role"}, False),
        ("Bigquery", "source", {"project_id": "p", "credentials_json": BIGQUERY}, True),
        *(
            (
                "Bigquery",
                "source",
                {"project_id": "p", "credentials_json": {**BIGQUERY, key: value}},
                False,
            )
            for key, value in (
                ("client_email", "nobody"),
                ("client_email", 5),
                ("auth_uri", "no scheme"),
                ("auth_uri", "http://[::1"),
                ("auth_uri", 5),
                ("type", "user"),
            )
        ),
    ],
)
def test_the_server_checks_the_json_schema(
    emulation: Emulation,
    squared: httpx.Client,
    name: str,
    kind: str,
    configuration: Any,
    accepted: bool,
) -> None:
    """Row 6, second half: required, types, enums, formats and conditions."""
    server_dialect(emulation, squared)
    body = {
        "name": "x",
        "connector_type": kind,
        "connector_name": name,
        "configuration": configuration,
    }
    response = squared.post(CONNECTORS, json=body)
    assert response.status_code == (201 if accepted else 422)
    if not accepted:
        error = response.json()["errors"][0]
        assert error["detail"] == "Connector creation failed"
        assert error["source"]["configuration"].startswith(INVALID_JSON)


def test_a_name_is_unique_within_its_type(squared: httpx.Client) -> None:
    """The other type may have the same name, and an update may repeat one (8.1, 8.4)."""
    make_connector(squared)
    make_connector(squared, connector_type="source")
    again = squared.post(CONNECTORS, json={"connector": DESTINATION})
    taken = kind_b(422, "A connector with the same name already exists.")
    assert (again.status_code, again.json()) == (422, taken)
    other = make_connector(squared, name="other")
    renamed = squared.put(f"{CONNECTORS}/{other['id']}", json={"name": DESTINATION["name"]})
    assert renamed.status_code == 200


def test_of_fifty_creates_of_one_name_one_succeeds(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Nobody gets a 500; first use of the sandbox happens in the same rush."""
    request = squared.build_request("POST", CONNECTORS, json={"connector": DESTINATION})
    answers = emulation.at_once(squared, [request] * 50)
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 49
    assert len(squared.get("/api/v1/workspaces").json()["data"]) == 1


def test_the_order_of_the_configuration(squared: httpx.Client) -> None:
    """As sent in the answer to a write; by length and alphabet when read later (13)."""
    sent = {"zz": 1, "a": [{"yy": 1, "x": 2}], "bb": None}
    created = make_connector(squared, configuration=sent)
    assert list(created["attributes"]["configuration"]) == ["zz", "a", "bb"]
    read = squared.get(f"{CONNECTORS}/1").json()["data"]["attributes"]["configuration"]
    assert list(read) == ["a", "bb", "zz"]
    assert list(read["a"][0]) == ["x", "yy"]


@pytest.mark.parametrize(
    ("name", "kind", "configuration", "shown"),
    [
        (
            "Bigquery",
            "source",
            {"credentials_json": {"extra": [{"private_key": 5, "private_key_id": "i"}]}},
            {"credentials_json": {"extra": [{"private_key": MASK, "private_key_id": "i"}]}},
        ),
        ("Http", "destination", {"headers": {"token": "t"}}, {"headers": {"token": "t"}}),
        ("MicrosoftExcel", "destination", {"token": "t"}, {"token": "t"}),
        ("Klaviyo", "source", {"private_api_key": None}, {"private_api_key": MASK}),
        (
            "Unknown",
            "source",
            {"password": "p", "my_api_key": {"a": 1}, "clientSecret": "s", "user": "u"},
            {"password": MASK, "my_api_key": MASK, "clientSecret": "s", "user": "u"},
        ),
    ],
)
def test_secrets_are_masked_by_the_connectors_schema(
    squared: httpx.Client, name: str, kind: str, configuration: Any, shown: Any
) -> None:
    """Any value, at any depth; by the usual names where there is no schema (13)."""
    made = make_connector(
        squared, connector_name=name, connector_type=kind, configuration=configuration
    )
    assert made["attributes"]["configuration"] == shown
    read = squared.get(f"{CONNECTORS}/{made['id']}").json()["data"]
    assert read["attributes"]["configuration"] == shown


def test_an_unknown_connector_has_an_icon_too(squared: httpx.Client) -> None:
    """Clients expect a text (inferred)."""
    made = make_connector(squared, connector_name="MyThing", connector_type="source")
    assert made["attributes"]["icon"] == f"{ICONS}source/my_thing/icon.svg"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("id_", "status", "body"),
    [
        ("2", 404, kind_b(404, "Connector not found")),
        ("0", 404, kind_b(404, "Connector not found")),
        ("-1", 404, kind_b(404, "Connector not found")),
        (str(2**63), 404, kind_b(404, "Connector not found")),
        ("9" * 5000, 404, kind_b(404, "Connector not found")),
        ("abc", 400, {"errors": {"id": ["must be an integer"]}}),
        ("1.5", 400, {"errors": {"id": ["must be an integer"]}}),
    ],
)
def test_ids_that_are_none(
    squared: httpx.Client, method: str, id_: str, status: int, body: Any
) -> None:
    """Row 23: an integer in both dialects; beyond 64 bits it is simply not found."""
    make_connector(squared)
    response = squared.request(method, f"{CONNECTORS}/{id_}", json={"name": "x"})
    assert (response.status_code, response.json()) == (status, body)


@pytest.mark.parametrize("suffix", ["", "/", ".json"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_takes_any_subset(squared: httpx.Client, method: str, suffix: str) -> None:
    """Both verbs, with or without the wrapper, all spellings of the path (2.1, 8.4)."""
    made = make_connector(squared)["attributes"]
    path = f"{CONNECTORS}/1{suffix}"
    for body in ({"name": "Neu"}, {"connector": {"name": "Neu"}}):
        response = squared.request(method, path, json=body)
        attributes = response.json()["data"]["attributes"]
        assert response.status_code == 200
        assert attributes.pop("updated_at") >= made["updated_at"]
        assert attributes == {
            **{key: value for key, value in made.items() if key != "updated_at"},
            "name": "Neu",
        }
    assert squared.get(path).json()["data"]["attributes"]["name"] == "Neu"


def test_an_update_replaces_the_configuration_whole(squared: httpx.Client) -> None:
    """Also with masked values: the asterisks are then what is stored (measured)."""
    make_connector(squared)
    body = {"configuration": {"public_api_key": "*"}}
    shown = squared.put(f"{CONNECTORS}/1", json=body).json()["data"]["attributes"]
    assert shown["configuration"] == {"public_api_key": MASK}


EMPTY = {"error": "param is missing or the value is empty: connector"}


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({}, 422, EMPTY),
        ({"connector": {}}, 422, EMPTY),
        ({"connector": {"unknown": 1}}, 422, EMPTY),
        ({"connector": None}, 400, NO_HASH),
        ({"name": ""}, 400, {"errors": {"connector": {"name": ["must be filled"]}}}),
        ({"name": " "}, 422, kind_b(422, "Connector update failed", name="can't be blank")),
        ({"connector_type": "SOURCE"}, 400, kind_c("'SOURCE' is not a valid connector_type")),
        (
            {"connector_type": "sink"},
            400,
            {"errors": {"connector": {"connector_type": ["invalid connector type"]}}},
        ),
    ],
)
def test_what_an_update_refuses(squared: httpx.Client, body: Any, status: int, answer: Any) -> None:
    """Kinds A, B, C and D (8.4)."""
    make_connector(squared)
    response = squared.put(f"{CONNECTORS}/1", json=body)
    assert (response.status_code, response.json()) == (status, answer)


def test_an_update_checks_id_and_body_together(squared: httpx.Client) -> None:
    """Path and body are one request to the contract."""
    response = squared.put(f"{CONNECTORS}/x", json={"name": 1})
    errors = {"id": ["must be an integer"], "connector": {"name": ["must be a string"]}}
    assert response.json() == {"errors": errors}


def test_the_server_checks_an_update(emulation: Emulation, squared: httpx.Client) -> None:
    """The registry when both type and name are sent, the schema always."""
    server_dialect(emulation, squared)
    make_connector(squared)
    path = f"{CONNECTORS}/1"
    both = squared.put(path, json={"connector_type": "source", "connector_name": "Klaviyo"})
    assert both.status_code == 400
    failed = squared.put(path, json={"configuration": {"public_api_key": "a"}})
    assert failed.json()["errors"][0]["detail"] == "Connector update failed"
    alone = squared.put(path, json={"connector_type": "source"})
    constant = "uninitialized constant Multiwoven::Integrations::Source::Klaviyo"
    assert (alone.status_code, alone.json()) == (400, kind_c(constant))


def test_a_connector_goes_with_its_catalog(squared: httpx.Client) -> None:
    """204 without body or type; again 404; its id never comes back (8.5)."""
    make_connector(squared)
    squared.post(CATALOGS, json={"connector_id": 1, "catalog": {"json_schema": {"a": 1}}})
    response = squared.delete(f"{CONNECTORS}/1")
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert squared.delete(f"{CONNECTORS}/1").status_code == 404
    assert make_connector(squared)["id"] == "2"


def test_of_two_deletes_at_once_one_succeeds(emulation: Emulation, squared: httpx.Client) -> None:
    """And updates that come with them find the connector or do not."""
    make_connector(squared)
    delete = squared.build_request("DELETE", f"{CONNECTORS}/1")
    update = squared.build_request("PUT", f"{CONNECTORS}/1", json={"name": "x"})
    statuses = [a.status_code for a in emulation.at_once(squared, [delete, update] * 10)]
    assert statuses.count(204) == 1
    assert set(statuses) <= {200, 204, 404}


@pytest.mark.parametrize("name", ["名前 ✓", "a/b", "x" * 5000, "quote\"'\\"])
def test_names_of_any_characters(squared: httpx.Client, name: str) -> None:
    """What was sent comes back."""
    make_connector(squared, name=name)
    read = squared.get(f"{CONNECTORS}/1").json()["data"]["attributes"]
    assert read["name"] == name


def test_null_elements_of_arrays_are_dropped(squared: httpx.Client) -> None:
    """At any depth; null values of keys stay (2.2)."""
    sent = {"a": [1, None, {"b": [None]}], "c": None}
    made = make_connector(squared, configuration=sent)["attributes"]
    assert made["configuration"] == {"a": [1, {"b": []}], "c": None}


def test_integers_are_not_rounded(squared: httpx.Client) -> None:
    """Ruby has integers of any size."""
    sent = {"a": 2**64 + 1, "b": 12345678901234567890123}
    assert make_connector(squared, configuration=sent)["attributes"]["configuration"] == sent
    read = squared.get(f"{CONNECTORS}/1").json()["data"]["attributes"]
    assert read["configuration"] == sent
