"""Liquid, whose values only a message knows: docs/vendors/braze.md#6-selections (A5)."""

from typing import TypeGuard

# Output and tag; `{{-` and `-%}` control the whitespace around them.
_DELIMITERS = (("{{", "}}"), ("{%", "%}"))


def is_liquid(value: object) -> TypeGuard[str]:
    """Return whether a value is a string with an output or a tag of Liquid."""
    if not isinstance(value, str):
        return False
    # Not by a regular expression, which would search each opening again for its end.
    return any(
        (start := value.find(opening)) >= 0 and value.find(closing, start + len(opening)) >= 0
        for opening, closing in _DELIMITERS
    )
