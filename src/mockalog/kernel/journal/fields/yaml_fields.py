"""Secret fields of YAML's block style, line by line, because a text may be cut."""

import re
from textwrap import dedent

from mockalog.kernel.journal.fields.findings import LITERALS, Findings
from mockalog.kernel.journal.spellings import Reading

_KEY = re.compile(
    r"^(?P<indent>[ \t]*+(?:-[ \t]++)*+)(?P<quote>[\"']?)(?P<name>[\w.-]++)(?P=quote)[ \t]*+:"
    r"(?=[ \t\r\n]|\Z)[ \t]*+(?P<value>[^\r\n]*+)",
    re.MULTILINE,
)
_LINE = re.compile(r"\r?\n(?P<indent>[ \t]*+)(?P<rest>[^\r\n]*+)")
_ITEM = re.compile(r"-[ \t]++|\Z")
# A tag or an anchor before a value, and a comment after it.
_NO_VALUE = re.compile(r"^(?:[!&]\S++\s++)++|(?:^|\s)#.*")
_BLOCK = re.compile(r"[|>][0-9+-]*")


def find(reading: Reading, findings: Findings) -> None:
    """Find the values of secret keys."""
    hidden_end = 0
    for key in _KEY.finditer(reading.text):
        if key.start() < hidden_end or key["name"] not in findings.names:
            continue
        value = _NO_VALUE.sub("", key["value"]).strip()
        hidden_end = _end(reading.text, key, may_be_list=not value)
        if value not in LITERALS and hidden_end > key.start("value"):
            _take(reading, findings, key, value, hidden_end)


def _end(text: str, key: re.Match[str], *, may_be_list: bool) -> int:
    """Return the end of a value: of its last line that is indented further than the key."""
    end, column = key.end(), len(key["indent"])
    for line in _LINE.finditer(text, end):
        is_item = may_be_list and _ITEM.match(line["rest"]) and len(line["indent"]) == column
        if line["rest"] and len(line["indent"]) <= column and not is_item:
            break
        if line["rest"]:
            end = line.end()
    return end


def _take(reading: Reading, findings: Findings, key: re.Match[str], value: str, end: int) -> None:
    more = reading.text[key.end() : end]
    if value[:1] in ("'", '"') and value[1:].endswith(value[0]) and not more:
        start = key.start("value") + key["value"].index(value)
        findings.take(reading, start + 1, start + len(value) - 1)
        return
    first = key.end() + len(more) - len(more.lstrip()) if not value else key.start("value")
    findings.hide(reading, first, end)
    for one in _values(value, more):
        findings.remember(one)


def _values(value: str, more: str) -> list[str]:
    """Return the texts of a value with its further lines: of a list, a block or a plain text."""
    if not value:
        return [line.strip() for line in _ITEM.split(more)]
    if _BLOCK.fullmatch(value):
        return [dedent(more).strip()]
    return [" ".join((value + more).split()).strip("'\"")]
