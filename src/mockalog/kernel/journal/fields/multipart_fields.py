"""Secret fields of multipart bodies, which may be cut."""

import re

from mockalog.kernel.journal.fields.findings import Findings, Scan
from mockalog.kernel.journal.spellings import Reading

# The first boundary. A line of three dashes begins a YAML document instead.
BOUNDARY = re.compile(r"\s*+(?P<boundary>--(?!-\s)\S++)[ \t]*+\r?\n")

_NAME = re.compile(r'\bname="?(?P<name>[^";\r\n]*+)')
_HEAD_ENDS = re.compile(r"\r?\n\r?\n")
_LINE_END = re.compile(r"\r?\n\Z")


def find(reading: Reading, findings: Findings, scan: Scan, boundary: str) -> None:
    """Find secret parts, and the secret fields inside other parts."""
    text, start = reading.text, 0
    while start >= 0:
        end = text.find(boundary, start)
        _find_in_part(reading, findings, scan, start, len(text) if end < 0 else end)
        start = end if end < 0 else end + len(boundary)


def _find_in_part(reading: Reading, findings: Findings, scan: Scan, start: int, end: int) -> None:
    head_ends = _HEAD_ENDS.search(reading.text, start, end)
    if head_ends is None:
        return
    name = _NAME.search(reading.text, start, head_ends.start())
    content = reading.text[head_ends.end() : end]
    if name is not None and name["name"] in findings.names:
        line_end = _LINE_END.search(content)
        length = line_end.start() if line_end else len(content)
        findings.take(reading, head_ends.end(), head_ends.end() + length)
    else:
        scan(reading.piece(head_ends.end(), end))
