"""Tests of the failures of every connector's check.

Source: docs/vendors/squared.md#73-check-a-connection (amendment squared A2).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mockalog.vendors.squared.rules.connectors.connection_checks import (
    Failure,
    configuration_failure,
    load_connection_checks,
)
from mockalog.vendors.squared.rules.connectors.registry import load_registry

# The keys that each client hands to the remote system. `!`: an object, `?`: it may be missing.
READS = """
source Snowflake credentials! credentials.auth_type host credentials.username credentials.password \
database warehouse
source Redshift credentials! credentials.auth_type host port credentials.username \
credentials.password database
source Bigquery credentials_json! credentials_json.private_key credentials_json.type \
credentials_json.client_email project_id
source Postgresql credentials! credentials.auth_type host port credentials.username \
credentials.password database
source Databricks host port http_path access_token
source SalesforceConsumerGoodsCloud password security_token username client_id client_secret host
source AwsAthena region access_key secret_access_key
source Clickhouse
source AmazonS3 auth_type access_id secret_access region bucket
source MariaDB host port username password database
source Oracle host port sid username password
source DatabricksModel databricks_host endpoint token
source AwsSagemakerModel region access_key secret_access_key endpoint_name
source VertexModel region credentials_json! credentials_json.client_email \
credentials_json.private_key project_id endpoint_id
source HttpModel config! request_format url_host http_method
source OpenAI config! request_format api_key
source Sftp file_path host username password file_name format_type
source WatsonxAi api_key region deployment_id
source WatsonxData api_key region engine_id auth_instance_id database schema
source Anthropic config! request_format api_key
source AwsBedrockModel region access_key secret_access_key model_id request_format
source GenericOpenAI config! request_format url api_key
source IntuitQuickBooks environment client_id client_secret refresh_token realm_id
source PineconeDB api_key region index_name
source Qdrant host api_key
source Firecrawl config!? api_key
source Odoo url database username password
source GoogleDrive data_type credentials_json! credentials_json.client_email \
credentials_json.private_key folder_name
source Http config! sample_query? request_format? base_url http_method
destination Klaviyo private_api_key
destination SalesforceCrm refresh_token client_id client_secret access_token instance_url
destination FacebookCustomAudience access_token ad_account_id
destination Slack api_token
destination Hubspot access_token
destination GoogleSheets credentials_json! credentials_json.client_email \
credentials_json.private_key spreadsheet_link
destination Airtable api_key base_id
destination Stripe api_key
destination SalesforceConsumerGoodsCloud password security_token username client_id client_secret \
host
destination Sftp host username password destination_path
destination Postgresql credentials! credentials.auth_type host port credentials.username \
credentials.password database
destination Zendesk subdomain username password
destination Http destination_url
destination Iterable api_key
destination MariaDB host port username password database
destination DatabricksLakehouse host api_token
destination Oracle host port sid username password
destination MicrosoftExcel token
destination MicrosoftSql credentials! credentials.auth_type host port credentials.username \
credentials.password database
destination Mailchimp api_key
destination AISDataStore credentials! credentials.auth_type host port credentials.username \
credentials.password database
destination AmazonS3 region access_key_id secret_access_key bucket_name
destination MicrosoftDynamics tenant_id application_id client_secret instance_url
destination Qdrant api_url api_key
destination PineconeDB api_key region index_name
destination Odoo url database username password
destination Weaviate api_url api_key
"""
TABLE = {tuple(line.split()[:2]): line.split()[2:] for line in READS.strip().split("\n")}
ESCAPING = """
Snowflake Redshift Postgresql Databricks Klaviyo MicrosoftSql AISDataStore
"""
PAGE = Path(__file__).parents[3] / "docs/vendors/squared.md"
CONNECTORS = pytest.mark.parametrize(("kind", "name"), TABLE)
# A value of each type that no client finds an object or a JSON text in.
NO_OBJECTS = ["x", 5, 1.5, True, []]


def read_keys(kind: str, name: str, mark: str = "") -> list[str]:
    """Return the keys of the table that have a mark, without their marks."""
    return [key.rstrip("!?") for key in TABLE[kind, name] if mark in key]


def complete(kind: str, name: str) -> dict[str, Any]:
    """Return a configuration with every key of the definition."""
    definition = load_registry().find(kind, name)
    assert definition is not None
    configuration = _complete(definition.json_schema)
    if name == "GoogleDrive":
        configuration["data_type"] = "unstructured"
    return configuration


def _complete(schema: Any) -> dict[str, Any]:
    return {key: _example(key, described) for key, described in schema["properties"].items()}


def _example(key: str, described: Mapping[str, Any]) -> Any:
    if "properties" in described:
        return _complete(described)
    if "additionalProperties" in described:
        return {"a": "b"}
    titled = [choice["const"] for choice in described.get("oneOf", [])]
    usual = "{}" if key == "request_format" else f"my {key}"
    return described.get("default", [*described.get("enum", titled), usual][0])


def keys_of(configuration: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the keys of a configuration at any depth, with dots between their names."""
    for key, value in configuration.items():
        yield above + key
        if isinstance(value, dict):
            yield from keys_of(value, f"{above}{key}.")


