"""The secrets of each vendor: no journal shows them, wherever a client may send them."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jwt
import pytest

from mockalog.kernel.journal.entries import entry_of
from mockalog.kernel.journal.redaction import Redaction
from mockalog.vendors import VENDORS
from mockalog.vendors.attraqt.rules.tokens import ASSERTION_TYPE
from mockalog.vendors.squared.rules.connectors.connector_configuration import MASK, mask_secrets
from mockalog.vendors.squared.rules.connectors.registry import Definition, load_registry
from tests.emulation import Emulation, emulate
from tests.kernel.journal.factories import exchange

REDACTION = Redaction((), {vendor.name: vendor.secrets for vendor in VENDORS})
DEFINITIONS = list(load_registry().definitions.values())


def configuration(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with a value for each property of a connector."""
    return {
        name: configuration(one["properties"]) if "properties" in one else f"s3cret-{name}"
        for name, one in properties.items()
    }


def masked(value: object) -> Iterator[str]:
    """Yield the names that the vendor masks in a response."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        if inner == MASK:
            yield name
        yield from masked(inner)


def pairs(value: object, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield a configuration as the fields of a form, such as `configuration[host]`."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        path = f"{prefix}[{name}]"
        yield from pairs(inner, path) if isinstance(inner, dict) else [(path, inner)]


def shown(**parts: Any) -> str:
    """Return an exchange with Squared as the journal shows it."""
    return json.dumps(entry_of(exchange(vendor="squared", **parts), REDACTION))


@pytest.mark.parametrize(
    "definition", DEFINITIONS, ids=lambda one: f"{one.record['type']} {one.record['name']}"
)
def test_the_journal_hides_each_field_that_squared_masks(definition: Definition) -> None:
    """In JSON, in JSON inside of JSON, in a form and in a request without an operation."""
    sent = configuration(
        definition.record["connector_spec"]["connection_specification"]["properties"]
    )
    names = set(masked(mask_secrets(sent, definition)))
    assert names == definition.masked_keys
    body = {"connector": {"configuration": sent, "text": json.dumps(sent)}}
    form = urlencode(list(pairs(sent, "connector[configuration]")))

    found = [
        shown(operation="create_connector", request_body=json.dumps(body).encode()),
        shown(operation="create_connector", response_body=json.dumps(body).encode()),
        shown(operation="create_connector", request_body=form.encode()),
        shown(operation=None, request_body=json.dumps(body).encode()),
        json.dumps(entry_of(exchange(request_body=json.dumps(body).encode()), REDACTION)),
    ]

    for text in found:
        assert [name for name in names if f"s3cret-{name}" in text] == []
        assert all(f"s3cret-{name}" in text for name in {"host", "region"} & sent.keys())


def test_the_fields_of_a_vendor_are_its_own() -> None:
    """A catalog of another vendor may have a column of the same name."""
    body = b'{"client_id":"shop-7","tenant_id":"t-1"}'
    entry = entry_of(exchange(vendor="braze", operation="x", request_body=body), REDACTION)

    assert entry["request"]["body"].encode() == body


def test_a_created_connector_is_shown_nowhere() -> None:
    """Neither in the list nor in the archive."""
    with emulate() as emulation:
        client = emulation.client("/squared")
        wanted = {"connector_type": "source", "connector_name": "AmazonS3", "name": "s3"}
        keys = {"auth_type": "user", "secret_access": "s3cret-1", "access_id": "public-1"}
        client.post("/api/v1/connectors", json={"connector": {**wanted, "configuration": keys}})

        texts = [emulation.control(client).get(f"/requests{way}").text for way in ("", "/har")]

    assert [("s3cret-1" in text, "public-1" in text) for text in texts] == [(False, True)] * 2


def assertion() -> str:
    """Return the assertion of a client."""
    claims = {"iss": "s3cret-id", "sub": "s3cret-id", "exp": 2**40, "jti": "1"}
    return jwt.encode(claims, "k" * 32, algorithm="HS256")


BASIC = f"Basic {base64.b64encode(b's3cret-id:s3cret-key').decode()}"
TOKENS = "/attraqt/auth/realms/acme/protocol/openid-connect/token"
INTROSPECTION = f"{TOKENS}/introspect"
USERINFO = "/attraqt/auth/realms/acme/protocol/openid-connect/userinfo"
GRANT = {"grant_type": "client_credentials"}
CLIENT = {**GRANT, "client_id": "s3cret-id", "client_secret": "s3cret-key"}
ASSERTION = {**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion()}
ACCOUNT = {"name": "U", "email": "s3cret@x.io", "password": "S3cret1!s3cret", "company_name": "X"}
ACCOUNT["password_confirmation"] = ACCOUNT["password"]
RESET = {"reset_password_token": "s3cret", "password": "s3cret1!", "password_confirmation": "s3cr"}

# The operations that take a credential elsewhere than in `Authorization: Bearer`, and requests
# with each credential that they accept.
ACCEPTED: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "create_token": [
        ("POST", TOKENS, {"data": GRANT, "headers": {"Authorization": BASIC}}),
        ("POST", TOKENS, {"data": CLIENT}),
        ("POST", TOKENS, {"data": {**CLIENT, "grant_type": "password"}}),
        ("POST", TOKENS, {"data": {**GRANT, "client_id": "s3cret-id"}}),
        ("POST", TOKENS, {"data": ASSERTION}),
        ("POST", TOKENS, {"data": {**ASSERTION, "client_id": "s3cret-id"}}),
    ],
    "introspect_token": [
        ("POST", INTROSPECTION, {"data": {"token": "s3cret"}, "headers": {"Authorization": BASIC}}),
        ("POST", INTROSPECTION, {"data": {**CLIENT, "token": "s3cret"}}),
        ("POST", INTROSPECTION, {"data": {**ASSERTION, "token": "s3cret"}}),
    ],
    "post_userinfo": [("POST", USERINFO, {"data": {"access_token": "s3cret"}})],
    "signup": [("POST", "/squared/api/v1/signup", {"json": ACCOUNT})],
    "login": [
        ("POST", "/squared/api/v1/login", {"json": ACCOUNT}),
        ("POST", "/squared/api/v1/login", {"data": ACCOUNT}),
        ("POST", "/squared/api/v1/login", {"json": {"email": "s3cret@x.io"}}),
    ],
    "forgot_password": [("POST", "/squared/api/v1/forgot_password", {"json": ACCOUNT})],
    "resend_verification": [("POST", "/squared/api/v1/resend_verification", {"json": ACCOUNT})],
    "reset_password": [("POST", "/squared/api/v1/reset_password", {"json": RESET})],
    "verify_user": [("GET", "/squared/api/v1/verify_user?confirmation_token=s3cret", {})],
}


def test_the_table_has_each_operation_with_a_credential_of_its_own() -> None:
    """A new one needs a row above, and its fields in `Vendor.secrets` or a general name."""
    declared = {
        operation.name
        for vendor in VENDORS
        for operation in vendor.api.router.operations
        if operation.credential is not None
    }

    assert declared == set(ACCEPTED)


@pytest.mark.parametrize("auth", ["open", "strict"])
@pytest.mark.parametrize("operation", ACCEPTED)
@pytest.mark.parametrize("headers", [{}, {"X-Mockalog-Sandbox": "mine"}], ids=["", "named"])
def test_no_accepted_credential_is_shown(
    auth: str, operation: str, headers: dict[str, str]
) -> None:
    """Whether it opens a sandbox or is refused."""
    with emulate(auth=auth) as emulation:
        for method, path, parts in ACCEPTED[operation]:
            sent = {**headers, **parts.get("headers", {})}
            client = emulation.client(headers={"Authorization": "", **sent})
            client.request(method, path, **{**parts, "headers": {}})

        listed = emulation.control().get(f"/requests?operation={operation}")
        texts = [listed.text, emulation.control().get("/requests/har").text]

    assert len(listed.json()["requests"]) == len(ACCEPTED[operation])
    secrets = ("s3cret", "S3cret", BASIC, quote(BASIC), assertion().split(".")[1])
    assert [one for one in secrets for text in texts if one in text] == []


def test_answers_about_an_access_token_show_no_client() -> None:
    """The id of a client opens its sandbox, so it is hidden where Attraqt's realm tells it."""
    with emulate() as emulation:
        client = emulation.client("", headers={"Authorization": ""})
        token = client.post(TOKENS, data={**CLIENT, "scope": "openid"}).json()["access_token"]
        other = {"client_id": "other", "client_secret": "s", "token": token}
        active = client.post(INTROSPECTION, data=other).json()["active"]
        client.get(USERINFO, headers={"Authorization": f"Bearer {token}"})
        client.post(USERINFO, data={"access_token": token})
        texts = [emulation.control().get(f"/requests{way}").text for way in ("", "/har")]

    assert active
    assert [("s3cret" in text, token.split(".")[1] in text) for text in texts] == [
        (False, False)
    ] * 2


@pytest.mark.parametrize("vendor", [vendor.name for vendor in VENDORS])
def test_no_bearer_token_is_shown(emulation: Emulation, vendor: str) -> None:
    """In no place where a client may repeat it, and in no spelling."""
    token = 's3cret/+"é'
    client = emulation.client(f"/{vendor}")
    sent = {b"Authorization": f"Bearer {token}".encode(), b"X-Braze-Key": b"s3cret"}
    client.headers = httpx.Headers(sent)
    client.get(f"/s3cret%2F+%22é?k={quote(token)}")
    client.post("/catalogs", json={"a": token, "b": json.dumps({"c": token})})

    found = emulation.control().get("/requests").text

    assert "s3cret" not in found
