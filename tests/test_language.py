"""The rules of plain English that a machine can check: in docstrings, comments and pages.

The style guide is docs/style.md; the numbers of its rules stand in `WORDS`.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
CODE = [
    file
    for part in ("src", "tests", "benchmarks", "migrations")
    for file in (ROOT / part).rglob("*.py")
]
# The texts of a vendor's errors are the vendor's own.
OURS = [file for file in (ROOT / "src").rglob("*.py") if "vendors" not in file.parts]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]

# A rule of docs/style.md, and the words that break it.
WORDS = {
    "1: name the actor": r"who|whoever|whom|nobody|somebody|everybody|anybody",
    "2: name the thing": r"(?:Return|Returns|Yield|Say|Tell|Do|Show|Let) what",
    "3: plain negation": r"there is no \w+ that there is|as there is none|than there are",
    "5: if and otherwise": r", else |[Uu]nless",
    "6: no metaphors": r"strays?|strayed|owes?|owed|anew|comes about|voiced?|strikes?|struck",
}
LONGEST_LINE = 100
LONGEST_SENTENCE = 25


class Text(NamedTuple):
    """A docstring, a comment or a paragraph of a page, and the line on which it begins."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        """Return `src/mockalog/app.py:3`."""
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def docstrings(file: Path) -> Iterator[Text]:
    """Yield a file's docstrings."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[0] if node.body else None
            text = body.value if isinstance(body, ast.Expr) else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield Text(file, text.lineno, text.value)


def spoken(file: Path) -> Iterator[Text]:
    """Yield the texts that users read: those of errors, descriptions and help."""
    for node in ast.walk(ast.parse(file.read_text())):
        keywords = [node] if isinstance(node, ast.keyword) else []
        said = [one.value for one in keywords if one.arg in ("description", "help")]
        if isinstance(node, ast.Raise) and node.exc is not None:
            said.append(node.exc)
        for text in said:
            words = [
                part.value
                for part in ast.walk(text)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            yield Text(file, text.lineno, " ".join(words))


def comments(file: Path) -> Iterator[Text]:
    """Yield a file's comments, those on following lines as one."""
    block: list[str] = []
    begin = last = 0
    for token in tokenize.generate_tokens(io.StringIO(file.read_text()).readline):
        if token.type != tokenize.COMMENT:
            continue
        text = token.string.removeprefix("#").strip()
        if token.start[0] == last + 1 and block:
            block.append(text)
        else:
            if block:
                yield Text(file, begin, " ".join(block))
            block, begin = [text], token.start[0]
        last = token.start[0]
    if block:
        yield Text(file, begin, " ".join(block))


def paragraphs(file: Path) -> Iterator[Text]:
    """Yield a page's paragraphs and items, without code and tables."""
    block: list[str] = []
    begin, is_code = 1, False
    for number, line in enumerate([*file.read_text().splitlines(), ""], 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
            line = ""
        is_item = bool(re.match(r"\s*([-*]|\d+\.) ", line))
        if is_code or not line.strip() or line.startswith(("|", "#")) or is_item:
            if block:
                yield Text(file, begin, " ".join(block))
            block, begin = ([line.strip()] if is_item and not is_code else []), number
        else:
            block, begin = [*block, line.strip()], begin if block else number
    if block:
        yield Text(file, begin, " ".join(block))


@cache
def texts() -> list[Text]:
    """Return every text."""
    code = [text for file in CODE for text in (*docstrings(file), *comments(file))]
    code += [text for file in OURS for text in spoken(file)]
    return code + [text for file in PAGES for text in paragraphs(file)]


def bare(text: str) -> str:
    """Return a text without code, quotations and links."""
    return re.sub(
        r"``.*?``|`[^`]*`|\"[^\"]*\"|“[^”]*”|\(https?:[^)]*\)|\]\([^)]*\)",
        " X ",
        text,
        flags=re.DOTALL,
    )


def sentences(text: str) -> Iterator[str]:
    """Yield a text's sentences."""
    for paragraph in re.split(r"\n\s*\n", bare(text)):
        yield from re.split(r"(?<=[.!?:;])\s+(?=[A-Z`*(])|(?<=[:;])\s", " ".join(paragraph.split()))


@pytest.mark.parametrize("rule", WORDS)
def test_texts_use_plain_words(rule: str) -> None:
    """See the style guide for the word to use instead."""
    pattern = re.compile(rf"\b(?:{WORDS[rule]})\b")
    found = [
        f"{text}: {match[0]}" for text in texts() for match in pattern.finditer(bare(text.text))
    ]

    assert found == []


def test_sentences_are_short() -> None:
    """A sentence has at most 25 words."""
    long = [
        f"{text}: {len(sentence.split())} words: {sentence}"
        for text in texts()
        for sentence in sentences(text.text)
        if len(sentence.split()) > LONGEST_SENTENCE
    ]

    assert long == []


def test_lines_of_pages_are_short() -> None:
    """A line has at most 100 characters, except tables and code; ruff checks the code's lines."""
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in PAGES
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE and not line.startswith(("|", " ")) and "](" not in line
    ]

    assert long == []
