"""What a value may be, and how it is stored (docs/vendors/braze.md#41-values).

The coercions are inferred: the vendor names `unable-to-coerce-value` and keeps silent about rules.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import ROUND_FLOOR, Context, Decimal
from math import floor
from typing import Any, TypeVar

from mockalog.kernel.clock import EARLIEST, LATEST, SECOND, iso_millis
from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import dumps, loads

MAX_VALUE = 5000
# Characters of a text in a field that a selection filters by.
MAX_FILTERED = 1000
MAX_ELEMENTS = 100
MAX_NESTING = 50

NOT_COERCED = "unable-to-coerce-value"
TOO_LARGE = "items-too-large"
TOO_DEEP = "too-deep-nesting-in-value-object"
BAD_KEYS = "invalid-keys-in-value-object"

# A tuple made once: a union would be made anew with each of many calls.
_NUMBERS = (int, float, Decimal)

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# ISO 8601 as Braze reads it.
TIME = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    # No hour 24, which newer Pythons read and older ones do not.
    r"(?:[T ](?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_TIME = re.compile(TIME)

Value = TypeVar("Value")
Reader = Callable[[Any], Any]
_UTC = ("Z", "+00:00")
_FLOORING = Context(rounding=ROUND_FLOOR)


class Unfit(ValueError):  # noqa: N818 - it says what the value is
    """A value that a field cannot take; `error_id` is Braze's name for the reason."""

    def __init__(self, error_id: str) -> None:
        super().__init__(error_id)
        self.error_id = error_id


def normalised(kind: str, value: Any) -> Any:
    """Return `value` as a field of type `kind` stores it. Null is a value of every type.

    Raises `Unfit`.
    """
    return None if value is None else READERS[kind](value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return _sized(value, value)
    if isinstance(value, bool) or is_number(value):
        text = dumps(value).decode()
        return _sized(text, text)
    raise Unfit(NOT_COERCED)


def _number(value: Any) -> Any:
    if isinstance(value, str):
        value = _number_in(value)
    if not is_number(value):
        raise Unfit(NOT_COERCED)
    return _sized(value, str(value)) if isinstance(value, Decimal) else value


def _number_in(text: str) -> Any:
    if not _NUMBER.fullmatch(_sized(text, text)):
        raise Unfit(NOT_COERCED)
    try:
        return loads(text)
    except MalformedBodyError:  # beyond the range that JSON parsers have
        raise Unfit(NOT_COERCED) from None


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise Unfit(NOT_COERCED)


def _time(value: Any) -> str:
    """Return the instant in UTC with three decimals; a text without zone is UTC (inferred)."""
    if is_number(value):
        # By its digits, for a product of floats would lose a little.
        return _unix_time(_FLOORING.multiply(Decimal(str(value)), SECOND))
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise Unfit(NOT_COERCED)
    try:
        moment = datetime.fromisoformat(value)
        if shift := moment.utcoffset():
            moment -= shift
    except (ValueError, OverflowError):  # the 31st of February, or a year 0 in UTC
        raise Unfit(NOT_COERCED) from None
    if value[23:] in _UTC:  # three decimals, the form that most clients send
        return f"{value[:10]}T{value[11:23]}Z"
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _unix_time(instant: Decimal) -> str:
    if not EARLIEST <= instant < LATEST + SECOND:
        raise Unfit(NOT_COERCED)
    return iso_millis(floor(instant))


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unfit(NOT_COERCED)
    _check_nesting(value)
    return _sized(value, dumps(value).decode())


def _check_nesting(value: dict[str, Any]) -> None:
    """Look level by level, so that depth costs no recursion; lists are levels too."""
    level: list[Any] = [value]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_NESTING:
            raise Unfit(TOO_DEEP)
        keys = [key for part in level if isinstance(part, dict) for key in part]
        if any("." in key or "$" in key for key in keys):
            raise Unfit(BAD_KEYS)
        level = [child for part in level for child in _children(part)]


def _children(part: Any) -> list[Any]:
    inner = part.values() if isinstance(part, dict) else part
    return [child for child in inner if isinstance(child, dict | list)]


def _array(value: Any) -> list[str]:
    if not is_strings(value) or len(value) > MAX_ELEMENTS:
        raise Unfit(NOT_COERCED)
    return _sized(value, dumps(value).decode())


def _geo(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) != 2 or not all(map(is_number, value)):
        raise Unfit(NOT_COERCED)
    longitude, latitude = value
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise Unfit(NOT_COERCED)
    return _sized(value, dumps(value).decode())


def _sized(value: Value, text: str) -> Value:
    """Return the value unless its text is too long; lengths are characters."""
    if len(text) > MAX_VALUE:
        raise Unfit(TOO_LARGE)
    return value


def is_number(value: Any) -> bool:
    """Return whether JSON calls that a number."""
    return isinstance(value, _NUMBERS) and value is not True and value is not False


def is_strings(value: Any) -> bool:
    """Return whether that is a list of texts."""
    return isinstance(value, list) and all(isinstance(element, str) for element in value)


# What reads a value of each type; null is no matter of type.
READERS: Mapping[str, Reader] = {
    "string": _string,
    "number": _number,
    "boolean": _boolean,
    "time": _time,
    "object": _object,
    "array": _array,
    "geo": _geo,
}

TYPES = tuple(READERS)
