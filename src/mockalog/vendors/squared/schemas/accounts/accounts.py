"""Accounts on the wire (docs/vendors/squared.md#5-accounts)."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from mockalog.kernel.clock import iso_millis
from mockalog.vendors.squared.rules.accounts.accounts import EMAIL, MAX_EMAIL
from mockalog.vendors.squared.rules.accounts.rows import UserRow
from mockalog.vendors.squared.schemas.base import (
    IdText,
    In,
    Out,
    Resource,
    Timestamp,
    exampled,
    resource,
)

Email = Annotated[
    str,
    Field(pattern=f"^{EMAIL}$", max_length=MAX_EMAIL),
]
Text = Annotated[str, Field(min_length=1)]
Password = Annotated[
    str,
    Field(
        min_length=8,
        max_length=128,
        description="It has an upper-case and a lower-case letter, a digit and another character",
        json_schema_extra={
            "allOf": [{"pattern": p} for p in ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]")]
        },
    ),
]
_MIA = {"name": "Mia", "email": "mia@example.com"}
_PASSWORDS = {"password": "Secret1!", "password_confirmation": "Secret1!"}


class SignupIn(In):
    """A new account."""

    model_config = exampled({**_MIA, **_PASSWORDS, "company_name": "Acme"})

    name: Text
    email: Email
    password: Password
    password_confirmation: str = Field(description="The same password")
    company_name: Text


class LoginIn(In):
    """A user's credentials."""

    model_config = exampled({"email": "mia@example.com", "password": "Secret1!"})

    email: Email
    password: Text


class EmailIn(In):
    """The address of an account."""

    model_config = exampled({"email": "mia@example.com"})

    email: Email


class ResetPasswordIn(In):
    """A new password, and the token of the mail that allows it."""

    model_config = exampled({"reset_password_token": "5f" * 16, **_PASSWORDS})

    reset_password_token: Text
    password: Password
    password_confirmation: str = Field(description="The same password")


class ConfirmationQueryIn(In):
    """The token of the mail that asks for a confirmation."""

    confirmation_token: Text = Field(examples=["5f" * 16])


class UserAttributesOut(Out):
    """A user."""

    name: str
    email: str
    created_at: Timestamp
    role: str | None = Field(description="The role in the workspace; null after a signup")
    status: Literal["active", "invited", "expired"]
    invitation_created_at: Timestamp | None
    invitation_due_at: Timestamp | None
    email_verification_enabled: bool


class UserResourceOut(Out):
    """A user as a JSON:API object."""

    id: IdText
    type: Literal["users"]
    attributes: UserAttributesOut


_USER = {
    "id": "1",
    "type": "users",
    "attributes": {
        **_MIA,
        "created_at": "2026-03-02T09:00:00.000Z",
        "role": "Admin",
        "status": "active",
        "invitation_created_at": None,
        "invitation_due_at": None,
        "email_verification_enabled": False,
    },
}


class UserOut(Out):
    """One user."""

    model_config = exampled({"data": _USER})

    data: UserResourceOut


class TokenAttributesOut(Out):
    """A bearer token."""

    token: str = Field(description="A JWT; it lives for 30 minutes")


class TokenResourceOut(Out):
    """A token as a JSON:API object."""

    id: str = Field(description="The token itself")
    type: Literal["token"]
    attributes: TokenAttributesOut


class TokenOut(Out):
    """The token of a login; the user's older one ends."""

    model_config = exampled(
        {"data": {"type": "token", "id": "eyJ...", "attributes": {"token": "eyJ..."}}}
    )

    data: TokenResourceOut


class MessageAttributesOut(Out):
    """A confirmation."""

    message: str


class MessageResourceOut(Out):
    """A confirmation as a JSON:API object."""

    id: int | str = Field(description="The number of the user, or a UUID")
    type: Literal["message"]
    attributes: MessageAttributesOut


class AccountMessageOut(Out):
    """A confirmation."""

    model_config = exampled(
        {
            "data": {
                "type": "message",
                "id": 1,
                "attributes": {"message": "Password successfully reset."},
            }
        }
    )

    data: MessageResourceOut


def user_of(row: UserRow, role: str | None, *, verification: bool) -> Resource:
    """Return a user with the role in one workspace; without invitations all are active."""
    attributes: dict[str, object] = {
        "name": row.name,
        "email": row.email,
        "created_at": iso_millis(row.created_at),
        "role": role,
        "status": "active",
        "invitation_created_at": None,
        "invitation_due_at": None,
        "email_verification_enabled": verification,
    }
    return resource("users", row.id, attributes)


def token_of(token: str) -> Resource:
    """Return the token of a login, which is its own id."""
    return {"type": "token", "id": token, "attributes": {"token": token}}


class Message(TypedDict):
    """A confirmation as a JSON:API object."""

    type: str
    id: int | str
    attributes: dict[str, str]


def message_of(id_: int | str, message: str) -> Message:
    """Return a confirmation; `id_`: of a user, or a UUID."""
    return {"type": "message", "id": id_, "attributes": {"message": message}}
