"""A connector's configuration: masking, storage and validation.

Sources: docs/vendors/squared.md#81-create-a-connector and
docs/vendors/squared.md#13-secret-masking.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from mockalog.kernel.formats.json import loads
from mockalog.vendors.squared.rules.connectors.registry import Definition, load_registry

MASK = "*" * 13


# Without a schema these keys are secrets, alone or at the end of a longer name (inferred).
_SECRET = re.compile(
    r"(?:.*_)?(?:password|passphrase|token|api_?key|secret|private_key|secret_access_key"
    r"|secret_key|credential)",
    re.IGNORECASE,
)

_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def invalid_json(record: str) -> str:
    """Return the server's message: Rails has no translation of its error (measured)."""
    scopes = (
        f"activerecord.errors.models.{record}.attributes.configuration",
        f"activerecord.errors.models.{record}",
        "activerecord.errors.messages",
        "errors.attributes.configuration",
        "errors.messages",
    )
    listed = "\n".join(f"- en.{scope}.invalid_json" for scope in scopes)
    return f"Translation missing. Options considered were:\n{listed}"


def mask_secrets(configuration: object, definition: Definition | None) -> object:
    """Return a configuration with the secrets of every level masked."""
    if definition is None:
        return _masked(configuration, lambda key: bool(_SECRET.fullmatch(_snake(key))))
    return _masked(configuration, definition.masked_keys.__contains__)


def _snake(key: str) -> str:
    """Return `clientSecret` as `client_Secret`."""
    return _WORD_BOUNDARY.sub("_", key)


def _masked(value: object, is_secret: Callable[[str], bool]) -> object:
    if isinstance(value, dict):
        return {
            key: MASK if is_secret(key) else _masked(inner, is_secret)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked(inner, is_secret) for inner in value]
    return value


def parse_configuration(text: str) -> object:
    """Return a stored configuration; Any: the JSON value that a caller stored."""
    return loads(text.encode())


def in_stored_order(value: object) -> object:
    """Return a JSON value with its keys by length, then alphabetically, as PostgreSQL's jsonb."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: in_stored_order(value[key]) for key in keys}
    if isinstance(value, list):
        return [in_stored_order(inner) for inner in value]
    return value


def is_valid(configuration: object, definition: Definition) -> bool:
    """Return whether the configuration is valid by the connector's JSON Schema."""
    kind, name = definition.record["type"], definition.record["name"]
    return bool(_validator(kind, name).is_valid(configuration))


# The registry is a constant, so its validators may be cached.
@cache
def _validator(kind: str, name: str) -> Any:
    definition = load_registry().find(kind, name)
    assert definition is not None  # it comes from the registry
    # Imported here because only the server dialect validates; the import takes 40 ms.
    from jsonschema import Draft7Validator, FormatChecker

    checker = FormatChecker(formats=())
    checker.checks("email")(_is_email)
    checker.checks("uri", raises=ValueError)(_is_uri)
    return Draft7Validator(definition.json_schema, format_checker=checker)


def _is_email(value: object) -> bool:
    return not isinstance(value, str) or bool(_EMAIL.fullmatch(value))


def _is_uri(value: object) -> bool:
    """Check the scheme and the characters of a URI; a broken IPv6 host raises `ValueError`."""
    text = value if isinstance(value, str) else "not:text"
    return bool(urlsplit(text).scheme and text.isascii() and not re.search(r"\s", text))
