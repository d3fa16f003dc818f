"""Forms: what the columns that hold JSON hold, as types that Pydantic reads.

Rows that a server stored have them; rows of a state document are held against them.
"""

from collections.abc import Collection
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError

OBJECT = dict[str, Any]


def one_of(texts: Collection[str]) -> AfterValidator:
    """Return what refuses other texts."""

    def check(text: str) -> str:
        if text not in texts:
            raise ValueError(f"expected one of: {', '.join(texts)}")
        return text

    return AfterValidator(check)


def object_of(record: type[Any]) -> Any:
    """Return the form of an object with the fields of a `NamedTuple`, all of them and no other."""
    return Annotated[record, BeforeValidator(_object)]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):  # Pydantic takes an array, too
        raise ValueError("expected an object")
    return value


def validation_error(form: Any, value: Any) -> str:
    """Return where a value is not of a form and why, `""` if it is."""
    try:
        _adapter(form).validate_python(value, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        return f"{where}: {said}" if where else said
    return ""


@cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    return TypeAdapter(form)
