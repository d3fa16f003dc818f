"""jsonb's text of a JSON value: its keys by length, then by bytes, and blanks after marks.

Source: PostgreSQL manual, 8.14; measured (docs/vendors/squared.md#87-query-a-source).
"""

import json
from typing import Any, Self


class _Number(float):
    """A number of JSON that keeps its text."""

    def __new__(cls, text: str) -> Self:
        """Remember the text."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


def is_json(text: str) -> bool:
    """Return whether a text is JSON."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def jsonb_text(text: str) -> str:
    """Return a JSON text as jsonb prints it: keys by length, then by bytes; blanks after marks."""
    return _jsonb(json.loads(text, parse_float=_Number))


# Any: a value of JSON.
def ordered(value: Any) -> Any:
    """Return a value of JSON with the members of objects in jsonb's order."""
    if isinstance(value, dict):
        return {name: ordered(value[name]) for name in _names(value)}
    return [ordered(one) for one in value] if isinstance(value, list | tuple) else value


def _names(value: dict[str, Any]) -> list[str]:
    return sorted(value, key=lambda name: (len(name.encode()), name.encode()))


def _jsonb(value: Any) -> str:
    if isinstance(value, dict):
        members = (f"{json.dumps(name, ensure_ascii=False)}: {_jsonb(value[name])}"
                   for name in _names(value))  # fmt: skip
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_jsonb, value)) + "]"
    return value.text if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
