"""Redaction: what must not be shown is taken out of text, however it is spelled there."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache

REDACTED = "[redacted]"

SECRET_HEADERS = frozenset({"authorization", "x-mockalog-admin", "cookie", "set-cookie"})

# Shorter ones would blacken every text; no vendor issues such a credential.
SHORTEST = 4

_HIDDEN_FIELDS = (
    "password|password_confirmation|secret|client_secret|client_assertion|token|access_token"
    "|refresh_token|api_key|private_key|reset_password_token"
)
_SECRET_IN_JSON = re.compile(rf'("(?:\w*_)?(?:{_HIDDEN_FIELDS})"\s*:\s*)"(?:[^"\\]|\\.)*"?')
_SECRET_IN_FORM = re.compile(rf"(^|[?&])((?:\w*_)?(?:{_HIDDEN_FIELDS}))=[^&]*")


class Redaction:
    """Hides what a setting names, besides credentials and what stands in secret fields.

    A secret between slashes is a regular expression, any other the text itself.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._patterns = [pattern_of(secret) for secret in secrets]

    def text(self, data: bytes | str, token: str = "") -> str:
        """Return the text without secrets; `token` is the credential that was sent."""
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        if len(token) >= SHORTEST:
            text = spelled(token).sub(REDACTED, text)
        for pattern in self._patterns:
            text = pattern.sub(REDACTED, text)
        text = _SECRET_IN_JSON.sub(rf'\1"{REDACTED}"', text)
        return _SECRET_IN_FORM.sub(rf"\1\2={REDACTED}", text)


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
