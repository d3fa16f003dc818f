"""Spellings: texts with their escapes decoded, and the original position of each character.

A secret may be spelled with escapes of JSON, YAML, URLs and XML, and these may be nested.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property, lru_cache

# The most escapes within escapes that are decoded. Each level of JSON doubles its backslashes.
MAX_LEVELS = 8

# Each pattern matches the spelling of one character.
_JSON = (
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r'|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}|\\["\'\\/abfnrtv]'
)
_PERCENT = (
    r"%(?:[0-7][0-9a-fA-F]|u[0-9a-fA-F]{4}"
    r"|[c-dC-D][0-9a-fA-F](?:%[89abAB][0-9a-fA-F])"
    r"|[eE][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){2}"
    r"|[fF][0-4](?:%[89abAB][0-9a-fA-F]){3})"
)
_XML = r"&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"

JSON, PERCENT = map(re.compile, (_JSON, _PERCENT))
ANY = re.compile("|".join((_JSON, _PERCENT, _XML)))
_SHORT = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_UNKNOWN = "\ufffd"


class Reading:
    """A text, or a decoded piece of another reading.

    `base` is the position of a text in a larger one.
    """

    def __init__(
        self,
        text: str,
        base: int = 0,
        outer: "Reading | None" = None,
        spelling: re.Pattern[str] | None = None,
    ) -> None:
        self.text = text if spelling is None else spelling.sub(_decode, text)
        # The number of decodings.
        self.level: int = 0 if outer is None else outer.level + 1
        self._base = base
        self._outer = outer
        self._spelled = text
        self._spelling = spelling

    def piece(self, start: int, end: int, spelling: re.Pattern[str] | None = None) -> "Reading":
        """Return a piece of this text, decoded from a spelling or as it is."""
        return Reading(self.text[start:end], start, self, spelling)

    @cached_property
    def _escapes(self) -> tuple[list[int], list[int]]:
        """The positions of decoded characters, and the characters removed up to each.

        They are not needed for a text without secrets.
        """
        starts, removals, removed = [], [], 0
        assert self._spelling is not None
        for found in self._spelling.finditer(self._spelled):
            start, end = found.span()
            starts.append(start - removed)
            removed += end - start - 1
            removals.append(removed)
        return starts, removals

    def position(self, index: int) -> int:
        """Return the position of a character in the original."""
        outer = self._outer_index(index)
        return outer if self._outer is None else self._outer.position(outer)

    def original(self, start: int, end: int) -> str:
        """Return the original spelling of a part of the text."""
        if self._outer is None:
            return self.text[start:end]
        return self._outer.original(self._outer_index(start), self._outer_index(end))

    def _outer_index(self, index: int) -> int:
        if self._spelling is None:
            return self._base + index
        starts, removals = self._escapes
        before = bisect_left(starts, index)
        return self._base + index + (removals[before - 1] if before else 0)


def readings(text: str) -> Iterator[Reading]:
    """Yield the text as it is, and decoded in each way and to each level."""
    whole = Reading(text)
    yield whole
    marks = [mark in text for mark in "\\%&"]
    if not any(marks):
        return
    seen = {text}
    # `%41"` may also be a sign and a secret whose quote is escaped, so each way counts alone, too.
    for spelling in (ANY, JSON, PERCENT) if sum(marks) > 1 else (ANY,):
        reading = whole
        for _ in range(MAX_LEVELS):
            reading = reading.piece(0, len(reading.text), spelling)
            if reading.text in seen:
                break
            seen.add(reading.text)
            yield reading


def decoded(text: str) -> str:
    """Return a text with the escapes of all levels decoded."""
    for _ in range(MAX_LEVELS):
        shorter = ANY.sub(_decode, text)
        if shorter == text:
            break
        text = shorter
    return text


def _decode(found: re.Match[str]) -> str:
    return _character(found[0])


@lru_cache(maxsize=1024)
def _character(spelled: str) -> str:
    """Return the character of an escape."""
    if spelled[0] == "%":
        return _of_percent(spelled)
    if spelled[0] == "&":
        return _of_entity(spelled[1:-1])
    if len(spelled) == 2:
        return _SHORT.get(spelled[1], spelled[1])
    if len(spelled) == 12:
        units = bytes.fromhex(spelled[2:6] + spelled[8:])
        return units.decode("utf-16-be")
    return chr(int(spelled[2:], 16))


def _of_percent(spelled: str) -> str:
    if spelled[1] == "u":
        return chr(int(spelled[2:], 16))
    units = bytes.fromhex(spelled.replace("%", ""))
    try:
        return units.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return _UNKNOWN


def _of_entity(name: str) -> str:
    if name[0] != "#":
        return _ENTITIES[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(code) if code <= 0x10FFFF else _UNKNOWN
