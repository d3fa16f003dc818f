"""Redaction: secrets are removed from texts in every spelling: escaped, encoded or plain."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from mockalog.kernel.journal.secret_fields import REDACTED, SecretFields, is_secret

SECRET_HEADERS = frozenset({"x-mockalog-admin", "cookie", "set-cookie"})

# The shortest secret that is redacted outside its field. Shorter texts occur everywhere by chance,
# and no vendor issues so short a credential.
MIN_LENGTH = 4

# The longest secret that is found in every spelling. A longer one is found in its usual spellings,
# because the time of a pattern grows with its length.
MAX_PATTERN_LENGTH = 2000


class Redaction:
    """Redacts configured secrets, credentials and the values of secret fields.

    A configured secret between slashes is a regular expression. Any other is a plain text.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._patterns = [configured_pattern(secret) for secret in secrets]

    def begin(self, token: str = "") -> "Redactor":
        """Return the redactor of one exchange; `token` is the credential that the client sent."""
        return Redactor(self._patterns, token)

    def text(self, data: bytes | str, token: str = "") -> str:
        """Return a single text with all secrets redacted."""
        redactor = self.begin(token)
        return redactor.redact_known(redactor.redact_fields(data))


class Redactor:
    """Redacts the secrets of one exchange: first their fields, then their values everywhere."""

    def __init__(self, patterns: Sequence[re.Pattern[str]], token: str) -> None:
        self._patterns = patterns
        self._secrets = SecretFields()
        self._secrets.values.add(token)

    def redact_fields(self, data: bytes | str) -> str:
        """Return the text with its secret fields redacted, and remember their values."""
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        return self._secrets.redact(text)

    def redact_headers(self, pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        """Return the headers with names in lower case and secret values redacted."""
        return {
            name.decode("latin-1").lower(): self._header(name.decode("latin-1").lower(), value)
            for name, value in pairs
        }

    def _header(self, name: str, value: bytes) -> str:
        if is_secret(name):
            # The credential without its scheme, such as `Basic`.
            self._secrets.remember(value.decode("utf-8", "replace").split(" ")[-1])
        elif name not in SECRET_HEADERS:
            return self.redact_fields(value)
        return REDACTED

    def redact_known(self, text: str) -> str:
        """Return the text with configured secrets and all remembered values redacted."""
        for pattern in self._patterns:
            text = pattern.sub(REDACTED, text)
        readings = list(_readings(text))
        # Longer secrets first, because they may contain shorter ones.
        for secret in sorted(self._secrets.values, key=len, reverse=True):
            if len(secret) >= MIN_LENGTH and any(secret in reading for reading in readings):
                text = _pattern_of(secret).sub(REDACTED, text)
        return text


def _pattern_of(secret: str) -> re.Pattern[str]:
    if len(secret) <= MAX_PATTERN_LENGTH:
        return _any_spelling(secret)
    escaped = [json.dumps(secret, ensure_ascii=way)[1:-1] for way in (True, False)]
    encoded = [way(secret, errors="replace") for way in (quote, quote_plus)]
    return re.compile("|".join(map(re.escape, (secret, *escaped, *encoded))))


def _readings(text: str) -> Iterator[str]:
    """Yield the text decoded in each way. A search in these is faster than by a pattern."""
    plain = _ESCAPE.sub(_unescaped, text).encode("utf-16", "surrogatepass")
    for reading in (text, plain.decode("utf-16", "replace")):
        yield reading
        yield unquote(reading)
        yield unquote_plus(reading)


_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])')


def _unescaped(found: re.Match[str]) -> str:
    return str(json.loads(f'"{found[0]}"'))


def configured_pattern(secret: str) -> re.Pattern[str]:
    """Return the pattern of a configured secret.

    Raises `re.error` for an invalid regular expression, and `ValueError` for one that matches the
    empty text.
    """
    if len(secret) > 1 and secret[0] == secret[-1] == "/":
        found = re.compile(secret[1:-1])
        if found.match(""):
            raise ValueError("the pattern matches the empty text, so it would redact nothing")
        return found
    if not secret:
        raise ValueError("the secret is empty")
    return _any_spelling(secret)


@lru_cache(maxsize=256)
def _any_spelling(secret: str) -> re.Pattern[str]:
    """Return the pattern of a text whose characters may be percent-encoded or JSON-escaped."""
    return re.compile("".join(map(_character_pattern, secret)))


def _character_pattern(char: str) -> str:
    """Return the pattern of all spellings of a character, the longest first."""
    numbered = "".join(f"\\u{unit:04x}" for unit in _utf16_units(char))
    encoded = "".join(f"%{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
    ignoring_case = [f"(?i:{re.escape(spelling)})" for spelling in (numbered, encoded)]
    return f"(?:{'|'.join([*ignoring_case, *map(re.escape, _short_spellings(char))])})"


def _short_spellings(char: str) -> list[str]:
    """Return the character and its short escapes: of a slash in JSON, of a blank in a form."""
    more = {"/": ["\\/"], " ": ["+"]}.get(char, [])
    return [*more, json.dumps(char, ensure_ascii=False)[1:-1], char]


def _utf16_units(char: str) -> list[int]:
    """Return the UTF-16 units of a character, which JSON's `\\u` escapes number."""
    units = char.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]
