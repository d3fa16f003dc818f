"""Limits of values, the exception of a value that breaks one, and checks of JSON types.

Source: docs/vendors/braze.md#41-values.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeGuard, TypeVar

# Characters; for objects and arrays those of their JSON.
MAX_VALUE = 5000
# Characters of a text in a field that a selection filters by.
MAX_FILTERED = 1000
MAX_ELEMENTS = 100
MAX_NESTING = 50

NOT_COERCED = "unable-to-coerce-value"
TOO_LARGE = "items-too-large"
TOO_DEEP = "too-deep-nesting-in-value-object"
BAD_KEYS = "invalid-keys-in-value-object"

Value = TypeVar("Value")

# Takes a JSON value and returns it in the form in which it is stored, or raises
# `InvalidValueError`.
Reader = Callable[[object], object]

# One tuple for all calls, because a union in `isinstance` is built again in every call.
_NUMBERS = (int, float, Decimal)


class InvalidValueError(ValueError):
    """A field cannot take a value; `error_id` is Braze's id of the reason."""

    def __init__(self, error_id: str) -> None:
        super().__init__(error_id)
        self.error_id = error_id


def check_size(value: Value, text: str) -> Value:
    """Return the value; raises `InvalidValueError` if its text is too long."""
    if len(text) > MAX_VALUE:
        raise InvalidValueError(TOO_LARGE)
    return value


def is_boolean(value: object) -> TypeGuard[bool]:
    """Return whether a value is a JSON boolean."""
    return isinstance(value, bool)


def is_number(value: object) -> TypeGuard[int | float | Decimal]:
    """Return whether a value is a JSON number."""
    return isinstance(value, _NUMBERS) and value is not True and value is not False


def is_string(value: object) -> TypeGuard[str]:
    """Return whether a value is a JSON string."""
    return isinstance(value, str)


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    """Return whether a value is a JSON object."""
    return isinstance(value, dict)


def is_strings(value: object) -> TypeGuard[list[str]]:
    """Return whether a value is a list of strings."""
    return isinstance(value, list) and all(isinstance(element, str) for element in value)