def failure(kind: str, name: str, configuration: Mapping[str, Any]) -> Failure | None:
    """Return the failure of a connector's check."""
    return configuration_failure(load_connection_checks()[kind, name], configuration)


def changed(kind: str, name: str, key: str, value: Any = ...) -> dict[str, Any]:
    """Return a complete configuration with another value for a key; `...`: without the key."""
    configuration = complete(kind, name)
    *path, last = key.split(".")
    inner = configuration
    for part in path:
        inner = inner[part]
    inner[last] = value
    if value is ...:
        del inner[last]
    return configuration


def test_every_connector_has_a_check() -> None:
    """The file that a check was read from is that of the connector (amendment squared A2)."""
    checks = load_connection_checks()
    assert list(checks) == list(TABLE) == list(load_registry().definitions)
    assert {name for (_, name), check in checks.items() if check.escapes} == {*ESCAPING.split()}
    for key, definition in load_registry().definitions.items():
        folder = definition.record["icon_path"].rpartition("/")[0]
        assert checks[key].client == f"{folder}/client.rb"


def test_the_page_has_the_table() -> None:
    """A row has the keys, the status without an object, and the client (amendment squared A2)."""
    lines = [line.split(" | ") for line in PAGE.read_text().split("\n") if "/client.rb` |" in line]
    rows = {(kind, name.strip("| `")): cells for name, kind, *cells in lines if len(cells) == 3}
    assert list(rows) == list(TABLE)
    for (kind, name), (keys, status, client) in rows.items():
        check = load_connection_checks()[kind, name]
        needed = {key for key in TABLE[kind, name] if "?" not in key}
        listed = {
            key + "!" * bool(mark) for key, mark in re.findall(r"`([\w.]+)`( \(object\))?", keys)
        }
        assert listed - {"arn", "external_id"} == needed
        objects = any("!" in key for key in needed)
        assert status == ("–" if not objects else "400" if check.escapes else "200")
        assert client == f"`{check.client}` |"


@CONNECTORS
def test_a_complete_configuration_succeeds(kind: str, name: str) -> None:
    """No client finds a mistake in it (amendment squared A2)."""
    assert failure(kind, name, complete(kind, name)) is None


@CONNECTORS
@pytest.mark.parametrize("value", [..., None], ids=["missing", "null"])
def test_keys_without_a_value(kind: str, name: str, value: Any) -> None:
    """A key that the check reads is missed, and no other key is (amendment squared A2).

    The exception of a missing object escapes some clients.
    """
    needed = {*read_keys(kind, name)} - {*read_keys(kind, name, "?")}
    assert needed <= {*keys_of(complete(kind, name))}
    for key in keys_of(complete(kind, name)):
        found = failure(kind, name, changed(kind, name, key, value))
        assert (found is not None) is (key in needed), key
        if found is not None:
            assert found.text
            assert found.escaped is (name in ESCAPING and key in read_keys(kind, name, "!"))


