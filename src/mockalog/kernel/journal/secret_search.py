"""The search for secret values in every spelling, in time that is linear in the text."""

from collections.abc import Iterable, Iterator

import ahocorasick

from mockalog.kernel.journal.fields.findings import Span
from mockalog.kernel.journal.spellings import readings

# The shortest secret that is redacted outside its field. Shorter texts occur everywhere by chance,
# and no vendor issues so short a credential.
MIN_LENGTH = 4


def find_values(text: str, values: Iterable[str], configured: Iterable[str] = ()) -> Iterator[Span]:
    """Yield the places of values in a text. `configured`: values of any length."""
    forms = {form for value in values for form in _forms(value) if len(form) >= MIN_LENGTH}
    forms.update(form for value in configured for form in _forms(value) if form)
    if not forms:
        return
    # One automaton finds all values in one pass (Aho-Corasick).
    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for form in forms:
        automaton.add_word(form)
    automaton.make_automaton()
    for reading in readings(text):
        for last, length in automaton.iter(_without_plus(reading.text)):
            yield Span(reading.position(last + 1 - length), reading.position(last + 1))


def _forms(value: str) -> Iterator[str]:
    """Yield a value as it is and decoded, because it may have been read with its escapes."""
    return (_without_plus(reading.text) for reading in readings(value))


def _without_plus(text: str) -> str:
    """Return a text in which blanks have one spelling: forms write them as plus signs."""
    return text.replace("+", " ")
