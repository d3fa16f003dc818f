"""Password reset and email verification: both need a token that a mail contains.

Source: docs/vendors/squared.md#5-accounts.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from mockalog.kernel.clock import SECOND
from mockalog.vendors.squared.errors import ApplicationError
from mockalog.vendors.squared.rules.accounts.accounts import (
    email_errors,
    is_strong,
    password_errors,
)
from mockalog.vendors.squared.rules.validation import Key, require_no_errors, validate

# Devise's default, which the vendor does not change (inferred).
RESET_MICROSECONDS = 6 * 3600 * SECOND

_TEXT = Key("string")
_EMAIL = {"email": _TEXT}
_RESET = {"reset_password_token": _TEXT, "password": _TEXT, "password_confirmation": _TEXT}
_CONFIRMATION = {"confirmation_token": _TEXT}

# The format of the tokens that this server sends; other texts are no tokens.
_TOKEN = re.compile("[0-9a-f]{32}")


class Mail(NamedTuple):
    """The kind and the subject of a mail; the subjects are Devise's (inferred)."""

    kind: str
    subject: str


RESET_PASSWORD = Mail("reset_password", "Reset password instructions")
CONFIRMATION = Mail("confirmation", "Confirmation instructions")


class Reset(NamedTuple):
    """A new password and the token that allows it."""

    token: str
    password: str


def email(body: Mapping[str, object]) -> str:
    """Return the email of a request; raises `ContractError`."""
    values, errors = validate(body, _EMAIL)
    require_no_errors({**email_errors(values, errors), **errors})
    return str(values["email"])


def reset(body: Mapping[str, object]) -> Reset:
    """Return the new password and its token; raises `ContractError`."""
    values, errors = validate(body, _RESET)
    require_no_errors({**errors, **password_errors(values, errors)})
    return Reset(values["reset_password_token"], values["password"])


def confirmation_token(query: Mapping[str, str]) -> str:
    """Return the token of a link's query; raises `ContractError`."""
    values, errors = validate(query, _CONFIRMATION)
    require_no_errors(errors)
    return str(values["confirmation_token"])


def check_reset(password: str, sent_at: int, now: int) -> None:
    """Raise `ApplicationError` for an expired token and for a weak password.

    `sent_at`, `now`: microseconds. The order of the two errors is inferred.
    """
    if now >= sent_at + RESET_MICROSECONDS:
        raise ApplicationError(422, "Token has expired.", id_="reset-expired")
    if not is_strong(password):
        raise InvalidResetError


def is_token(text: str) -> bool:
    """Return whether the text has the format of a mail's token."""
    return bool(_TOKEN.fullmatch(text))


class InvalidResetError(ApplicationError):
    """An unknown token or a weak password."""

    def __init__(self) -> None:
        super().__init__(422, "Invalid token or password mismatch.", id_="invalid-reset")


class InvalidConfirmationError(ApplicationError):
    """An unknown token, or an account that is verified already."""

    def __init__(self) -> None:
        super().__init__(422, "Invalid confirmation code.", id_="invalid-confirmation")


class UnknownEmailError(ApplicationError):
    """No account with this email, asked for a new password."""

    def __init__(self) -> None:
        super().__init__(404, "Email not found", id_="email-not-found")


class UnknownUserError(ApplicationError):
    """No account with this email, asked for another verification mail."""

    def __init__(self) -> None:
        super().__init__(422, "User not found.", id_="unknown-user")
