"""How one comes back to an account: by a token that a mail brings.

Source: docs/vendors/squared.md#5-accounts.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.kernel.clock import SECOND
from mockalog.vendors.squared.errors import Declined
from mockalog.vendors.squared.rules.accounts import email_errors, is_strong, password_errors
from mockalog.vendors.squared.rules.validation import Key, checked, require

# Devise's default, which the vendor does not change (inferred).
RESET_MICROSECONDS = 6 * 3600 * SECOND

_TEXT = Key("string")
_EMAIL = {"email": _TEXT}
_RESET = {"reset_password_token": _TEXT, "password": _TEXT, "password_confirmation": _TEXT}
_CONFIRMATION = {"confirmation_token": _TEXT}

# What the server gives out; whatever looks different was never given.
_TOKEN = re.compile("[0-9a-f]{32}")


class Mail(NamedTuple):
    """What a mail is about; the subjects are Devise's (inferred)."""

    kind: str
    subject: str


RESET_PASSWORD = Mail("reset_password", "Reset password instructions")
CONFIRMATION = Mail("confirmation", "Confirmation instructions")


class Reset(NamedTuple):
    """A new password, and the token that allows it."""

    token: str
    password: str


def email(body: Mapping[str, Any]) -> str:
    """Return whose account it is about; raises `Invalid`."""
    values, errors = checked(body, _EMAIL)
    require({**email_errors(values, errors), **errors})
    return str(values["email"])


def reset(body: Mapping[str, Any]) -> Reset:
    """Return the password to set; raises `Invalid`."""
    values, errors = checked(body, _RESET)
    require({**errors, **password_errors(values, errors)})
    return Reset(values["reset_password_token"], values["password"])


def confirmation_token(query: Mapping[str, str]) -> str:
    """Return the token of a link; raises `Invalid`."""
    values, errors = checked(query, _CONFIRMATION)
    require(errors)
    return str(values["confirmation_token"])


def check_reset(password: str, sent_at: int, now: int) -> None:
    """Raise `Declined` for a token that is too old, and for a weak password.

    `sent_at`, `now`: microseconds. The order of the two refusals is inferred.
    """
    if now >= sent_at + RESET_MICROSECONDS:
        raise Declined(422, "Token has expired.", id_="reset-expired")
    if not is_strong(password):
        raise InvalidReset


def is_token(text: str) -> bool:
    """Return whether the text can be a token of a mail."""
    return bool(_TOKEN.fullmatch(text))


class InvalidReset(Declined):
    """Unknown token and refused password alike."""

    def __init__(self) -> None:
        super().__init__(422, "Invalid token or password mismatch.", id_="invalid-reset")


class InvalidConfirmation(Declined):
    """Nobody waits for this confirmation."""

    def __init__(self) -> None:
        super().__init__(422, "Invalid confirmation code.", id_="invalid-confirmation")


class UnknownEmail(Declined):
    """Nobody to send a new password's mail to."""

    def __init__(self) -> None:
        super().__init__(404, "Email not found", id_="email-not-found")


class UnknownUser(Declined):
    """Nobody to send a confirmation's mail to."""

    def __init__(self) -> None:
        super().__init__(422, "User not found.", id_="unknown-user")
