"""Secret fields of forms, queries and URLs: pairs of name and value.

In a form, a value ends at `&`. In other texts, it also ends with its quotes or at a blank.
"""

import re

from mockalog.kernel.journal.fields.findings import Findings, Scan
from mockalog.kernel.journal.spellings import PERCENT, Reading, decoded

_FORM_STARTS = re.compile(r"[?&;\s]*+[^\s=<{\"']++=")
# After a semicolon, a value also ends at one: `Server=x;Password=y`.
_IN_FORM = re.compile(
    r"(?:;(?P<name>[^=&?#;]++)=(?P<value>[^&;]*+)|(?:^|[?&#])(?P<name_>[^=&?#;]++)=(?P<value_>[^&]*+))"
)
_IN_TEXT = re.compile(
    r"(?<![\w.\[\]%:-])(?P<name>[\w.\[\]%:-]++)="
    r"(?:\"(?P<double>[^\"]*+)|'(?P<single>[^']*+)|(?P<value>[^\s&\"'<>]++))"
)


def find(reading: Reading, findings: Findings, scan: Scan) -> None:
    """Find the secret pairs of a text, and the secret fields in a form's values."""
    if not _FORM_STARTS.match(reading.text):
        for found in _IN_TEXT.finditer(reading.text):
            if decoded(found["name"]) in findings.names:
                findings.take(reading, *found.span(str(found.lastgroup)))
        return
    for found in _IN_FORM.finditer(reading.text):
        mark = "" if found["name"] else "_"
        if decoded(found[f"name{mark}"]) in findings.names:
            findings.take(reading, *found.span(f"value{mark}"))
        else:
            scan(reading.piece(*found.span(f"value{mark}"), PERCENT))
