"""Secret elements of XML, which may be cut. Attributes are pairs of name and value."""

import re

from mockalog.kernel.journal.fields.findings import Findings
from mockalog.kernel.journal.spellings import Reading

_OPEN = re.compile(r"<(?P<tag>[\w:.-]++)(?:\s[^<>]*+)?(?<!/)>")
_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]*+>")


def find(reading: Reading, findings: Findings) -> None:
    """Find the contents of secret elements."""
    text, hidden_end = reading.text, 0
    for found in _OPEN.finditer(text):
        if found.start() < hidden_end or found["tag"] not in findings.names:
            continue
        start, end = found.end(), text.find(f"</{found['tag']}", found.end())
        hidden_end = len(text) if end < 0 else end
        if start < hidden_end:
            findings.hide(reading, start, hidden_end)
        for value in _MARKUP.split(text[start:hidden_end]):
            findings.remember(value.strip())
