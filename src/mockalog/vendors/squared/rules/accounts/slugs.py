"""Slugs of workspaces: ActiveSupport's `parameterize` (docs/vendors/squared.md#6-workspaces)."""

import re
import unicodedata

# The letters that the gem i18n transliterates; `÷` is none of them.
_KNOWN = re.compile("[À-öø-žẞǪǫǬǭ]")
# Those that do not decompose, in lower case.
_WHOLE = {
    "æ": "ae",
    "ð": "d",
    "ø": "o",
    "þ": "th",
    "ß": "ss",
    "đ": "d",
    "ħ": "h",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "ĸ": "k",
    "ł": "l",
    "ŉ": "'n",
    "ŋ": "ng",
    "œ": "oe",
    "ŧ": "t",
    "\N{MULTIPLICATION SIGN}": "x",
}
_SEPARATED = re.compile("[^A-Za-z0-9_-]+")
_HYPHENS = re.compile("-{2,}")


def slug(name: str) -> str:
    """Return the slug of a name: ASCII letters in lower case, digits, `_` and single `-`.

    Libraries transliterate more letters than ActiveSupport, to which every other one separates.
    """
    text = _KNOWN.sub(_transliterated, unicodedata.normalize("NFC", name))
    return _HYPHENS.sub("-", _SEPARATED.sub("-", text)).strip("-").lower()


def _transliterated(letter: re.Match[str]) -> str:
    lower = letter[0].lower()
    decomposed = unicodedata.normalize("NFKD", lower)
    return _WHOLE.get(lower) or "".join(filter(str.isascii, decomposed))
