"""Tests of new connectors.

Sources: docs/vendors/squared.md#81-create-a-connector to
docs/vendors/squared.md#85-delete-a-connector and docs/vendors/squared.md#13-secret-masking.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import DESTINATION, SNOWFLAKE, SOURCE, make_connector
from tests.vendors.squared.requests import CONNECTORS, ICONS, MASK, kind_b, kind_c
from tests.vendors.squared.steering import use_server_dialect

INVALID_JSON = "Translation missing. Options considered were:\n- en.activerecord.errors.models"


def test_the_documented_example(squared: httpx.Client) -> None:
    """The answer has the description, masked secrets and the registry's icon (seed).

    Source: docs/vendors/squared.md#1-contradictions, row 5.
    """
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
def test_missing_keys(
    emulation: Emulation, squared: httpx.Client, dialect: str, body: bytes, errors: Any
) -> None:
    """Errors are nested in the wrapper, which JSON bodies get (2.2, 8.1)."""
    if dialect == "server":
        use_server_dialect(emulation, squared)
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
    """Kind A is nested like the request."""
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
def test_refusals_of_the_record(
    squared: httpx.Client, changes: dict[str, Any], status: int, body: Any
) -> None:
    """Kinds C and B come after validation (8.1)."""
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
    """docs/vendors/squared.md#1-contradictions, rows 6 and 7."""
    attributes = make_connector(squared, **changes)["attributes"]
    sent = {**DESTINATION, **changes}
    assert attributes["workspace_id"] == 1
    assert attributes["connector_name"] == sent["connector_name"]
    assert attributes["configuration"].keys() == sent["configuration"].keys()


def test_the_server_takes_registered_names_only(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Name and type are checked together and case-sensitively, under a key in Ruby's syntax.

    Source: docs/vendors/squared.md#1-contradictions, row 7.
    """
    use_server_dialect(emulation, squared)
    for kind, name in (("source", "Klaviyo"), ("destination", "klaviyo"), ("SOURCE", "x")):
        body = {**DESTINATION, "connector_type": kind, "connector_name": name}
        response = squared.post(CONNECTORS, json=body)
        message = f"invalid connector {kind.lower()} name"
        errors = {"connector": {"[:connector_type, :connector_name]": [message]}}
        assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_the_server_refuses_an_empty_configuration(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """docs/vendors/squared.md#1-contradictions, row 6, first half."""
    use_server_dialect(emulation, squared)
    body = {**DESTINATION, "name": "", "configuration": {}}
    errors = {"name": ["must be filled"], "configuration": ["must be filled"]}
    assert squared.post(CONNECTORS, json=body).json() == {"errors": {"connector": errors}}


NAMES = """private_key_id private_key client_id auth_uri token_uri universe_domain project_id
    auth_provider_x509_cert_url client_x509_cert_url"""
BIGQUERY = {
    **dict.fromkeys(NAMES.split(), "https://x.io/a"),
    "type": "service_account",
    "client_email": "a@x.io",
}


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
    """Required keys, types, enums, formats and conditions are checked.

    Source: docs/vendors/squared.md#1-contradictions, row 6, second half.
    """
    use_server_dialect(emulation, squared)
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
    """Connectors of two types may share a name. An update may repeat a name (8.1, 8.4)."""
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
    """No call gets a 500, although the calls are the first of the sandbox."""
    request = squared.build_request("POST", CONNECTORS, json={"connector": DESTINATION})
    answers = emulation.at_once(squared, [request] * 50)
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 49
    assert len(squared.get("/api/v1/workspaces").json()["data"]) == 1
