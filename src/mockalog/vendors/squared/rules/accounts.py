"""Who may sign up and log in (docs/vendors/squared.md#5-accounts)."""

import hashlib
import re
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, NamedTuple

from mockalog.kernel.clock import SECOND
from mockalog.vendors.squared.errors import Declined
from mockalog.vendors.squared.rules.validation import Errors, Key, checked, require

TOKEN_SECONDS = 1800
MAX_FAILED_LOGINS = 5
LOCKED_MICROSECONDS = 3600 * SECOND

# RFC 5321's limit; PostgreSQL's index over the emails needs one (inferred).
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

# One of each must be there; any character but letters and digits is special (inferred).
_CLASSES = tuple(map(re.compile, ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]")))


class Login(NamedTuple):
    """What somebody logs in with."""

    email: str
    password: str


class Signup(NamedTuple):
    """A new account as requested."""

    name: str
    email: str
    password: str
    company_name: str


def login(body: Mapping[str, Any]) -> Login:
    """Return who wants to log in; raises `Invalid`."""
    values, errors = checked(body, _LOGIN)
    require({**email_errors(values, errors), **errors})
    return Login(values["email"], values["password"])


def signup(body: Mapping[str, Any]) -> Signup:
    """Return the account that somebody wants; raises `Invalid`."""
    values, errors = checked(body, _SIGNUP)
    errors |= password_errors(values, errors)
    require({**email_errors(values, errors), **errors})
    return Signup(values["name"], values["email"], values["password"], values["company_name"])


def password_errors(values: Mapping[str, Any], errors: Mapping[str, Any]) -> Errors:
    """Return what is wrong with a new password beyond its type: both have to be the same."""
    mismatch = values.get("password") != values.get("password_confirmation")
    if not mismatch or {"password", "password_confirmation"} & errors.keys():
        return {}
    return {"password": ["password doesn't match"]}


def email_errors(values: Mapping[str, Any], errors: Mapping[str, Any]) -> Errors:
    """Return what is wrong with an address beyond its type."""
    if "email" in errors or is_email(values["email"]):
        return {}
    return {"email": ["has invalid email format"]}


def is_email(text: str) -> bool:
    """Return whether the text has the form of an address."""
    return len(text) <= MAX_EMAIL and bool(re.fullmatch(EMAIL, text))


def check_account(wanted: Signup, *, taken: bool) -> None:
    """Raise `Declined` with all that the record refuses (their order is inferred)."""
    messages = [TAKEN] if taken else []
    if len(wanted.password) < 6:
        messages.append(SHORT)
    if not is_strong(wanted.password):
        messages.append(WEAK)
    if messages:
        raise Declined(422, f"Signup failed: {', '.join(messages)}", id_="signup-failed")


def is_strong(password: str) -> bool:
    """Return whether a new password is long and varied enough."""
    return 8 <= len(password) <= 128 and all(c.search(password) for c in _CLASSES)


def hashed(password: str, salt: str) -> str:
    """Return what is kept of a password; the cost is low, it guards nothing real."""
    key = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**12, r=8, p=1, dklen=32)
    return f"{salt}${key.hex()}"


def matches(password: str, kept: str) -> bool:
    """Return whether it is the password of which `kept` was kept."""
    return compare_digest(hashed(password, kept.partition("$")[0]), kept)


def claims(user_id: int, second: int, jti: str) -> dict[str, Any]:
    """Return what a token says (docs/vendors/squared.md#23-authentication)."""
    return {
        "sub": str(user_id),
        "scp": "user",
        "aud": None,
        "iat": second,
        "exp": second + TOKEN_SECONDS,
        "jti": jti,
    }


def slug(name: str) -> str:
    """Return a workspace's slug: its name in lower case, separators as hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
