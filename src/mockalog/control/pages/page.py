"""The page that shows a document: Swagger UI below links to the other documents.

Its addresses are relative, so that it works behind a proxy that adds a prefix.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

# The name of the control plane's document: no vendor has an empty name.
CONTROL = ""
TITLE = "mockalog's control plane"

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{root}assets/favicon-32x32.png">
<link rel="stylesheet" href="{root}assets/swagger-ui.css">
<link rel="stylesheet" href="{root}assets/docs.css">
<script defer src="{root}assets/swagger-ui-bundle.js"></script>
<script defer src="{root}assets/docs.js"></script>
</head>
<body>
<nav>
<strong>mockalog</strong>
{links}
</nav>
<noscript>This page needs JavaScript; <a href="{document}">its document</a> does not.</noscript>
<main id="document" data-url="{document}"></main>
</body>
</html>
"""


class Shown(NamedTuple):
    """The document of a page: the name of its API, its title and its dialect."""

    name: str
    title: str
    dialect: str = ""
    dialects: Sequence[str] = ()


def page(shown: Shown, others: Iterable[tuple[str, str]]) -> bytes:
    """Return the HTML; `others` holds the names and titles of all documents."""
    root = "../" if shown.name else ""
    query = f"?{urlencode({'dialect': shown.dialect})}" if shown.dialect else ""
    links = [*_document_links(shown, others, root), *_dialect_links(shown)]
    html = _PAGE.format(
        title=escape(shown.title),
        root=root,
        links="\n".join(links),
        document=escape(f"openapi.json{query}"),
    )
    return html.encode()


def _document_links(shown: Shown, others: Iterable[tuple[str, str]], root: str) -> Iterator[str]:
    for name, title in others:
        folder = f"{root}{name}/" if name else root
        yield _link(f"{folder}docs", title, is_current=name == shown.name)


def _dialect_links(shown: Shown) -> Iterator[str]:
    """Yield links to the dialects of a vendor that has several."""
    if not shown.dialects:
        return
    yield "<span>Dialect:</span>"
    current = shown.dialect or shown.dialects[0]
    for dialect in shown.dialects:
        query = urlencode({"dialect": dialect})
        yield _link(f"docs?{query}", dialect, is_current=dialect == current)


def _link(url: str, text: str, *, is_current: bool) -> str:
    current = ' aria-current="page"' if is_current else ""
    return f'<a href="{escape(url)}"{current}>{escape(text)}</a>'
