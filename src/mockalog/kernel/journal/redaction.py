"""Redaction: what must not be shown is taken out of text, however it is spelled there."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from mockalog.kernel.journal.secret_fields import REDACTED, SecretFields, is_secret

SECRET_HEADERS = frozenset({"x-mockalog-admin", "cookie", "set-cookie"})

# Shorter ones would blacken every text; no vendor issues such a credential.
SHORTEST = 4

# A longer one is looked for in its usual spellings alone: a pattern costs with its length.
LONGEST = 2000


class Redaction:
    """Hides what a setting names, besides credentials and what stands in secret fields.

    A secret between slashes is a regular expression, any other the text itself.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._patterns = [pattern_of(secret) for secret in secrets]

    def begin(self, token: str = "") -> "Redactor":
        """Begin with one exchange; `token` is the credential that was sent."""
        return Redactor(self._patterns, token)

    def text(self, data: bytes | str, token: str = "") -> str:
        """Return a text that stands alone without secrets."""
        blackout = self.begin(token)
        return blackout.everywhere(blackout.fields(data))


class Redactor:
    """Hides the secrets of one exchange: first in their fields, then everywhere else."""

    def __init__(self, patterns: Sequence[re.Pattern[str]], token: str) -> None:
        self._patterns = patterns
        self._secrets = SecretFields()
        self._secrets.values.add(token)

    def fields(self, data: bytes | str) -> str:
        """Return a text without its secret fields; what stood in them is remembered."""
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        return self._secrets.hidden(text)

    def headers(self, pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        """Return headers without secret ones, names in lower case."""
        return {
            name.decode("latin-1").lower(): self._header(name.decode("latin-1").lower(), value)
            for name, value in pairs
        }

    def _header(self, name: str, value: bytes) -> str:
        if is_secret(name):
            # Without the scheme: `Basic`.
            self._secrets.keep(value.decode("utf-8", "replace").split(" ")[-1])
        elif name not in SECRET_HEADERS:
            return self.fields(value)
        return REDACTED

    def everywhere(self, text: str) -> str:
        """Return a text of the exchange without any secret that was seen in it by now."""
        for pattern in self._patterns:
            text = pattern.sub(REDACTED, text)
        readings = list(_readings(text))
        # A longer one first: it may hold a shorter one.
        for secret in sorted(self._secrets.values, key=len, reverse=True):
            if len(secret) >= SHORTEST and any(secret in reading for reading in readings):
                text = _found_by(secret).sub(REDACTED, text)
        return text


def _found_by(secret: str) -> re.Pattern[str]:
    if len(secret) <= LONGEST:
        return spelled(secret)
    escaped = [json.dumps(secret, ensure_ascii=way)[1:-1] for way in (True, False)]
    encoded = [way(secret, errors="replace") for way in (quote, quote_plus)]
    return re.compile("|".join(map(re.escape, (secret, *escaped, *encoded))))


def _readings(text: str) -> Iterator[str]:
    """Yield the text as each encoding reads it; to look there first is quick."""
    plain = _ESCAPE.sub(_unescaped, text).encode("utf-16", "surrogatepass")
    for reading in (text, plain.decode("utf-16", "replace")):
        yield reading
        yield unquote(reading)
        yield unquote_plus(reading)


_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])')


def _unescaped(found: re.Match[str]) -> str:
    return str(json.loads(f'"{found[0]}"'))


def pattern_of(secret: str) -> re.Pattern[str]:
    """Return what finds a configured secret; raises `re.error`, `ValueError` for an empty one."""
    if len(secret) > 1 and secret[0] == secret[-1] == "/":
        found = re.compile(secret[1:-1])
        if found.match(""):
            raise ValueError("a pattern that fits the empty text hides nothing")
        return found
    if not secret:
        raise ValueError("an empty secret hides nothing")
    return spelled(secret)


@lru_cache(maxsize=256)
def spelled(secret: str) -> re.Pattern[str]:
    """Return what finds a text as it is, percent-encoded, JSON-escaped, or partly so."""
    return re.compile("".join(map(_ways, secret)))


def _ways(char: str) -> str:
    """Return the ways to write a character, the longest first."""
    numbered = "".join(f"\\u{unit:04x}" for unit in _units(char))
    encoded = "".join(f"%{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
    ways = [f"(?i:{re.escape(way)})" for way in (numbered, encoded)]
    return f"(?:{'|'.join([*ways, *map(re.escape, _short_ways(char))])})"


def _short_ways(char: str) -> list[str]:
    """Return the character itself and its own escapes: a slash's in JSON, a blank's in a form."""
    more = {"/": ["\\/"], " ": ["+"]}.get(char, [])
    return [*more, json.dumps(char, ensure_ascii=False)[1:-1], char]


def _units(char: str) -> list[int]:
    """Return the UTF-16 units, of which JSON escapes speak."""
    units = char.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]
