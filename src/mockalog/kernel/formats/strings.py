"""Texts that UTF-8 can encode and that both databases can store."""

from typing import Annotated

from pydantic import BeforeValidator, Field


def check_storable(value: object) -> object:
    """Return the value. Raises `ValueError` for a text with NUL or a lone surrogate.

    JSON can contain both: `"\\u0000"` and `"\\ud800"`.
    """
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("NUL is not allowed")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("a lone surrogate is not allowed")
    return value


NonEmptyText = Annotated[str, Field(min_length=1), BeforeValidator(check_storable)]
