"""Numbers, flags and one-line texts of requests, and the form in which errors show them.

Source: docs/vendors/attraqt.md#1-conventions.
"""

import re
from decimal import Decimal

from mockalog.kernel.formats.json import dumps

LARGEST = 2**63 - 1
DIGITS = re.compile(r"[0-9]{1,19}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# Characters of a value in an error text.
MAX_SHOWN = 100


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


def shown(value: object) -> str:
    """Return a value of a request as an error text shows it: as JSON, shortened."""
    return shortened(dumps(value).decode(), MAX_SHOWN)


def shortened(text: str, longest: int) -> str:
    """Return a text of a request with both ends kept, and with NUL written as an escape.

    PostgreSQL stores no NUL. The end counts too, because a text may have its reason there.
    """
    if len(text) > longest:
        text = f"{text[: longest // 2]} … {text[-longest // 2 :]}"
    return text.replace("\0", "\\u0000")
