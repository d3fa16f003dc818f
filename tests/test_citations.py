"""Code, tests and pages cite the pages of this repository, and each citation can be followed."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRACKED = ["src", "tests", "benchmarks", "migrations", "docs", ":(glob)*.md"]

CITATION = re.compile(r"(?<![\w./-])docs/[\w./-]+\.md(?:#[\w-]+)?")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)

# A page by its bare name, and pages that are in no repository.
BARE_PAGE = re.compile(
    r"(?<!docs/vendors/)(?<!\]\()\b(?:attraqt|braze|squared)\.md\b"
    r"|(?<!docs/)\b(?:architecture|control-plane|house-plan)\.md\b"
)
# A numbered section or row without its page. Sections of an RFC are no sections of a page.
BARE_SECTION = re.compile(
    r"(?<!RFC \d{4}, )\b[Ss]ections?\s+(?:#\s+)?\d"
    r"|\b[Rr]ows?\s+(?:#\s+)?\d[\d, and]* of the contradictions"
)


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every text file that git tracks in the places that cite pages, but not this one.

    The examples below are wrong on purpose.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *TRACKED], cwd=ROOT, capture_output=True
    )
    if listed.returncode:
        pytest.skip("the tests do not run in a git checkout")
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    for file in files:
        if (
            file.is_file()
            and file != Path(__file__)
            and b"\0" not in (content := file.read_bytes())
        ):
            yield file, content.decode()


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of all headings of a page; a repeated one gets a number."""
    found: list[str] = []
    fenced = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ (.*)$", fenced, re.MULTILINE):
        anchor = slug(heading)
        repeated = sum(re.sub(r"-\d+$", "", one) == anchor for one in found if one != anchor)
        found.append(f"{anchor}-{repeated + 1}" if anchor in found else anchor)
    return frozenset(found)


def missing(target: str, base: Path) -> str | None:
    """Return the part of `path#anchor` that does not exist, or None."""
    path, _, anchor = target.partition("#")
    page = (base / path).resolve() if path else base
    if not page.exists():
        return "this file does not exist"
    if anchor and anchor not in anchors(page):
        return "the page has no such heading"
    return None


def place(file: Path, text: str, position: int) -> str:
    """Return file and line of a position in a text."""
    return f"{file.relative_to(ROOT)}:{text.count(chr(10), 0, position) + 1}"


def broken_citations(file: Path, text: str) -> Iterator[str]:
    """Yield each citation of a page that cannot be followed."""
    for match in CITATION.finditer(text):
        if problem := missing(match[0], ROOT):
            yield f"{place(file, text, match.start())}: {match[0]}: {problem}"


def broken_links(file: Path, text: str) -> Iterator[str]:
    """Yield each relative link of a Markdown page that cannot be followed."""
    # Code keeps its length, so that lines stay right, but loses its links.
    prose = CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    for match in LINK.finditer(prose):
        if re.match(r"[a-z]+:", match[1]):
            continue
        base = file if match[1].startswith("#") else file.parent
        if problem := missing(match[1], base):
            yield f"{place(file, text, match.start())}: {match[1]}: {problem}"


def bare_citations(file: Path, text: str) -> Iterator[str]:
    """Yield each citation that does not say where its page is."""
    patterns = [BARE_PAGE] if file.suffix == ".md" else [BARE_PAGE, BARE_SECTION]
    for match in (match for pattern in patterns for match in pattern.finditer(text)):
        yield f"{place(file, text, match.start())}: {' '.join(match[0].split())}"


def test_every_citation_leads_to_a_page_and_a_heading() -> None:
    """`docs/….md` names a file of the repository, and `#…` one of its headings."""
    broken = [one for file, text in texts() for one in broken_citations(file, text)]

    assert not broken, "citations that cannot be followed:\n" + "\n".join(broken)


def test_every_link_between_pages_leads_to_a_file_and_a_heading() -> None:
    """A relative link of a Markdown page names a file, and `#…` one of its headings."""
    pages = [(file, text) for file, text in texts() if file.suffix == ".md"]
    broken = [one for file, text in pages for one in broken_links(file, text)]

    assert not broken, "links that cannot be followed:\n" + "\n".join(broken)


def test_no_citation_leaves_out_where_its_page_is() -> None:
    """Pages are cited by path and heading, not by a bare name or a section's number."""
    bare = [one for file, text in texts() for one in bare_citations(file, text)]

    assert not bare, "cite docs/<page>.md#<heading> instead of:\n" + "\n".join(bare)


BRAZE = "docs/vendors/braze.md"


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (BRAZE, None),
        (f"{BRAZE}#7-errors", None),
        (f"{BRAZE}#7-error", "the page has no such heading"),
        ("docs/vendors/none.md", "this file does not exist"),
    ],
)
def test_a_citation_is_followed_to_its_file_and_heading(target: str, problem: str | None) -> None:
    """A file that does not exist and a heading that does not exist are both reported."""
    found = list(broken_citations(Path(__file__), f"Source: {target}."))

    assert found == ([] if problem is None else [f"tests/test_citations.py:1: {target}: {problem}"])


@pytest.mark.parametrize(
    ("link", "broken"),
    [
        ("squared.md#23-authentication", False),
        ("#7-errors", False),
        ("../control-plane.md", False),
        ("https://example.com/no.md", False),
        ("#77-errors", True),
        ("squared.md#23-authorisation", True),
        ("control-plane.md", True),
    ],
)
def test_a_link_is_followed_from_its_page(link: str, broken: bool) -> None:
    """Links are relative to the page; links to other sites are not followed."""
    page = ROOT / BRAZE

    assert bool(list(broken_links(page, f"See [there]({link})."))) is broken
    assert not list(broken_links(page, f"Not `[a link]({link})`."))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("(braze.md, section 7)", 2),
        ("design/architecture.md", 1),
        ("in the order of section\n    # 7", 1),
        ("row 24 of the contradictions", 1),
        (f"{BRAZE}#7-errors", 0),
        ("RFC 6749, section 2.3.1", 0),
        ("all sections are optional", 0),
    ],
)
def test_a_bare_citation_is_told_from_a_full_one(text: str, bare: int) -> None:
    """The name of a page without its path and a section without its page are both reported."""
    assert len(list(bare_citations(Path(__file__), text))) == bare


def test_anchors_are_those_of_github(tmp_path: Path) -> None:
    """Case and punctuation go, spaces become hyphens, and code blocks have no headings."""
    page = tmp_path / "page.md"
    page.write_text("# 2.6 `Error` envelopes, two\n\n```\n# none\n```\n\n## Same\n\n## Same\n")

    assert anchors(page) == {"26-error-envelopes-two", "same", "same-1"}
