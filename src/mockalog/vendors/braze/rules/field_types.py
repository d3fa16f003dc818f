"""Field types: one record for each, from the coercion of values to the schema of the document.

Braze names the error `unable-to-coerce-value`, but documents no rules of coercion: they are
inferred, as is the form of a geo filter's value.

Sources: docs/vendors/braze.md#41-values and docs/vendors/braze.md#6-selections.
"""

import re
from datetime import datetime
from decimal import ROUND_FLOOR, Context, Decimal
from math import floor
from typing import Any, NamedTuple

from mockalog.kernel.clock import EARLIEST, LATEST, SECOND, iso_millis
from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.rules import value_schemas as schemas
from mockalog.vendors.braze.rules.filters import (
    COMPARISON,
    DISTANCE,
    EQUALITY,
    INVALID_FILTER,
    MEMBERSHIP,
    PERIOD,
    SWITCH,
    Filtering,
    Operator,
)
from mockalog.vendors.braze.rules.values import (
    BAD_KEYS,
    MAX_ELEMENTS,
    MAX_FILTERED,
    MAX_NESTING,
    NOT_COERCED,
    TOO_DEEP,
    InvalidValueError,
    Reader,
    check_size,
    is_boolean,
    is_number,
    is_object,
    is_string,
    is_strings,
)

_NUMBER = re.compile(schemas.NUMBER)
_TIME = re.compile(schemas.TIME)
_UTC = ("Z", "+00:00")
_FLOORING = Context(rounding=ROUND_FLOOR)


class FieldType(NamedTuple):
    """A field type, complete. A new one joins `FIELD_TYPES`, and `FIELD_TYPE_NAMES` by its name.

    `noun` is its name in sentences. `read` takes any JSON value but null, which every type allows.
    `schema` and `response_schema` are types for Pydantic; the second is by default the first.
    `filtering` is None if a selection cannot filter by such a field (inferred for objects).
    """

    name: str
    noun: str
    read: Reader
    schema: object
    response_schema: object = None
    filtering: Filtering | None = None
    is_sortable: bool = True


def read_value(field_type: FieldType, value: object) -> object:
    """Return a JSON value as a field stores it; raises `InvalidValueError`."""
    return None if value is None else field_type.read(value)


def operator_named(name: str) -> Operator:
    """Return the operator of a name, which means the same for every field type that has it."""
    filterings = [one.filtering for one in FIELD_TYPES.values() if one.filtering is not None]
    return {one.name: one for filtering in filterings for one in filtering.operators}[name]


def read_string(value: object) -> str:
    """Return a string, or a number or boolean as its JSON; raises `InvalidValueError`."""
    if isinstance(value, str):
        return check_size(value, value)
    if isinstance(value, bool) or is_number(value):
        text = dumps(value).decode()
        return check_size(text, text)
    raise InvalidValueError(NOT_COERCED)


def _read_number(value: object) -> object:
    if isinstance(value, str):
        value = _parse_number(value)
    if not is_number(value):
        raise InvalidValueError(NOT_COERCED)
    return check_size(value, str(value)) if isinstance(value, Decimal) else value


def _parse_number(text: str) -> object:
    if not _NUMBER.fullmatch(check_size(text, text)):
        raise InvalidValueError(NOT_COERCED)
    try:
        number: object = loads(text)
    except MalformedBodyError:  # beyond the range of JSON parsers
        raise InvalidValueError(NOT_COERCED) from None
    return number


def _read_boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise InvalidValueError(NOT_COERCED)


def _read_time(value: object) -> str:
    """Return the instant in UTC with three decimals; a text without zone is UTC (inferred)."""
    if is_number(value):
        # By its digits, because a product of floats is rounded.
        return _read_unix_time(_FLOORING.multiply(Decimal(str(value)), SECOND))
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise InvalidValueError(NOT_COERCED)
    try:
        moment = datetime.fromisoformat(value)
        if shift := moment.utcoffset():
            moment -= shift
    except (ValueError, OverflowError):  # the 31st of February, or a year 0 in UTC
        raise InvalidValueError(NOT_COERCED) from None
    if value[23:] in _UTC:  # three decimals, the form that most clients send
        return f"{value[:10]}T{value[11:23]}Z"
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _read_unix_time(microseconds: Decimal) -> str:
    if not EARLIEST <= microseconds < LATEST + SECOND:
        raise InvalidValueError(NOT_COERCED)
    return iso_millis(floor(microseconds))


