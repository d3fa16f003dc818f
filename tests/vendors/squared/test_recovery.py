"""New passwords, verified addresses, logout and users/me.

Sources: docs/vendors/squared.md#5-accounts, docs/vendors/squared.md#1-contradictions, row 27.
"""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.emulation import Emulation, emulate
from tests.vendors.squared.accounts import PASSWORD, login, mails, signup
from tests.vendors.squared.sending import CONNECTORS, kind_b, kind_c, server_dialect

NEW = "Another2?"
UNAUTHORIZED = kind_b(401, "Unauthorized")
INVALID_RESET = kind_b(422, "Invalid token or password mismatch.")
INVALID_CONFIRMATION = kind_b(422, "Invalid confirmation code.")
NOT_VERIFIED = kind_b(401, "Account not verified. Please verify your account.")


def forgot(client: httpx.Client, email: str) -> httpx.Response:
    """Ask for a new password."""
    return client.post("/api/v1/forgot_password", json={"email": email})


def reset(client: httpx.Client, token: str, password: str = NEW) -> httpx.Response:
    """Set a new password."""
    body = {"password": password, "password_confirmation": password}
    return client.post("/api/v1/reset_password", json={"reset_password_token": token, **body})


def verify(client: httpx.Client, token: str) -> httpx.Response:
    """Follow the link of a confirmation's mail."""
    return client.get("/api/v1/verify_user", params={"confirmation_token": token})


def resend(client: httpx.Client, email: str) -> httpx.Response:
    """Ask for the confirmation's mail again."""
    return client.post("/api/v1/resend_verification", json={"email": email})


def message(id_: Any, text: str) -> dict[str, Any]:
    """Return what an operation says that has nothing to show."""
    return {"data": {"type": "message", "id": id_, "attributes": {"message": text}}}


def control_of(emulation: Emulation, email: str) -> httpx.Client:
    """Return a control client of the sandbox that an email opens."""
    return emulation.control(headers={"Authorization": f"Bearer {email}"})


def require_verification(emulation: Emulation, email: str) -> None:
    """Let new accounts verify their address first."""
    settings = {"squared.email_verification": True}
    control_of(emulation, email).patch("/settings", json=settings).raise_for_status()


