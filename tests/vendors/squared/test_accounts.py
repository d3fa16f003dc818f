"""Accounts, tokens and workspaces.

Sources: docs/vendors/squared.md#23-authentication, docs/vendors/squared.md#24-workspace,
docs/vendors/squared.md#5-accounts and docs/vendors/squared.md#6-workspaces.
"""

import json
from base64 import urlsafe_b64decode
from typing import Any
from uuid import uuid4

import httpx
import pytest

from mockalog.kernel.sandboxes.credentials import digest
from tests.emulation import Emulation, emulate
from tests.vendors.squared.factories import PASSWORD, account_body, make_account
from tests.vendors.squared.requests import kind_b, kind_c, login
from tests.vendors.squared.steering import register_credential

WRONG = kind_b(401, "Invalid login credentials, please try again")
UNAUTHORIZED = kind_b(401, "Unauthorized")
LOCKED = kind_b(
    401, "Account is locked due to multiple login attempts. Please retry after sometime"
)
WORKSPACES = "/api/v1/workspaces"


def test_a_signup_returns_the_user(anonymous: httpx.Client, email: str) -> None:
    """The status is 201. The role is null because it belongs to a workspace."""
    response = anonymous.post("/api/v1/signup", json=account_body(email))
    data = response.json()["data"]
    assert response.status_code == 201
    assert data["attributes"].pop("created_at").endswith("Z")
    assert data == {
        "id": "1",
        "type": "users",
        "attributes": {
            "name": "Mia",
            "email": email,
            "role": None,
            "status": "active",
            "invitation_created_at": None,
            "invitation_due_at": None,
            "email_verification_enabled": False,
        },
    }


SHORT = "Password is too short (minimum is 6 characters)"
WEAK = (
    "Password Length should be 8-128 characters and include: "
    "1 uppercase,lowercase,digit and special character"
)


@pytest.mark.parametrize(
    ("password", "messages"),
    [
        ("Aa1!", f"{SHORT}, {WEAK}"),
        ("secret1!", WEAK),
        ("SECRET1!", WEAK),
        ("Secrets!", WEAK),
        ("Secret12", WEAK),
        ("Aa1!" * 33, WEAK),
    ],
)
def test_a_signup_refuses_weak_passwords(
    anonymous: httpx.Client, email: str, password: str, messages: str
) -> None:
    """The refusal is of kind B and has every message in one line."""
    response = anonymous.post("/api/v1/signup", json=account_body(email, password=password))
    refusal = kind_b(422, f"Signup failed: {messages}")
    assert (response.status_code, response.json()) == (422, refusal)