@CONNECTORS
@pytest.mark.parametrize("value", NO_OBJECTS, ids=repr)
def test_objects_of_another_type(kind: str, name: str, value: Any) -> None:
    """A client cannot read a key of it, as of a missing one (amendment squared A2)."""
    for key in read_keys(kind, name, "!"):
        found = failure(kind, name, changed(kind, name, key, value))
        assert found is not None
        assert found.text
        assert found.escaped is (name in ESCAPING)


@CONNECTORS
@pytest.mark.parametrize("value", [5, False, ["x"], {"a": 1}], ids=repr)
def test_values_of_another_type(kind: str, name: str, value: Any) -> None:
    """The remote system gets them as they are, but for JSON texts and choices (inferred)."""
    checked = ("request_format", "sample_query", "credentials.auth_type", "auth_type", "data_type")
    for key in read_keys(kind, name):
        if key not in checked and key not in read_keys(kind, name, "!"):
            assert failure(kind, name, changed(kind, name, key, value)) is None, key


INTO = "no implicit conversion of {} into String"


@pytest.mark.parametrize("name", ["OpenAI", "Anthropic", "GenericOpenAI", "HttpModel", "Http"])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, INTO.format("nil")),
        (5, INTO.format("Integer")),
        (1.5, INTO.format("Float")),
        (True, INTO.format("true")),
        (False, INTO.format("false")),
        ([1], INTO.format("Array")),
        ({"a": 1}, INTO.format("Hash")),
        ("", "unexpected token at ''"),
        ("{x", "unexpected token at '{x'"),
        ("[]", None),
    ],
)
def test_json_texts(name: str, value: Any, text: str | None) -> None:
    """The client parses the request's format with Ruby's JSON (amendment squared A2)."""
    found = failure("source", name, changed("source", name, "request_format", value))
    missing = name == "Http" and value is None  # the client takes {} then
    assert (found and found.text) == (None if missing else text)


@pytest.mark.parametrize(
    ("kind", "name", "changes", "text"),
    [
        ("source", "OpenAI", {"config": None}, "undefined method `[]' for nil"),
        (
            "source",
            "OpenAI",
            {"config": "30"},
            "no implicit conversion of Symbol into Integer",
        ),
        ("source", "OpenAI", {"api_key": None}, "failed"),
        ("source", "Postgresql", {"credentials": {}}, "Unsupported Auth type"),
        ("source", "Postgresql", {"credentials": {"auth_type": "key"}}, "Unsupported Auth type"),
        (
            "source",
            "Postgresql",
            {"port": None, "host": "db"},
            'connection to server at "db", port 5432 failed: Connection refused\n'
            "\tIs the server running on that host and accepting TCP/IP connections?\n",
        ),
        (
            "source",
            "Postgresql",
            {"database": None, "host": "{x}", "port": 1},
            'connection to server at "{x}", port 1 failed: '
            'FATAL:  database "my username" does not exist\n',
        ),
        (
            "source",
            "GoogleDrive",
            {"data_type": "structured"},
            "Connection failed: Structured data is not supported yet",
        ),
        ("source", "GoogleDrive", {"folder_name": None}, "Folder name is required"),
        ("source", "GoogleDrive", {"data_type": "semistructured"}, None),
        ("source", "AmazonS3", {"access_id": None}, "undefined method `gsub' for nil"),
        (
            "source",
            "AmazonS3",
            {"access_id": None, "data_type": "unstructured"},
            "unable to sign request without credentials set",
        ),
        ("source", "AmazonS3", {"auth_type": "role", "access_id": None}, None),
        (
            "source",
            "AmazonS3",
            {"auth_type": "role", "arn": None},
            "missing required parameter params[:role_arn]",
        ),
        ("source", "AmazonS3", {"auth_type": "x"}, "undefined method `credentials' for nil"),
        ("destination", "Slack", {"api_token": None}, "not_authed"),
        ("destination", "Mailchimp", {"api_key": None}, "undefined method `split' for nil"),
        ("destination", "Airtable", {"base_id": None}, "base_id not found"),
    ],
)
def test_the_texts_of_failures(
    kind: str, name: str, changes: Mapping[str, Any], text: str | None
) -> None:
    """They are those of Ruby 3.2, of the client, or of its library (amendment squared A2)."""
    found = failure(kind, name, {**complete(kind, name), **changes})
    assert (found and found.text) == text