def test_a_mail_brings_a_new_password(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """The old one is good until the new one is set, and never after."""
    signup(anonymous, email)
    response = forgot(anonymous, email)
    assert response.status_code == 200
    assert response.json() == message(1, "Reset password instructions sent to email.")
    (mail,) = mails(emulation, email)
    token = mail.pop("token")
    assert mail.pop("sent_at").endswith("Z")
    assert mail == {
        "id": 1,
        "to": email,
        "kind": "reset_password",
        "subject": "Reset password instructions",
    }
    assert login(anonymous, email).status_code == 200
    response = reset(anonymous, token)
    assert (response.status_code, response.json()) == (
        200,
        message(1, "Password successfully reset."),
    )
    assert login(anonymous, email).status_code == 401
    assert login(anonymous, email, NEW).status_code == 200


def test_a_token_sets_one_password(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """Neither a second time nor after a newer mail; a weak password leaves it good."""
    signup(anonymous, email)
    for _ in range(2):
        forgot(anonymous, email)
    older, newer = (mail["token"] for mail in mails(emulation, email))
    for token, password, status in (
        ("invented", NEW, 422),
        (older, NEW, 422),
        (newer, "weak", 422),
        (newer, NEW, 200),
        (newer, NEW, 422),
    ):
        response = reset(anonymous, token, password)
        assert response.status_code == status
        if status == 422:
            assert response.json() == INVALID_RESET


def test_a_token_for_a_password_lives_six_hours(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """On the sandbox's clock (inferred: Devise's default)."""
    signup(anonymous, email)
    forgot(anonymous, email)
    control = control_of(emulation, email)
    control.post("/clock/advance", json={"seconds": 6 * 3600})
    response = reset(anonymous, mails(emulation, email)[0]["token"])
    assert (response.status_code, response.json()) == (422, kind_b(422, "Token has expired."))


def test_a_mails_token_is_no_bearer(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """It opens what the mail is about and nothing else."""
    signup(anonymous, email)
    forgot(anonymous, email)
    client = emulation.client("/squared", mails(emulation, email)[0]["token"])
    response = client.get(CONNECTORS)
    assert (response.status_code, response.json()) == (401, UNAUTHORIZED)


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_an_account_is_verified_by_a_link(
    emulation: Emulation, anonymous: httpx.Client, email: str, dialect: str
) -> None:
    """`GET verify_user` in both dialects; a login has to wait for it.

    Source: docs/vendors/squared.md#1-contradictions, row 27.
    """
    control_of(emulation, email).patch("/settings", json={"squared.dialect": dialect})
    require_verification(emulation, email)
    signup(anonymous, email)
    assert login(anonymous, email).json() == NOT_VERIFIED
    response = resend(anonymous, email)
    UUID(response.json()["data"]["id"])
    text = "Email verification link sent successfully!"
    assert response.json() == message(response.json()["data"]["id"], text)
    first, second = mails(emulation, email)
    assert (first["kind"], first["subject"]) == ("confirmation", "Confirmation instructions")
    assert first["token"] == second["token"]
    response = verify(anonymous, first["token"])
    verified = message(1, "Account verified successfully!")
    assert (response.status_code, response.json()) == (200, verified)
    assert login(anonymous, email).status_code == 200
    response = verify(anonymous, first["token"])
    assert (response.status_code, response.json()) == (422, INVALID_CONFIRMATION)
    assert anonymous.post("/api/v1/verify_code", json={}).status_code == 404


@pytest.mark.parametrize("token", ["invented", "0" * 32, "a\0b", "\N{SNOWMAN}"])
def test_a_link_that_nobody_sent(anonymous: httpx.Client, token: str) -> None:
    """Kind B 422."""
    response = verify(anonymous, token)
    assert (response.status_code, response.json()) == (422, INVALID_CONFIRMATION)


def test_a_new_account_says_that_it_waits(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """`email_verification_enabled` follows the setting."""
    require_verification(emulation, email)
    body = {"name": "Mia", "email": email, "password": PASSWORD, "company_name": "Acme"}
    response = anonymous.post("/api/v1/signup", json={**body, "password_confirmation": PASSWORD})
    assert response.json()["data"]["attributes"]["email_verification_enabled"] is True


def test_nothing_is_left_to_verify(anonymous: httpx.Client, email: str) -> None:
    """Without verification an account counts as confirmed (inferred); no account, no mail."""
    for status, text in ((422, "User not found."), (422, "Account already confirmed.")):
        response = resend(anonymous, email)
        assert (response.status_code, response.json()) == (status, kind_b(status, text))
        if text.startswith("User"):
            signup(anonymous, email)


def test_nobody_to_mail_a_password_to(anonymous: httpx.Client, email: str) -> None:
    """Kind B 404."""
    response = forgot(anonymous, email)
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
def test_what_the_contracts_refuse(
    anonymous: httpx.Client, method: str, path: str, body: Any, errors: Any
) -> None:
    """Kind A."""
    response = anonymous.request(method, f"/api/v1/{path}", json=body)
    assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_strict_mode_sounds_the_same() -> None:
    """Who is not registered is told what an unknown one is told; mailed tokens are known."""
    with emulate(database_url="sqlite://", auth="strict") as strict:
        client = strict.client("/squared")
        assert forgot(client, "m@x.io").json() == kind_b(404, "Email not found")
        assert resend(client, "m@x.io").json() == kind_b(422, "User not found.")
        assert reset(client, "t").json() == INVALID_RESET
        assert verify(client, "t").json() == INVALID_CONFIRMATION
        registered = {"vendor": "squared", "token": "m@x.io"}
        strict.control().post("/credentials", json=registered).raise_for_status()
        signup(client, "m@x.io")
        forgot(client, "m@x.io").raise_for_status()
        reset(client, mails(strict, "m@x.io")[0]["token"]).raise_for_status()
        assert login(client, "m@x.io", NEW).status_code == 200


def test_an_outbox_belongs_to_a_sandbox(
    emulation: Emulation, anonymous: httpx.Client, email: str
) -> None:
    """Nobody else sees it, and a reset empties it."""
    signup(anonymous, email)
    forgot(anonymous, email)
    assert len(mails(emulation, email)) == 1
    assert mails(emulation, f"other{email}") == []
    control_of(emulation, email).post("/reset").raise_for_status()
    assert mails(emulation, email) == []


def test_logging_out_ends_the_token(
    anonymous: httpx.Client, member: httpx.Client, email: str
) -> None:
    """200 once; a new login brings a new token."""
    response = member.delete("/api/v1/logout")
    id_ = response.json()["data"]["id"]
    assert str(UUID(id_)) == id_
    assert (response.status_code, response.json()) == (
        200,
        message(id_, "Successfully logged out"),
    )
    for request in (("DELETE", "/api/v1/logout"), ("GET", CONNECTORS)):
        response = member.request(*request)
        assert (response.status_code, response.json()) == (401, UNAUTHORIZED)
    assert anonymous.delete("/api/v1/logout").json() == UNAUTHORIZED
    assert login(anonymous, email).status_code == 200


def test_a_token_that_no_login_issued_survives_logging_out(squared: httpx.Client) -> None:
    """It is the key of its sandbox (inferred)."""
    assert squared.delete("/api/v1/logout").status_code == 200
    assert squared.get(CONNECTORS).status_code == 200


@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_who_one_is(emulation: Emulation, member: httpx.Client, email: str, dialect: str) -> None:
    """With the role in the workspace, which only the docs dialect finds by itself.

    Source: docs/vendors/squared.md#1-contradictions, row 8.
    """
    if dialect == "server":
        server_dialect(emulation, member)
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
