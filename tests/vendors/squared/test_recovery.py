"""Tests of new passwords, verified addresses, logout and users/me.

Sources: docs/vendors/squared.md#5-accounts, docs/vendors/squared.md#1-contradictions, row 27.
"""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.emulation import Emulation, emulate
from tests.vendors.squared.factories import PASSWORD, make_account
from tests.vendors.squared.requests import CONNECTORS, kind_b, kind_c, login
from tests.vendors.squared.steering import (
    list_mails,
    register_credential,
    sandbox_of,
    use_server_dialect,
)

NEW = "Another2?"
UNAUTHORIZED = kind_b(401, "Unauthorized")
INVALID_RESET = kind_b(422, "Invalid token or password mismatch.")
INVALID_CONFIRMATION = kind_b(422, "Invalid confirmation code.")
NOT_VERIFIED = kind_b(401, "Account not verified. Please verify your account.")


def forgot_password(client: httpx.Client, email: str) -> httpx.Response:
    """Request a new password."""
    return client.post("/api/v1/forgot_password", json={"email": email})


def reset_password(client: httpx.Client, token: str, password: str = NEW) -> httpx.Response:
    """Set a new password."""
    body = {"password": password, "password_confirmation": password}
    return client.post("/api/v1/reset_password", json={"reset_password_token": token, **body})


def verify_user(client: httpx.Client, token: str) -> httpx.Response:
    """Follow the link of a confirmation mail."""
    return client.get("/api/v1/verify_user", params={"confirmation_token": token})


def resend_verification(client: httpx.Client, email: str) -> httpx.Response:
    """Request the confirmation mail again."""
    return client.post("/api/v1/resend_verification", json={"email": email})


def message_body(id_: Any, text: str) -> dict[str, Any]:
    """Return the body of a confirmation."""
    return {"data": {"type": "message", "id": id_, "attributes": {"message": text}}}


def require_verification(emulation: Emulation, email: str) -> None:
    """Let new accounts verify their address before a login."""
    sandbox_of(emulation, email).settings["squared.email_verification"] = True


