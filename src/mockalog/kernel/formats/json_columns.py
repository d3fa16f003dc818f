"""JSON columns: the Pydantic types of the JSON that database columns hold.

The server itself stores values of these types. Rows of a state document are validated against them.
"""

from collections.abc import Collection
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError

# The type of a column for which no other type is declared.
OBJECT = dict[str, Any]


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
