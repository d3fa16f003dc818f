"""The search for secret values in every spelling, in time that is linear in the text."""

import re
from collections.abc import Iterable, Iterator, Set
from functools import cached_property

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from mockalog.kernel.journal.fields.findings import Span
from mockalog.kernel.journal.spellings import readings

# The shortest secret that is redacted outside its field. Shorter texts occur everywhere by chance,
# and no vendor issues so short a credential.
MIN_LENGTH = 4

# So few values are found one by one: to build an automaton takes longer.
FEW = 8

_HALF = re.compile("[\ud800-\udfff]")


def find_values(text: str, values: Iterable[str], configured: Iterable[str] = ()) -> Iterator[Span]:
    """Yield the places of values in a text. `configured`: values of any length."""
    forms = {form for value in values for form in _forms(value) if len(form) >= MIN_LENGTH}
    forms.update(form for value in configured for form in _forms(value) if form)
    search = _Search(forms)
    for reading in readings(text):
        for start, end in search.places(_comparable(reading.text)):
            yield Span(reading.position(start), reading.position(end))


class _Search:
    """The search for a set of texts: from both ends, because a search skips overlaps.

    Overlaps of three texts may leave the middle of the second one.
    """

    def __init__(self, forms: Set[str]) -> None:
        self._forms = forms

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where they begin and end."""
        if len(self._forms) <= FEW:
            for form in self._forms:
                yield from _places(text, form)
            return
        for _, start, end in self._forwards.find_matches_as_indexes(text):
            yield start, end
        for _, start, end in self._backwards.find_matches_as_indexes(text[::-1]):
            yield len(text) - end, len(text) - start

    @cached_property
    def _forwards(self) -> AhoCorasick:
        return _automaton(self._forms)

    @cached_property
    def _backwards(self) -> AhoCorasick:
        return _automaton(form[::-1] for form in self._forms)


def _places(text: str, form: str) -> Iterator[tuple[int, int]]:
    start, length = text.find(form), len(form)
    while start >= 0:
        yield start, start + length
        start = text.find(form, start + length)
    start = text.rfind(form)
    while start >= 0:
        yield start, start + length
        start = text.rfind(form, 0, start)


def _automaton(forms: Iterable[str]) -> AhoCorasick:
    """Return an automaton that finds all forms in one pass.

    This kind is built in linear time, too; the default one is faster, but for long texts only.
    """
    return AhoCorasick(
        forms,
        matchkind=MatchKind.LeftmostLongest,
        store_patterns=False,
        implementation=Implementation.NoncontiguousNFA,
    )


def _forms(value: str) -> Iterator[str]:
    """Yield a value as it is and decoded, because it may have been read with its escapes."""
    return (_comparable(reading.text) for reading in readings(value))


def _comparable(text: str) -> str:
    """Return a text as long as the given one, with one spelling of blanks and half characters.

    Forms write blanks as plus signs. A half character (a lone surrogate) is not Unicode.
    """
    text = text.replace("+", " ")
    return text if text.isascii() else _HALF.sub("\ufffd", text)
