"""Secret fields of forms, queries and URLs: pairs of name and value.

In a form, a value ends at `&`. In other texts, it also ends with its quotes or at a blank.
"""

import re

from mockalog.kernel.journal.fields.findings import Findings, Scan
from mockalog.kernel.journal.spellings import PERCENT, Reading, decoded

_FORM_STARTS = re.compile(r"[?&;\s]*+[^\s=<{\"']++=")
# After a semicolon, a value also ends at one: `Server=x;Password=y`.
_IN_FORM = re.compile(
    r"(?:^|[?&#]|(?P<semicolon>;))(?P<name>[^=&?#;]++)="
    r"(?P<value>(?(semicolon)[^&;]*+|[^&]*+))"
)
_IN_TEXT = re.compile(
    r"(?<![\w.\[\]%:-])(?P<name>[\w.\[\]%:-]++)="
    r"(?:\"(?P<double>[^\"]*+)|'(?P<single>[^']*+)|(?P<value>[^\s&\"'<>]++))"
)


def find(reading: Reading, findings: Findings, scan: Scan) -> None:
    """Find the secret pairs of a text, and the secret fields in other values."""
    if _FORM_STARTS.match(reading.text):
        pairs, spelling = _IN_FORM, PERCENT
    else:
        pairs, spelling = _IN_TEXT, None
    for pair in pairs.finditer(reading.text):
        value = pair.span(str(pair.lastgroup))
        if decoded(pair["name"]) in findings.names:
            findings.take(reading, *value)
        else:
            scan(reading.piece(*value, spelling))
