"""Numbers, flags and one-line texts of requests.

Source: docs/vendors/attraqt.md#1-conventions.
"""

import re
from decimal import Decimal

LARGEST = 2**63 - 1
DIGITS = re.compile(r"[0-9]{1,19}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def integer(value: object) -> int | None:
    """Return an integer of at most 63 bits, also if it is written as text; None for another value.

    JSON transcoding of gRPC takes `"11"` and 11.0 for 11 (inferred); no field of this API is
    negative. Attributes of items are stricter (docs/vendors/attraqt.md#63-value-checks).
    """
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    # The range comes first: a large Decimal has no remainder.
    if isinstance(value, float | Decimal) and 0 <= value <= LARGEST and value % 1 == 0:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    return None


def is_true(value: str | None) -> bool:
    """Return whether a switch of the query is on."""
    return value is not None and value.lower() == "true"


def is_plain(name: object, longest: int) -> bool:
    """Return whether a value is a text of 1 to `longest` characters without control characters."""
    return isinstance(name, str) and 0 < len(name) <= longest and not CONTROL.search(name)
