"""Instants as people write them: ISO 8601 with an offset, as a text."""

import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _is_written(value: Any) -> Any:
    """Refuse a number, and a text that is one: Pydantic would count seconds since 1970."""
    if isinstance(value, str) and _DATE.match(value):
        return value
    raise ValueError("must be an instant such as 2025-03-01T12:00:00Z")


Timestamp = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_is_written)]
