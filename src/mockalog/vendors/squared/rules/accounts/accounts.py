"""Sign-up, login and passwords (docs/vendors/squared.md#5-accounts)."""

import hashlib
import re
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, NamedTuple

from mockalog.kernel.clock import SECOND
from mockalog.vendors.squared.errors import ApplicationError
from mockalog.vendors.squared.rules.validation import (
    Errors,
    Key,
    Values,
    require_no_errors,
    validate,
)

TOKEN_SECONDS = 1800
MAX_FAILED_LOGINS = 5
LOCKED_MICROSECONDS = 3600 * SECOND

# Characters, RFC 5321's limit (inferred); an index of PostgreSQL needs a limit.
MAX_EMAIL = 254

# Ruby's `URI::MailTo::EMAIL_REGEXP` (inferred: the text is measured, the pattern is not).
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*"

_TEXT = Key("string")
_LOGIN = {"email": _TEXT, "password": _TEXT}
_SIGNUP = {"name": _TEXT, **_LOGIN, "password_confirmation": _TEXT, "company_name": _TEXT}

SHORT = "Password is too short (minimum is 6 characters)"
WEAK = (
    "Password Length should be 8-128 characters and include: "
    "1 uppercase,lowercase,digit and special character"
)
TAKEN = (
    "There's already an account with this email address. "
    "Use a different email or Sign In with this address"
)

# A password needs one of each; every character but letters and digits is special (inferred).
_CLASSES = tuple(map(re.compile, ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]")))


class Login(NamedTuple):
    """The credentials of a login."""

    email: str
    password: str


class Signup(NamedTuple):
    """The account of a sign-up."""

    name: str
    email: str
    password: str
    company_name: str


def login(body: Mapping[str, object]) -> Login:
    """Return the credentials of a login; raises `ContractError`."""
    values, errors = validate(body, _LOGIN)
    require_no_errors({**email_errors(values, errors), **errors})
    return Login(values["email"], values["password"])


def signup(body: Mapping[str, object]) -> Signup:
    """Return the account of a sign-up; raises `ContractError`."""
    values, errors = validate(body, _SIGNUP)
    errors |= password_errors(values, errors)
    require_no_errors({**email_errors(values, errors), **errors})
    return Signup(values["name"], values["email"], values["password"], values["company_name"])


def password_errors(values: Values, errors: Errors) -> Errors:
    """Return an error if password and confirmation, both of the right type, differ."""
    mismatch = values.get("password") != values.get("password_confirmation")
    if not mismatch or {"password", "password_confirmation"} & errors.keys():
        return {}
    return {"password": ["password doesn't match"]}


def email_errors(values: Values, errors: Errors) -> Errors:
    """Return an error if an email of the right type has not the format of an address."""
    if "email" in errors or is_email(values["email"]):
        return {}
    return {"email": ["has invalid email format"]}


def is_email(text: str) -> bool:
    """Return whether the text has the format of an email address."""
    return len(text) <= MAX_EMAIL and bool(re.fullmatch(EMAIL, text))


def check_account(signup: Signup, *, taken: bool) -> None:
    """Raise `ApplicationError` with all errors of a sign-up (their order is inferred).

    `taken`: whether another account has the email.
    """
    messages = [TAKEN] if taken else []
    if len(signup.password) < 6:
        messages.append(SHORT)
    if not is_strong(signup.password):
        messages.append(WEAK)
    if messages:
        raise ApplicationError(422, f"Signup failed: {', '.join(messages)}", id_="signup-failed")


def is_strong(password: str) -> bool:
    """Return whether a new password is long and varied enough."""
    return 8 <= len(password) <= 128 and all(c.search(password) for c in _CLASSES)


def hash_password(password: str, salt: str) -> str:
    """Return the salt and hash of a password; the low cost is enough for test data."""
    key = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**12, r=8, p=1, dklen=32)
    return f"{salt}${key.hex()}"


def password_matches(password: str, stored: str) -> bool:
    """Return whether the password has this salt and hash."""
    return compare_digest(hash_password(password, stored.partition("$")[0]), stored)


# Any: PyJWT takes claims of any type.
def token_claims(user_id: int, second: int, jti: str) -> dict[str, Any]:
    """Return the claims of a token; `second`: its issue, in seconds since 1970.

    Source: docs/vendors/squared.md#23-authentication.
    """
    return {
        "sub": str(user_id),
        "scp": "user",
        "aud": None,
        "iat": second,
        "exp": second + TOKEN_SECONDS,
        "jti": jti,
    }