def test_a_mailed_token_sets_a_new_password(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """The old password is valid until then, and never after."""
    make_account(anonymous, email)
    response = forgot_password(anonymous, email)
    assert response.status_code == 200
    assert response.json() == message_body(1, "Reset password instructions sent to email.")
    (mail,) = list_mails(emulation, email)
    token = mail.pop("token")
    assert mail.pop("sent_at").endswith("Z")
    assert mail == {
        "id": 1,
        "to": email,
        "kind": "reset_password",
        "subject": "Reset password instructions",
    }
    assert login(anonymous, email).status_code == 200
    response = reset_password(anonymous, token)
    assert (response.status_code, response.json()) == (
        200,
        message_body(1, "Password successfully reset."),
    )
    assert login(anonymous, email).status_code == 401
    assert login(anonymous, email, NEW).status_code == 200


def test_a_token_sets_one_password(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """A token is used once and ends with a newer mail. A weak password keeps it valid."""
    make_account(anonymous, email)
    for _ in range(2):
        forgot_password(anonymous, email)
    older, newer = (mail["token"] for mail in list_mails(emulation, email))
    for token, password, status in (
        ("invented", NEW, 422),
        (older, NEW, 422),
        (newer, "weak", 422),
        (newer, NEW, 200),
        (newer, NEW, 422),
    ):
        response = reset_password(anonymous, token, password)
        assert response.status_code == status
        if status == 422:
            assert response.json() == INVALID_RESET


def test_a_mailed_token_expires_after_six_hours(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """The sandbox's clock counts (inferred: Devise's default)."""
    make_account(anonymous, email)
    forgot_password(anonymous, email)
    sandbox_of(emulation, email).clock.advance(6 * 3600)
    response = reset_password(anonymous, list_mails(emulation, email)[0]["token"])
    assert (response.status_code, response.json()) == (422, kind_b(422, "Token has expired."))


def test_a_mailed_token_is_no_bearer_token(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """The token is valid for the purpose of the mail only."""
    make_account(anonymous, email)
    forgot_password(anonymous, email)
    client = emulation.client("/squared", list_mails(emulation, email)[0]["token"])
    response = client.get(CONNECTORS)
    assert (response.status_code, response.json()) == (401, UNAUTHORIZED)


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_an_account_is_verified_by_a_link(
    emulation: Emulation, anonymous: httpx.Client, email: str, dialect: str
) -> None:
    """`GET verify_user` works in both dialects. A login before it is refused.

    Source: docs/vendors/squared.md#1-contradictions, row 27.
    """
    sandbox_of(emulation, email).settings["squared.dialect"] = dialect
    require_verification(emulation, email)
    make_account(anonymous, email)
    assert login(anonymous, email).json() == NOT_VERIFIED
    response = resend_verification(anonymous, email)
    UUID(response.json()["data"]["id"])
    text = "Email verification link sent successfully!"
    assert response.json() == message_body(response.json()["data"]["id"], text)
    first, second = list_mails(emulation, email)
    assert (first["kind"], first["subject"]) == ("confirmation", "Confirmation instructions")
    assert first["token"] == second["token"]
    response = verify_user(anonymous, first["token"])
    verified = message_body(1, "Account verified successfully!")
    assert (response.status_code, response.json()) == (200, verified)
    assert login(anonymous, email).status_code == 200
    response = verify_user(anonymous, first["token"])
    assert (response.status_code, response.json()) == (422, INVALID_CONFIRMATION)
    assert anonymous.post("/api/v1/verify_code", json={}).status_code == 404


def test_a_link_is_followed_even_if_the_answer_is_known(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """304 in place of the body, since every first user's is the same; the address is verified."""
    answers: list[httpx.Response] = []
    for address, known in ((f"a{email}", "none"), (email, None)):
        require_verification(emulation, address)
        make_account(anonymous, address)
        token = list_mails(emulation, address)[0]["token"]
        headers = {"If-None-Match": known or answers[0].headers["etag"]}
        query = {"confirmation_token": token}
        answers.append(anonymous.get("/api/v1/verify_user", params=query, headers=headers))
    assert [answer.status_code for answer in answers] == [200, 304]
    assert login(anonymous, email).status_code == 200


@pytest.mark.parametrize("token", ["invented", "0" * 32, "a\0b", "\N{SNOWMAN}"])
def test_unknown_confirmation_tokens(anonymous: httpx.Client, token: str) -> None:
    """Kind B 422."""
    response = verify_user(anonymous, token)
    assert (response.status_code, response.json()) == (422, INVALID_CONFIRMATION)


def test_a_new_account_shows_the_verification_setting(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """`email_verification_enabled` follows the setting."""
    require_verification(emulation, email)
    body = {"name": "Mia", "email": email, "password": PASSWORD, "company_name": "Acme"}
    response = anonymous.post("/api/v1/signup", json={**body, "password_confirmation": PASSWORD})
    assert response.json()["data"]["attributes"]["email_verification_enabled"] is True


def test_confirmed_accounts_get_no_mail(anonymous: httpx.Client, email: str) -> None:
    """Without verification an account counts as confirmed (inferred)."""
    for status, text in ((422, "User not found."), (422, "Account already confirmed.")):
        response = resend_verification(anonymous, email)
        assert (response.status_code, response.json()) == (status, kind_b(status, text))
        if text.startswith("User"):
            make_account(anonymous, email)


def test_an_unknown_email_gets_no_mail(anonymous: httpx.Client, email: str) -> None:
    """Kind B 404."""
    response = forgot_password(anonymous, email)
    assert (response.status_code, response.json()) == (404, kind_b(404, "Email not found"))


MISSING = ["is missing"]
FORMAT = {"email": ["has invalid email format"]}


@pytest.mark.parametrize(
    ("method", "path", "body", "errors"),
    [
        ("POST", "forgot_password", {}, {"email": MISSING}),
        ("POST", "forgot_password", {"email": "x"}, FORMAT),
        ("POST", "resend_verification", {"email": None}, {"email": ["must be filled"]}),
        ("POST", "resend_verification", {"email": "x"}, FORMAT),
        (
            "POST",
            "reset_password",
            {"reset_password_token": "t", "password": "a", "password_confirmation": "b"},
            {"password": ["password doesn't match"]},
        ),
        (
            "POST",
            "reset_password",
            {"password": 1},
            {
                "reset_password_token": MISSING,
                "password": ["must be a string"],
                "password_confirmation": MISSING,
            },
        ),
        ("GET", "verify_user", None, {"confirmation_token": MISSING}),
        (
            "GET",
            "verify_user?confirmation_token=",
            None,
            {"confirmation_token": ["must be filled"]},
        ),
    ],
)
def test_contracts_of_recovery(
    anonymous: httpx.Client, method: str, path: str, body: Any, errors: Any
) -> None:
    """Kind A."""
    response = anonymous.request(method, f"/api/v1/{path}", json=body)
    assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_strict_mode_has_the_same_refusals() -> None:
    """Unregistered and unknown emails get one answer. Mailed tokens are registered."""
    with emulate(database_url="sqlite://", auth="strict") as strict:
        client = strict.client("/squared")
        assert forgot_password(client, "m@x.io").json() == kind_b(404, "Email not found")
        assert resend_verification(client, "m@x.io").json() == kind_b(422, "User not found.")
        assert reset_password(client, "t").json() == INVALID_RESET
        assert verify_user(client, "t").json() == INVALID_CONFIRMATION
        register_credential(strict, token="m@x.io")
        make_account(client, "m@x.io")
        forgot_password(client, "m@x.io").raise_for_status()
        reset_password(client, list_mails(strict, "m@x.io")[0]["token"]).raise_for_status()
        assert login(client, "m@x.io", NEW).status_code == 200


def test_an_outbox_belongs_to_a_sandbox(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """Another sandbox has its own outbox, and a reset empties it."""
    make_account(anonymous, email)
    forgot_password(anonymous, email)
    assert len(list_mails(emulation, email)) == 1
    assert list_mails(emulation, f"other{email}") == []
    sandbox_of(emulation, email).reset()
    assert list_mails(emulation, email) == []


def test_a_logout_ends_the_token(anonymous: httpx.Client, member: httpx.Client, email: str) -> None:
    """The status is 200 once. A new login returns a new token."""
    response = member.delete("/api/v1/logout")
    id_ = response.json()["data"]["id"]
    assert str(UUID(id_)) == id_
    assert (response.status_code, response.json()) == (
        200,
        message_body(id_, "Successfully logged out"),
    )
    for request in (("DELETE", "/api/v1/logout"), ("GET", CONNECTORS)):
        response = member.request(*request)
        assert (response.status_code, response.json()) == (401, UNAUTHORIZED)
    assert anonymous.delete("/api/v1/logout").json() == UNAUTHORIZED
    assert login(anonymous, email).status_code == 200


def test_a_token_of_no_login_survives_a_logout(squared: httpx.Client) -> None:
    """It is the key of its sandbox (inferred)."""
    assert squared.delete("/api/v1/logout").status_code == 200
    assert squared.get(CONNECTORS).status_code == 200


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_the_current_user(
    emulation: Emulation, member: httpx.Client, email: str, dialect: str
) -> None:
    """The user has the role in the workspace. Only the docs dialect has a default workspace.

    Source: docs/vendors/squared.md#1-contradictions, row 8.
    """
    if dialect == "server":
        use_server_dialect(emulation, member)
    data = member.get("/api/v1/users/me").json()["data"]
    assert data["attributes"].pop("created_at").endswith("Z")
    assert data == {
        "id": "1",
        "type": "users",
        "attributes": {
            "name": "Mia",
            "email": email,
            "role": "Admin",
            "status": "active",
            "invitation_created_at": None,
            "invitation_due_at": None,
            "email_verification_enabled": False,
        },
    }
    response = member.get("/api/v1/users/me", headers={"Workspace-Id": "9"})
    assert (response.status_code, response.json()) == (400, kind_c("Workspace not found"))
