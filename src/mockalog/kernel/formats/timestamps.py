"""Timestamps of requests and documents: ISO 8601 with an offset, as a text."""

import re
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _check_iso(value: object) -> str:
    """Refuse numbers and texts of digits, which Pydantic reads as seconds since 1970."""
    if isinstance(value, str) and _DATE.match(value):
        return value
    raise ValueError("must be an instant such as 2025-03-01T12:00:00Z")


Timestamp = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_check_iso)]
