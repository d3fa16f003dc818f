"""Secret fields of JSON and of YAML's flow style.

A text is read token by token and not parsed, because the journal cuts long bodies.
"""

import re

from mockalog.kernel.journal.fields.findings import LITERALS, Findings, Scan
from mockalog.kernel.journal.spellings import JSON, Reading, decoded

# Strings, of which the last may be cut.
_DOUBLE = r'"(?P<double>(?:[^"\\]++|\\.)*+)(?:"|\\?\Z)'
_SINGLE = r"(?<=[{,\[:\s])'(?P<single>[^']*+)(?:'|\Z)"
_STRING = re.compile(f"{_DOUBLE}|{_SINGLE}", re.DOTALL)
# A string, with the colon after a key, or a key without quotes.
_TOKEN = re.compile(
    rf"(?:{_DOUBLE}|{_SINGLE})(?P<colon>\s*+:\s*+)?"
    r"|(?<=[{,\s])(?P<bare>[A-Za-z_][\w.-]*+)\s*+:\s*+",
    re.DOTALL,
)
_KEYS = ("colon", "bare")

_BRACKET = re.compile(rf"{_DOUBLE}|[\[\]{{}}]", re.DOTALL)
_BARE_VALUE = re.compile(r"[^\s,\[\]{}\"']++(?:[ \t]++[^\s,\[\]{}\"']++)*+")

# A string without these characters has no secret fields inside.
_NESTING = re.compile(r"[=:<%\\]")

# A token that is a number of up to three digits is a sequence number. No vendor issues such tokens.
_COUNT = re.compile(r'"-?[0-9]{1,3}"')


class JsonFields:
    """Finds the secret fields of one text, and those inside its strings."""

    def __init__(self, reading: Reading, findings: Findings, scan: Scan) -> None:
        self._reading = reading
        self._text = reading.text
        self._findings = findings
        self._scan = scan
        # The end of the last hidden object or array, and of the last hidden array.
        self._hidden_end = self._array_end = 0

    def find(self) -> None:
        """Find all of them."""
        for token in _TOKEN.finditer(self._text):
            # One of the groups always matches.
            kind = str(token.lastgroup)
            if kind not in _KEYS:
                self._read_string(token, kind)
            elif self._is_secret(token) and token.start() >= self._hidden_end:
                self._hide_value(token)

    def _read_string(self, token: re.Match[str], kind: str) -> None:
        value = token[kind]
        if token.start() < self._array_end:
            self._findings.remember(value)
        if _NESTING.search(value):
            self._scan(self._reading.piece(*token.span(kind), JSON))

    def _is_secret(self, key: re.Match[str]) -> bool:
        name = key["double"] or key["single"] or key["bare"] or ""
        if (decoded(name) if "\\" in name else name) not in self._findings.names:
            return False
        return name != "token" or not _COUNT.match(self._text, key.end())

    def _hide_value(self, key: re.Match[str]) -> None:
        start = key.end()
        first = self._text[start : start + 1]
        if first in ("{", "["):
            self._hide_all(key, self._closing(start), is_array=first == "[")
        elif value := _STRING.match(self._text, start):
            self._findings.take(self._reading, *value.span(str(value.lastgroup)))
        elif (value := _BARE_VALUE.match(self._text, start)) and value[0] not in LITERALS:
            self._hide(key, value.end())

    def _hide_all(self, key: re.Match[str], end: int, *, is_array: bool) -> None:
        self._hide(key, end)
        self._hidden_end = end
        if is_array:
            self._array_end = end

    def _hide(self, key: re.Match[str], end: int) -> None:
        """Hide a value that is no string, in quotes as its key has them."""
        quote = "" if key["bare"] else self._reading.original(key.start(), key.start() + 1)
        self._findings.hide(self._reading, key.end(), end, quote)

    def _closing(self, start: int) -> int:
        """Return the end of the object or array that begins at `start` and may be cut."""
        depth = 0
        for bracket in _BRACKET.finditer(self._text, start):
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(bracket[0], 0)
            if depth == 0:
                return bracket.end()
        return len(self._text)