def test_an_email_has_one_account(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """Of eight signups at once with one email, one succeeds."""
    request = anonymous.build_request("POST", "/api/v1/signup", json=account_body(email))
    answers = emulation.at_once(anonymous, [request] * 8)
    taken = (
        "Signup failed: There's already an account with this email address. "
        "Use a different email or Sign In with this address"
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7
    assert [a.json() for a in answers if a.status_code == 422] == [kind_b(422, taken)] * 7


MISSING = ["is missing"]


@pytest.mark.parametrize(
    ("path", "body", "errors"),
    [
        ("login", {}, {"email": MISSING, "password": MISSING}),
        (
            "login",
            {"email": "", "password": None},
            {"email": ["must be filled"], "password": ["must be filled"]},
        ),
        ("login", {"email": "x", "password": "y"}, {"email": ["has invalid email format"]}),
        (
            "login",
            {"email": f"{'x' * 250}@x.io", "password": "y"},
            {"email": ["has invalid email format"]},
        ),
        (
            "login",
            {"email": 5, "password": 5},
            {"email": ["must be a string"], "password": ["must be a string"]},
        ),
        (
            "signup",
            {},
            dict.fromkeys(
                ("name", "email", "password", "password_confirmation", "company_name"), MISSING
            ),
        ),
        (
            "signup",
            account_body("m@x.io", password_confirmation="other"),
            {"password": ["password doesn't match"]},
        ),
        (
            "signup",
            account_body("x", name=""),
            {"email": ["has invalid email format"], "name": ["must be filled"]},
        ),
    ],
)
def test_contracts_of_accounts(anonymous: httpx.Client, path: str, body: Any, errors: Any) -> None:
    """Kind A comes before authentication."""
    response = anonymous.post(f"/api/v1/{path}", json=body)
    assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_a_name_with_a_nul_is_refused(anonymous: httpx.Client, email: str) -> None:
    """The refusal is of kind C on every database."""
    response = anonymous.post("/api/v1/signup", json=account_body(email, name="a\0b"))
    assert (response.status_code, response.json()) == (400, kind_c("string contains null byte"))


def test_a_login_takes_a_form(anonymous: httpx.Client, email: str) -> None:
    """Bodies may be form-encoded (2.1)."""
    make_account(anonymous, email)
    response = anonymous.post("/api/v1/login", data={"email": email, "password": PASSWORD})
    assert response.status_code == 200


def test_the_claims_of_a_token(emulation: Emulation, anonymous: httpx.Client, email: str) -> None:
    """The token is signed with HS256 and is its own id (2.3)."""
    make_account(anonymous, email)
    data = login(anonymous, email).json()["data"]
    token = data["id"]
    assert data == {"type": "token", "id": token, "attributes": {"token": token}}
    header, payload = (json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    assert header["alg"] == "HS256"
    assert payload["exp"] == payload.pop("iat") + 1800 == payload.pop("exp")
    assert len(payload.pop("jti")) == 36
    assert payload == {"sub": "1", "scp": "user", "aud": None}


def test_a_token_expires_after_thirty_minutes(emulation: Emulation, member: httpx.Client) -> None:
    """The sandbox's clock counts."""
    sandbox = emulation.sandbox(member)
    assert member.get(WORKSPACES).json()["data"][0]["attributes"]["organization_name"] == "Acme"
    sandbox.clock.advance(1790)
    assert member.get(WORKSPACES).status_code == 200
    sandbox.clock.advance(11)
    response = member.get(WORKSPACES)
    assert (response.status_code, response.json()) == (401, UNAUTHORIZED)


def test_a_new_login_ends_the_older_token(
    emulation: Emulation, anonymous: httpx.Client, member: httpx.Client, email: str
) -> None:
    """Each user has one live token."""
    newer = emulation.client("/squared", login(anonymous, email).json()["data"]["id"])
    assert member.get(WORKSPACES).json() == UNAUTHORIZED
    assert newer.get(WORKSPACES).status_code == 200


def test_a_reset_ends_tokens(emulation: Emulation, member: httpx.Client) -> None:
    """After a reset the user of a token does not exist."""
    emulation.sandbox(member).reset()
    response = member.get(WORKSPACES)
    assert (response.status_code, response.json()) == (401, UNAUTHORIZED)


def test_wrong_password_and_unknown_email_get_one_answer(
    anonymous: httpx.Client, email: str
) -> None:
    """The refusal is of kind B with 401. The email is case-sensitive."""
    make_account(anonymous, email)
    for name, password in ((email, "x"), ("a" + email, PASSWORD), (email.upper(), PASSWORD)):
        response = login(anonymous, name, password)
        assert (response.status_code, response.json()) == (401, WRONG)


def test_five_wrong_passwords_lock_an_account_for_an_hour(
    emulation: Emulation, anonymous: httpx.Client, member: httpx.Client, email: str
) -> None:
    """The live token is refused in plain text during the lock (2.3, 5)."""
    for _ in range(5):
        assert login(anonymous, email, "x").json() == WRONG
    assert login(anonymous, email).json() == LOCKED
    refused = member.get(WORKSPACES)
    assert (refused.status_code, refused.text) == (401, "Your account is locked.")
    emulation.sandbox(member).clock.advance(3600)
    assert login(anonymous, email, "x").json() == WRONG
    assert login(anonymous, email).status_code == 200


def test_a_login_resets_the_count_of_wrong_passwords(anonymous: httpx.Client, email: str) -> None:
    """Only five wrong passwords in a row lock an account."""
    make_account(anonymous, email)
    for _ in range(2):
        for _ in range(4):
            login(anonymous, email, "x")
        assert login(anonymous, email).status_code == 200


def test_the_user_of_a_bare_token_cannot_log_in(emulation: Emulation) -> None:
    """The first user has no password (inferred)."""
    client = emulation.client("/squared", headers={"X-Mockalog-Sandbox": uuid4().hex})
    client.get(WORKSPACES)
    assert login(client, "admin@mockalog.invalid").json() == WRONG


def test_strict_mode_knows_registered_emails_only() -> None:
    """An unregistered email is refused like a wrong password. A registered one signs up."""
    with emulate(database_url="sqlite://", auth="strict") as strict:
        client = strict.client("/squared")
        assert login(client, "m@x.io").json() == WRONG
        assert client.post("/api/v1/signup", json=account_body("m@x.io")).json() == UNAUTHORIZED
        register_credential(strict, token="m@x.io")
        make_account(client, "m@x.io")
        assert login(client, "m@x.io").status_code == 200


@pytest.mark.parametrize("text", ["undefined", "null", "None", "NaN", "[object Object]", ""])
def test_the_text_of_an_unset_variable_names_no_sandbox(
    emulation: Emulation, email: str, text: str
) -> None:
    """The vendor's own pages send it before a login: then the email selects the sandbox.

    Source: docs/vendors/squared.md#5-accounts.
    """
    client = emulation.client("/squared", headers={"Authorization": f"Bearer {text}"})
    make_account(client, email)
    token = login(client, email).json()["data"]["id"]
    found = emulation.control(emulation.client(token=token)).get("/info").json()["sandbox"]
    assert found == digest(email)
    named = {"X-Mockalog-Sandbox": email}
    assert client.post("/api/v1/login", json=account_body(email), headers=named).json() == WRONG


@pytest.mark.parametrize(
    ("auth", "carried"),
    [
        ("open", "Authorization"),
        ("open", "X-Mockalog-Sandbox"),
        # A name alone is no credential of a strict server.
        ("strict", "Authorization"),
    ],
)
def test_a_credential_selects_the_sandbox_before_the_email(auth: str, carried: str) -> None:
    """One address signs up in two sandboxes and logs in to both."""
    with emulate(database_url="sqlite://", auth=auth) as emulation:
        for name in ("one", "other"):
            register_credential(emulation, token=name, sandbox=name)
            headers = {"Authorization": f"Bearer {name}"}
            client = emulation.client("/squared", headers=headers)
            if carried != "Authorization":
                client.headers = httpx.Headers({carried: name})
            make_account(client, "u@x.io")
            token = login(client, "u@x.io").json()["data"]["id"]
            client.headers = httpx.Headers({"Authorization": f"Bearer {token}"})
            assert client.get("/api/v1/users/me").status_code == 200
            assert login(client, "u@x.io").status_code == 200
            assert client.get("/api/v1/users/me").status_code == 401  # a newer token ended it
            assert login(client, "u@x.io", "wrong").json() == WRONG
            assert client.post("/api/v1/signup", json={}).status_code != 401
            owner = emulation.client(headers=headers)
            count = emulation.sandbox(owner).requests.count()
            assert count == 7  # a token that has ended still says whose it was
        assert (
            login(emulation.client("/squared", headers={"Authorization": ""}), "u@x.io").json()
            == WRONG
        )
