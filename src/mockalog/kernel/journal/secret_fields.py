"""Secret fields: the values of names such as `password`, in any format and in nested texts.

All other parts of a text must stay exactly as they are.
"""

import re

from mockalog.kernel.journal.fields import (
    json_fields,
    multipart_fields,
    pair_fields,
    xml_fields,
    yaml_fields,
)
from mockalog.kernel.journal.fields.findings import REDACTED, Findings, Scan
from mockalog.kernel.journal.spellings import MAX_LEVELS, Reading

__all__ = ["REDACTED", "find_fields"]

_JSON_STARTS = re.compile(r"[\s\ufeff]*+(?:[{\"]|\[\s*+(?:[\[\]{\"\d-]|true|false|null|\Z))")


def find_fields(reading: Reading, findings: Findings) -> None:
    """Add the secret fields of a text to the findings, whatever its format.

    The caller has checked that the text may have some (`SecretNames.hints_in`).
    """
    text = reading.text

    def scan(piece: Reading) -> None:
        if piece.level <= MAX_LEVELS and findings.names.hints_in(piece.text):
            find_fields(piece, findings)

    if parts := multipart_fields.BOUNDARY.match(text):
        multipart_fields.find(reading, findings, scan, parts["boundary"])
    elif _JSON_STARTS.match(text):
        json_fields.JsonFields(reading, findings, scan).find()
    else:
        _find_in_any(reading, findings, scan)


def _find_in_any(reading: Reading, findings: Findings, scan: Scan) -> None:
    """Search a text that may mix formats, such as YAML with a URL."""
    pair_fields.find(reading, findings, scan)
    # A line such as `Password: is too short` inside another text is a message.
    if reading.level == 0 or "\n" in reading.text:
        yaml_fields.find(reading, findings)
    if "<" in reading.text:
        xml_fields.find(reading, findings)
    if "{" in reading.text:
        json_fields.JsonFields(reading, findings, scan).find()
