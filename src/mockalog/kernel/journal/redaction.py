"""Redaction: secrets are removed from texts in every spelling: escaped, encoded or plain."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, groupby

from mockalog.kernel.journal.fields.findings import REDACTED, Findings, Span
from mockalog.kernel.journal.fields.names import SecretNames, VendorSecrets, is_secret_header
from mockalog.kernel.journal.secret_fields import find_fields
from mockalog.kernel.journal.secret_search import find_values
from mockalog.kernel.journal.spellings import Reading, readings

# Between the texts of one exchange, which are searched as one.
_BETWEEN = "\0"


class Redaction:
    """Redacts configured secrets, credentials and the values of secret fields.

    A configured secret between slashes is a regular expression. Any other is a plain text.
    `vendors`: the secret fields of each vendor besides those with general names.
    """

    def __init__(
        self, secrets: Sequence[str] = (), vendors: Mapping[str, VendorSecrets] | None = None
    ) -> None:
        found = {secret: configured_pattern(secret) for secret in secrets}
        self._patterns = [pattern for pattern in found.values() if pattern is not None]
        self._texts = [secret for secret, pattern in found.items() if pattern is None]
        self._vendors = vendors or {}
        self._names: dict[tuple[str | None, str | None], SecretNames] = {}

    def begin(
        self, token: str = "", vendor: str | None = None, operation: str | None = None
    ) -> "Redactor":
        """Return the redactor of one exchange; `token` is the credential that the client sent."""
        key = vendor, operation
        names = self._names.get(key)
        if names is None:
            names = self._names[key] = SecretNames(self._fields(vendor, operation))
        return Redactor(self._patterns, self._texts, names, token)

    def _fields(self, vendor: str | None, operation: str | None) -> frozenset[str]:
        """Return the vendor's secret fields; of all vendors if the request reached no operation."""
        if vendor is not None and operation is not None:
            return self._vendors.get(vendor, VendorSecrets()).of(operation)
        return frozenset().union(*(secrets.fields for secrets in self._vendors.values()))

    def text(self, data: bytes | str, token: str = "") -> str:
        """Return a single text with all secrets redacted."""
        return self.begin(token).redact([data])[0]


class Redactor:
    """Redacts the secrets of one exchange: their fields, and their values everywhere else."""

    def __init__(
        self,
        patterns: Sequence[re.Pattern[str]],
        texts: Sequence[str],
        names: SecretNames,
        token: str,
    ) -> None:
        self._patterns = patterns
        self._texts = texts
        self._findings = Findings(names)
        self._findings.values.add(token)

    def headers(self, pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        """Return headers with names in lower case; those with secret names are redacted.

        Their values are remembered. The other values are still to be redacted.
        """
        found = {}
        for raw, value in pairs:
            name = _header_name(raw)
            if is_secret_header(name) or name in self._findings.names:
                self._findings.remember(_text(value))
                found[name] = REDACTED
            else:
                found[name] = _text(value)
        return found

    def redact(self, data: Iterable[bytes | str]) -> list[str]:
        """Return the texts of the exchange with all secrets redacted."""
        texts = [_text(one) for one in data]
        whole = _BETWEEN.join(texts)
        starts = [0, *accumulate(len(text) + len(_BETWEEN) for text in texts[:-1])]
        spans = self._spans(whole, [*zip(texts, starts, strict=True)])
        if not spans:
            return texts
        for number, own in groupby(_merged(spans), lambda span: bisect_right(starts, span.start)):
            texts[number - 1] = _cut(texts[number - 1], starts[number - 1], own)
        return texts

    def _spans(self, whole: str, texts: Sequence[tuple[str, int]]) -> list[Span]:
        """Return the places of secrets in the whole: its texts are given with their positions."""
        findings = self._findings
        if hints := findings.names.hints_in(whole):
            for text, start in texts:
                if any(map(text.lower().__contains__, hints)):
                    find_fields(Reading(text, start), findings)
        spans = [*findings.spans, *find_values(whole, findings.values, self._texts)]
        for pattern in self._patterns:
            for text, start in texts:
                spans += _matches(pattern, text, start)
        return spans


@lru_cache(maxsize=1024)
def _header_name(name: bytes) -> str:
    return name.decode("latin-1").lower()


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode("utf-8", "replace")


def _matches(pattern: re.Pattern[str], text: str, start: int) -> Iterator[Span]:
    """Yield the matches of a configured pattern in a text, decoded or as it is."""
    for reading in readings(text):
        for found in pattern.finditer(reading.text):
            if found[0]:
                first, end = reading.position(found.start()), reading.position(found.end())
                yield Span(start + first, start + end)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that overlap as one."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end, -len(span.shown))):
        last = merged[-1] if merged else None
        if last is None or span.start >= last.end:
            merged.append(span)
        elif span.end > last.end:
            merged[-1] = Span(last.start, span.end)
    return merged


def _cut(text: str, start: int, spans: Iterable[Span]) -> str:
    """Return a text without the spans in it; it begins at `start` in the whole."""
    pieces, at = [], 0
    for span in spans:
        pieces += [text[at : span.start - start], span.shown]
        at = span.end - start
    return "".join([*pieces, text[at:]])


def configured_pattern(secret: str) -> re.Pattern[str] | None:
    """Return the regular expression of a configured secret, None for a plain text.

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
    return None
