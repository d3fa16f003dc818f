"""Validation of a request by its contract, with the messages of dry-validation: kind A.

All keys are checked, and errors are nested like the request. The result has coerced values;
keys that the contract does not name are dropped.

Source: docs/vendors/squared.md#26-error-envelopes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sized
from typing import Any, Literal, NamedTuple

from mockalog.kernel.errors import UnstorableValueError
from mockalog.vendors.squared.errors import ContractError, PlainError

Kind = Literal["string", "integer", "hash", "array", "boolean", "any"]
# Values of a request that passed validation: their types are those of its contract.
Values = Mapping[str, Any]
# Errors, nested like the request: lists of texts, or objects of them.
Errors = dict[str, Any]

IS_MISSING = "is missing"
MUST_BE_FILLED = "must be filled"
MUST_BE_A_HASH = "must be a hash"
MUST_BE_AN_INTEGER = "must be an integer"

# The largest id: larger ones do not exist.
MAX_ID = 2**63 - 1

_INTEGER = re.compile(r"\s*[+-]?[0-9]+(?:_[0-9]+)*\s*")
# Digits of an integer. More are no id, and Python refuses to convert very long ones.
_MAX_DIGITS = 40


class Key(NamedTuple):
    """The contract of one key's value; `keys`: the contract of an object."""

    kind: Kind = "any"
    required: bool = True
    filled: bool = True
    # Whether `{}` counts as filled.
    bare: bool = False
    nullable: bool = False
    keys: Mapping[str, "Key"] | None = None


class _KindError(Exception):
    pass


# Any: the contract decides the type of each value.
def validate(
    request: Mapping[str, object], keys: Mapping[str, Key]
) -> tuple[dict[str, Any], Errors]:
    """Return the values of the contract's keys, and their errors."""
    values: dict[str, Any] = {}
    errors: Errors = {}
    for name, key in keys.items():
        if name in request:
            values[name], problem = _check(request[name], key)
        else:
            problem = [IS_MISSING] if key.required else None
        if problem:
            errors[name] = problem
    return values, errors


def require_no_errors(errors: Errors) -> None:
    """Raise `ContractError` with the errors, if there are any."""
    if errors:
        raise ContractError(errors)


def check_present(sent: Sized, wrapper: str) -> None:
    """Raise `PlainError` for an update without columns."""
    if not sent:
        raise PlainError(422, f"param is missing or the value is empty: {wrapper}")


def check_storable(values: Iterable[object]) -> None:
    """Raise `UnstorableValueError` for a text with a NUL: PostgreSQL cannot store it."""
    if any("\0" in value for value in values if isinstance(value, str)):
        raise UnstorableValueError


def is_id(number: int) -> bool:
    """Return whether the number is in the range of ids."""
    return 0 < number <= MAX_ID


def path_id(text: str) -> int:
    """Return the id of a path parameter; raises `ContractError`."""
    values, errors = validate({"id": text}, {"id": Key("integer")})
    require_no_errors(errors)
    return int(values["id"])


def _check(value: object, key: Key) -> tuple[Any, Any]:
    if key.keys is not None:
        return validate(value, key.keys) if isinstance(value, dict) else (value, [MUST_BE_A_HASH])
    if value is None and key.nullable:
        return None, None
    if key.filled and _is_empty(value) and not (key.bare and value == {}):
        return value, [MUST_BE_FILLED]
    coerce, message = _KINDS[key.kind]
    try:
        return coerce(value), None
    except _KindError:
        return value, [message]


def _is_empty(value: object) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _is(*types: type) -> Callable[[object], object]:
    def coerce(value: object) -> object:
        if not isinstance(value, types):
            raise _KindError
        return value

    return coerce


def _integer(value: object) -> int:
    """Accept numeric texts and whole floats too, as Rails' parameters do."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        digits = value.strip()
        return int(digits) if len(digits) <= _MAX_DIGITS else MAX_ID + 1
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _KindError


_KINDS: Mapping[Kind, tuple[Callable[[object], object], str]] = {
    "string": (_is(str), "must be a string"),
    "integer": (_integer, MUST_BE_AN_INTEGER),
    "hash": (_is(dict), MUST_BE_A_HASH),
    "array": (_is(list), "must be an array"),
    "boolean": (_is(bool), "must be boolean"),
    "any": (_is(object), ""),
}
