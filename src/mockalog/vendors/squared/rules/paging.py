"""Pages and the links between them.

Sources: docs/vendors/squared.md#3-paging; docs/vendors/squared.md#1-contradictions, row 9.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from mockalog.vendors.squared.errors import BadRequestError, UndefinedMethodError
from mockalog.vendors.squared.rules.validation import Errors, Key, require_no_errors, validate

# Documented default and maximum; the server has its own default and no maximum.
DOCS_SIZE = 100
SERVER_SIZE = 10

# More rows than a list has, and within the integers of every database.
MAX_ROWS = 2**31 - 1
_MAX_DIGITS = 18

_DOCS_PAGE = ("page", "page[number]")
_DOCS_SIZE = ("per_page", "page_size", "page[size]")

# Ruby's `to_i`: the digits that a text begins with.
_LEADING = re.compile(r"\s*([+-]?[0-9]+)")


class Page(NamedTuple):
    """One page: its number from 1 and its maximum number of rows."""

    number: int
    size: int

    @property
    def limit(self) -> int:
        """Return the number of rows to select."""
        return min(self.size, MAX_ROWS)

    @property
    def offset(self) -> int:
        """Return the number of rows to skip."""
        return min((self.number - 1) * self.size, MAX_ROWS)


def page_of(query: Mapping[str, str], dialect: str) -> Page:
    """Return the page of a query; raises `BadRequestError`."""
    if dialect == "docs":
        size = min(_size(_first(query, _DOCS_SIZE), DOCS_SIZE), DOCS_SIZE)
        return Page(_number(_first(query, _DOCS_PAGE)), size)
    if any(name.startswith("page[") for name in query):
        # The server parses the brackets as an object and raises an exception (text inferred).
        raise UndefinedMethodError("to_i", "an instance of ActionController::Parameters")
    return Page(_number(query.get("page", "")), _size(query.get("per_page", ""), SERVER_SIZE))


def check_page(query: Mapping[str, str], dialect: str) -> None:
    """Raise `ContractError` for a page that is no integer; only the connectors' list allows it."""
    require_no_errors(page_errors(query, dialect))


def page_errors(query: Mapping[str, str], dialect: str) -> Errors:
    """Return the error of a page that is no integer."""
    sent = next((query[name] for name in _DOCS_PAGE if name in query), None)
    if dialect == "server":
        nested = any(name.startswith("page[") for name in query)
        sent = "page[]" if nested else query.get("page")
    return {} if sent is None else validate({"page": sent}, {"page": Key("integer")})[1]


def _first(query: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return the first parameter that exists: links set the first names and keep the others."""
    return next((query[name] for name in names if name in query), "")


def _number(text: str) -> int:
    return max(1, _to_i(text))


def _size(text: str, default: int) -> int:
    """Return the default for a negative size or no number; raises `BadRequestError` for zero."""
    if not text[:1].isascii() or not text[:1].isdigit():
        return default
    size = _to_i(text)
    if size == 0:
        raise BadRequestError("Current page was incalculable. Perhaps you called .per(0)?")
    return size


def _to_i(text: str) -> int:
    match = _LEADING.match(text)
    return int(match[1][:_MAX_DIGITS]) if match else 0


def links(url: str, query: Mapping[str, str], page: Page, total: int) -> dict[str, str | None]:
    """Return the links of a page; `url` is the request's URL without its query."""
    last = max(1, -(-total // page.size))

    def link(number: int) -> str:
        paged = {**query, "page": str(number), "per_page": str(page.size)}
        return f"{url}?{urlencode(sorted(paged.items()))}"

    return {
        "self": f"{url}?{urlencode(sorted(query.items()))}",
        "first": link(1),
        "prev": link(page.number - 1) if page.number > 1 else None,
        # Past the end of two or more pages the server still links a next page (measured).
        "next": link(page.number + 1) if last > 1 and page.number != last else None,
        "last": link(last),
    }
