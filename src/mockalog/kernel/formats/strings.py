"""Words from outside: texts that UTF-8 can write and every database keeps."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field


def check_storable(value: Any) -> Any:
    """Return the value; raises `ValueError` for a text that holds what is no character anywhere.

    JSON can say both: `"\\u0000"` and, as half of a pair, `"\\ud800"`.
    """
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a NUL is a character that no database keeps")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("half of a surrogate pair is no character")
    return value


NonEmptyText = Annotated[str, Field(min_length=1), BeforeValidator(check_storable)]
