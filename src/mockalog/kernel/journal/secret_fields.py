"""Secret fields: the values of names such as `password` in JSON, forms, queries and multipart.

Texts are read token by token and not parsed, because a body may be cut. All other parts must
stay exactly as they are.
"""

import json
import re
from urllib.parse import quote_plus, unquote_plus

REDACTED = "[redacted]"

# The ends of secret names, in lower case and without signs.
_NAMES = (
    "password|passwordconfirmation|passwd|pwd|passphrase|secret|clientassertion|token|apikey"
    "|accesskey|secretkey|privatekey|authorization"
)
_SECRET_NAME = re.compile(rf"(?:{_NAMES})\Z")
_WORD = re.compile(_NAMES)
_SIGNS = re.compile(r"[\W_]")

# A text without a match has no secret field. This quick test is enough for most texts.
_HINT = re.compile(r"pass|pwd|secret|assertion|token|key|authorization|\\u|%", re.IGNORECASE)

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)
_LITERALS = ("true", "false", "null")
# The values of Braze's `token` of a catalog field, which is no secret but a sequence number.
_COUNT = re.compile(r'"-?[0-9]{1,3}"')
_FIELD = re.compile(r"(^|[?&#])([^=&?#]+)=([^&]*)")
_PART_NAME = re.compile(r'\bname="?([^";\r\n]*)')
_HEAD_ENDS = re.compile(r"\r?\n\r?\n")


def is_secret(name: str) -> bool:
    """Return whether values of a name are secret; case and signs of the name do not matter."""
    return _SECRET_NAME.search(_SIGNS.sub("", name.lower())) is not None


class SecretFields:
    """Redacts secret fields, and remembers their values to redact them elsewhere too."""

    def __init__(self) -> None:
        self.values: set[str] = set()

    def remember(self, value: str) -> None:
        """Remember a secret value, except a secret name such as `password` itself."""
        if not _WORD.fullmatch(value):
            self.values.add(value)

    def redact(self, text: str) -> str:
        """Return the text with the values of its secret fields redacted."""
        if not _HINT.search(text):
            return text
        start = text.lstrip()[:2]
        if start[:1] in ("{", "[", '"'):
            return self._json(text)
        if start == "--":
            return self._multipart(text)
        return _FIELD.sub(self._field, text)

    def _json(self, text: str) -> str:
        tokens = list(_TOKEN.finditer(text))
        pieces, at, n = [], 0, 0
        while n < len(tokens):
            first, end = n, n + 1
            if _is_secret_key(tokens, n):
                first, end = n + 2, _value_end(tokens, n + 2)
                shown = self._value([token[0] for token in tokens[first:end]])
            else:
                shown = self._string(tokens[n][0])
            if first < len(tokens):
                pieces += [text[at : tokens[first].start()], shown]
                at = tokens[end - 1].end()
            n = end
        return "".join(pieces) + text[at:]

    def _value(self, tokens: list[str]) -> str:
        """Return the text to show for a secret value. true, false and null are no secrets."""
        if tokens and tokens[0] in _LITERALS:
            return tokens[0]
        if tokens and tokens[0] != "{":
            for token in tokens:
                if token[0] == '"':
                    self.remember(_decoded(token))
        return f'"{REDACTED}"'

    def _string(self, token: str) -> str:
        """Return a token. A string may contain JSON or a URL with secret fields itself."""
        if token[0] != '"':
            return token
        value = _decoded(token)
        shown = self.redact(value) if value[:1] != '"' else value
        return token if shown == value else json.dumps(shown, ensure_ascii=False)

    def _field(self, found: re.Match[str]) -> str:
        before, name, value = found.groups()
        plain = unquote_plus(value)
        if is_secret(unquote_plus(name)):
            self.remember(plain)
            return f"{before}{name}={REDACTED}"
        shown = self._json(plain) if plain[:1] in ("{", "[") else plain
        return found[0] if shown == plain else f"{before}{name}={quote_plus(shown, safe='[]')}"

    def _multipart(self, text: str) -> str:
        boundary = text.lstrip().partition("\n")[0].rstrip()
        return boundary.join(map(self._part, text.split(boundary)))

    def _part(self, part: str) -> str:
        head_ends, name = _HEAD_ENDS.search(part), _PART_NAME.search(part)
        if head_ends is None or name is None or name.start() > head_ends.start():
            return part
        head, value = part[: head_ends.end()], part[head_ends.end() :]
        if not is_secret(name[1]):
            return head + (value if value[:2] == "--" else self.redact(value))
        self.remember(value.removesuffix("\n").removesuffix("\r"))
        return f"{head}{REDACTED}\r\n"


def _is_secret_key(tokens: list[re.Match[str]], n: int) -> bool:
    return (
        tokens[n][0][0] == '"'
        and n + 1 < len(tokens)
        and tokens[n + 1][0] == ":"
        and is_secret(_decoded(tokens[n][0]))
        and not _is_sequence_number(tokens, n)
    )


def _is_sequence_number(tokens: list[re.Match[str]], n: int) -> bool:
    name, value = tokens[n][0], tokens[n + 2 : n + 3]
    return name == '"token"' and bool(value) and _COUNT.fullmatch(value[0][0]) is not None


def _value_end(tokens: list[re.Match[str]], n: int) -> int:
    """Return the index of the token after the value that begins at `n` and may be cut."""
    depth = 0
    for number in range(n, len(tokens)):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(tokens[number][0], 0)
        if depth <= 0:
            return number + 1
    return len(tokens)


def _decoded(token: str) -> str:
    """Return the value of a JSON string, or its raw text if it is cut or invalid."""
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:]
