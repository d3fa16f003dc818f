"""Kind A: a request against its contract, in the words of dry-validation.

Every key is looked at; errors are nested like the request. Coerced values come back, keys that
the contract does not know are dropped.

Source: docs/vendors/squared.md#26-error-envelopes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sized
from typing import Any, Literal, NamedTuple

from mockalog.kernel.errors import UnstorableValueError
from mockalog.vendors.squared.errors import Bare, Invalid

Kind = Literal["string", "integer", "hash", "array", "boolean", "any"]
Errors = dict[str, Any]

IS_MISSING = "is missing"
MUST_BE_FILLED = "must be filled"
MUST_BE_A_HASH = "must be a hash"
MUST_BE_AN_INTEGER = "must be an integer"

# No id is larger; whatever is, is not found.
MAX_ID = 2**63 - 1

_INTEGER = re.compile(r"\s*[+-]?[0-9]+(?:_[0-9]+)*\s*")
# Longer digits are no id of anything, and Python refuses to convert very long ones.
_MAX_DIGITS = 40


class Key(NamedTuple):
    """What the value of a key must be. `keys`: it is an object with a contract of its own."""

    kind: Kind = "any"
    required: bool = True
    filled: bool = True
    # Whether `{}` counts as filled.
    bare: bool = False
    nullable: bool = False
    keys: Mapping[str, "Key"] | None = None


class _NotOfKind(Exception):  # noqa: N818 - never leaves this module
    pass


def checked(value: Mapping[str, Any], keys: Mapping[str, Key]) -> tuple[dict[str, Any], Errors]:
    """Return the values of the known keys, and what is wrong with them."""
    values: dict[str, Any] = {}
    errors: Errors = {}
    for name, key in keys.items():
        if name in value:
            values[name], problem = _check(value[name], key)
        else:
            problem = [IS_MISSING] if key.required else None
        if problem:
            errors[name] = problem
    return values, errors


def require(errors: Errors) -> None:
    """Raise `Invalid` if anything is wrong."""
    if errors:
        raise Invalid(errors)


def check_present(sent: Sized, wrapper: str) -> None:
    """Raise `Bare` for an update that changes nothing."""
    if not sent:
        raise Bare(422, f"param is missing or the value is empty: {wrapper}")


def check_storable(values: Iterable[Any]) -> None:
    """Raise `UnstorableValueError` for a text with a NUL, which PostgreSQL keeps in none."""
    if any("\0" in value for value in values if isinstance(value, str)):
        raise UnstorableValueError


def is_id(number: int) -> bool:
    """Return whether a record can have this id."""
    return 0 < number <= MAX_ID


def path_id(text: str) -> int:
    """Return the id of a path; raises `Invalid`."""
    values, errors = checked({"id": text}, {"id": Key("integer")})
    require(errors)
    return int(values["id"])


def _check(value: Any, key: Key) -> tuple[Any, Any]:
    if key.keys is not None:
        return checked(value, key.keys) if isinstance(value, dict) else (value, [MUST_BE_A_HASH])
    if value is None and key.nullable:
        return None, None
    if key.filled and _is_empty(value) and not (key.bare and value == {}):
        return value, [MUST_BE_FILLED]
    coerce, message = _KINDS[key.kind]
    try:
        return coerce(value), None
    except _NotOfKind:
        return value, [message]


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _is(*types: type) -> Callable[[Any], Any]:
    def coerce(value: Any) -> Any:
        if not isinstance(value, types):
            raise _NotOfKind
        return value

    return coerce


def _integer(value: Any) -> int:
    """Take numeric text and whole floats too, as Rails' parameters do."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        digits = value.strip()
        return int(digits) if len(digits) <= _MAX_DIGITS else MAX_ID + 1
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _NotOfKind


_KINDS: Mapping[Kind, tuple[Callable[[Any], Any], str]] = {
    "string": (_is(str), "must be a string"),
    "integer": (_integer, MUST_BE_AN_INTEGER),
    "hash": (_is(dict), MUST_BE_A_HASH),
    "array": (_is(list), "must be an array"),
    "boolean": (_is(bool), "must be boolean"),
    "any": (_is(object), ""),
}
