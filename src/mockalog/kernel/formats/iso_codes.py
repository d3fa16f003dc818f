"""The codes of languages and countries, from pycountry's copy of the ISO standards.

The import reads 0.9 MB of data (70 ms), so it is a late import (`kernel/late_imports.py`).
"""

import pycountry

# ISO 639-1: two lower-case letters. pycountry lists it as a part of ISO 639-3.
LANGUAGES = frozenset(entry.alpha_2 for entry in pycountry.languages if hasattr(entry, "alpha_2"))

# ISO 3166-1 alpha-2: two upper-case letters.
COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
