"""The search for secret values in every spelling, in time that is linear in the text."""

import re
from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from mockalog.kernel.journal.fields.findings import Span
from mockalog.kernel.journal.spellings import readings

# The shortest secret that is redacted outside its field. Shorter texts occur everywhere by chance,
# and no vendor issues so short a credential.
MIN_LENGTH = 4

_HALF = re.compile("[\ud800-\udfff]")


def find_values(text: str, values: Iterable[str], configured: Iterable[str] = ()) -> Iterator[Span]:
    """Yield the places of values in a text. `configured`: values of any length."""
    forms = {form for value in values for form in _forms(value) if len(form) >= MIN_LENGTH}
    forms.update(form for value in configured for form in _forms(value) if form)
    if not forms:
        return
    forwards = _automaton(forms)
    for reading in readings(text):
        searched = _comparable(reading.text)
        if found := forwards.find_matches_as_indexes(searched):
            found += _found_backwards(searched, forms)
        for _, start, end in found:
            yield Span(reading.position(start), reading.position(end))


def _found_backwards(text: str, forms: Iterable[str]) -> list[tuple[int, int, int]]:
    """Search from the end, because a search skips a value that overlaps an earlier one."""
    backwards = _automaton(form[::-1] for form in forms)
    found = backwards.find_matches_as_indexes(text[::-1])
    return [(which, len(text) - end, len(text) - start) for which, start, end in found]


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