def _read_object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InvalidValueError(NOT_COERCED)
    _check_nesting(value)
    return check_size(value, dumps(value).decode())


def _check_nesting(value: dict[str, object]) -> None:
    """Check level by level, so that depth costs no recursion. Lists are levels too."""
    level: list[Any] = [value]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_NESTING:
            raise InvalidValueError(TOO_DEEP)
        keys = [key for part in level if isinstance(part, dict) for key in part]
        if any("." in key or "$" in key for key in keys):
            raise InvalidValueError(BAD_KEYS)
        children = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for some in children for one in some if isinstance(one, dict | list)]


def read_array(value: object) -> list[str]:
    """Return an array, whose elements are strings; raises `InvalidValueError`."""
    if not is_strings(value) or len(value) > MAX_ELEMENTS:
        raise InvalidValueError(NOT_COERCED)
    return check_size(value, dumps(value).decode())


def _read_geo(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) != 2 or not all(map(is_number, value)):
        raise InvalidValueError(NOT_COERCED)
    longitude, latitude = value
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise InvalidValueError(NOT_COERCED)
    return check_size(value, dumps(value).decode())


def _is_short_text(value: object) -> bool:
    """Return whether a value is as short as the texts of a field that a selection filters by."""
    return is_string(value) and len(value) <= MAX_FILTERED


def _is_switch(value: object) -> bool:
    return is_string(value) or is_boolean(value)


def _is_numeric(value: object) -> bool:
    return is_string(value) or is_number(value)


def _is_area(value: object) -> bool:
    return is_string(value) or is_object(value)


def _read_area(value: Any) -> object:
    """Return `{"longitude", "latitude", "radius"}`, in degrees and kilometres, or any string."""
    if is_string(value):
        return check_size(value, value)
    radius = value.get("radius")
    if not is_number(radius) or radius < 0:
        raise InvalidValueError(INVALID_FILTER)
    longitude, latitude = _read_geo([value.get("longitude"), value.get("latitude")])
    return {"longitude": longitude, "latitude": latitude, "radius": radius}


# By name. Unions of values in the document have this order, with the narrowest JSON type first;
# lists of names have the order of `FIELD_TYPE_NAMES`.
FIELD_TYPES: dict[str, FieldType] = {
    one.name: one
    for one in (
        FieldType(
            name="boolean",
            noun="a boolean",
            read=_read_boolean,
            schema=bool,
            filtering=Filtering((SWITCH,), _is_switch, _read_boolean, bool | schemas.BooleanText),
        ),
        FieldType(
            name="number",
            noun="a number",
            read=_read_number,
            schema=schemas.Number,
            filtering=Filtering(
                (EQUALITY, COMPARISON), _is_numeric, _read_number, float | schemas.NumberText
            ),
        ),
        FieldType(
            name="string",
            noun="a string",
            read=read_string,
            schema=schemas.Text,
            filtering=Filtering((EQUALITY,), _is_short_text, read_string, schemas.FilteredText),
        ),
        FieldType(
            name="time",
            noun="a time",
            read=_read_time,
            schema=schemas.Number | schemas.Text,
            filtering=Filtering(
                (PERIOD,), _is_numeric, _read_time, schemas.TimeText | schemas.UnixTime
            ),
        ),
        FieldType(
            name="array",
            noun="an array",
            read=read_array,
            schema=schemas.Strings,
            filtering=Filtering((MEMBERSHIP,), is_string, read_string, schemas.Text),
        ),
        FieldType(
            name="geo",
            noun="a geo value",
            read=_read_geo,
            schema=schemas.Place,
            filtering=Filtering((DISTANCE,), _is_area, _read_area, schemas.CircleIn | schemas.Text),
        ),
        FieldType(
            name="object",
            noun="an object",
            read=_read_object,
            schema=schemas.ObjectIn,
            response_schema=schemas.ObjectOut,
        ),
    )
}
