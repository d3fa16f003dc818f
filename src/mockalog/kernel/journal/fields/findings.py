"""Findings: the secret places of a text, and the secret values to hide everywhere else."""

import base64
import re
from collections.abc import Callable
from typing import NamedTuple

from mockalog.kernel.journal.fields.names import SecretNames, is_name
from mockalog.kernel.journal.spellings import Reading

REDACTED = "[redacted]"

# Searches a decoded piece of a text for secret fields.
Scan = Callable[[Reading], None]

# JSON and YAML values that are no secrets, such as `true` of a schema's `secret`.
LITERALS = frozenset({"true", "false", "null", "~"})

_SCHEME = re.compile(r"(?i)(basic|bearer|token|digest|apikey|negotiate)\s+(.+)", re.DOTALL)


class Span(NamedTuple):
    """A place in the original text, and the text that replaces it."""

    start: int
    end: int
    shown: str = REDACTED


class Findings:
    """The secret fields of an exchange."""

    def __init__(self, names: SecretNames) -> None:
        self.names = names
        self.spans: list[Span] = []
        self.values: set[str] = set()

    def hide(self, reading: Reading, start: int, end: int, quote: str = "") -> None:
        """Hide a part of a reading; `quote` is the spelling of the quotes to add."""
        shown = f"{quote}{REDACTED}{quote}"
        self.spans.append(Span(reading.position(start), reading.position(end), shown))

    def take(self, reading: Reading, start: int, end: int) -> None:
        """Hide a part of a reading, and remember it as a value."""
        self.hide(reading, start, end)
        self.remember(reading.text[start:end])

    def remember(self, value: str) -> None:
        """Remember a secret value, except a secret name such as `password` itself.

        The credential after a scheme, such as `Bearer`, is a secret of its own.
        """
        if is_name(value):
            return
        self.values.add(value)
        if found := _SCHEME.fullmatch(value.strip()):
            self.values.add(found[2])
            if found[1].lower() == "basic":
                self.values.add(_password(found[2]))


def _password(encoded: str) -> str:
    """Return the password of HTTP Basic. The user is no secret in general."""
    try:
        return base64.b64decode(encoded).decode().partition(":")[2]
    except ValueError:
        return ""
