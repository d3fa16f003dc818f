"""JSON columns: the Pydantic types of the JSON that database columns hold.

The server itself stores values of these types. Rows of a state document are validated against them.
"""

from collections.abc import Collection
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from mockalog.kernel.clock import EARLIEST, LATEST

# The type of a column for which no other type is declared.
OBJECT = dict[str, Any]


# Parts of JSON that become the values of columns, which have limits that JSON does not have.
Int64 = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Instant = Annotated[int, Field(ge=EARLIEST, le=LATEST)]


# Lets a type of Python's tuples accept an array.
IN_ARRAY = BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)


def text_of(longest: int) -> BeforeValidator:
    """Return the validator that refuses texts with NUL, and those of more characters."""

    def check(text: object) -> object:
        if isinstance(text, str) and ("\0" in text or len(text) > longest):
            raise ValueError("expected a text that fits")
        return text

    return BeforeValidator(check)


def valid_as(json_type: object) -> AfterValidator:
    """Return the validator that refuses values of other types than `json_type`."""

    def check(value: object) -> object:
        if error := validation_error(json_type, value):
            raise ValueError(error)
        return value

    return AfterValidator(check)


def one_of(texts: Collection[str]) -> AfterValidator:
    """Return the validator that refuses texts outside a collection."""

    def check(text: str) -> str:
        if text not in texts:
            raise ValueError(f"expected one of: {', '.join(texts)}")
        return text

    return AfterValidator(check)


def object_of(record: type[tuple[object, ...]]) -> object:
    """Return the type of an object that has all fields of a `NamedTuple` and no other."""
    return Annotated[record, BeforeValidator(_check_object)]


def _check_object(value: object) -> dict[str, Any]:
    # Pydantic would also accept an array for a `NamedTuple`.
    if not isinstance(value, dict):
        raise ValueError("expected an object")
    return value


def validation_error(json_type: object, value: object) -> str:
    """Return the place and the reason of the first error of a value, or "" if it is valid."""
    try:
        _adapter(json_type).validate_python(value, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        return f"{place}: {reason}" if place else reason
    return ""


@cache
def _adapter(json_type: Any) -> TypeAdapter[object]:
    return TypeAdapter(json_type)
