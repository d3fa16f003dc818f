"""Globs: which paths one means, and whether it can mean an operation's."""

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from glob import escape
from urllib.parse import unquote

MANY = "*"

# A set of characters, in which `]` may come first, or a character.
_TOKENS = re.compile(r"\[!?+(?:\][^]]*+|[^]]++)\]|.", re.DOTALL)
_STARS = re.compile(r"\*+")
# What stands for one segment of a template; it, or a character.
_PARAMETER = re.compile(r"\{.*?\}")
_PARTS = re.compile(rf"{_PARAMETER.pattern}|.", re.DOTALL)

Fits = Callable[[str], bool]


def matches(path: str, wanted: str) -> bool:
    """Return whether a decoded path is the one that is wanted, or fits it as a glob.

    What is wanted may be encoded: a segment with a slash in it can be named no other way.
    """
    path, spellings = normalized_path(path), _spellings(wanted)
    return path in spellings or any(fnmatchcase(path, one) for one in spellings)


@lru_cache
def _spellings(wanted: str) -> frozenset[str]:
    """Return how a path can be meant; remembered, for a journal is asked of each exchange."""
    return frozenset((normalized_path(wanted), normalized_path(unquote(wanted))))


def glob_of(template: str) -> str:
    """Return the glob that says what a template does."""
    return _PARAMETER.sub(MANY, template)


def can_match(path: str, template: str) -> bool:
    """Return whether a path, or a glob as `fnmatch` reads it, fits a path that a template has.

    Template: `/catalogs/{name}/items`. A parameter is a segment: some characters, no slash.
    """
    globs = _STARS.sub(MANY, path), escape(path)
    return any(_meet(_TOKENS.findall(glob), template) for glob in globs)


def _meet(tokens: Sequence[str], template: str) -> bool:
    """Walk through the template; `at` are the tokens that may come next."""
    at = _skipping(tokens, {0})
    for part in _PARTS.findall(template):
        at = _segment(tokens, at) if part.startswith("{") else _step(tokens, at, _like(part))
    return len(tokens) in at


def _segment(tokens: Sequence[str], at: set[int]) -> set[int]:
    """Return where some characters lead that are no slashes: on to the next slash."""
    reached: set[int] = set()
    for n, one in enumerate(tokens):
        if (n in at or n in reached) and one != "/":
            reached |= {n, n + 1} if one == MANY else {n + 1}
    return _skipping(tokens, reached)


def _step(tokens: Sequence[str], at: set[int], fits: Fits) -> set[int]:
    """Return where a character leads that some tokens meet; a star stays where it is."""
    met = [n for n in at if n < len(tokens) and fits(tokens[n])]
    return _skipping(tokens, {n if tokens[n] == MANY else n + 1 for n in met})


def _skipping(tokens: Sequence[str], at: set[int]) -> set[int]:
    """Add what comes after stars, which may stand for nothing."""
    for n in sorted(at):
        while n < len(tokens) and tokens[n] == MANY and n + 1 not in at:
            n += 1
            at.add(n)
    return at


def _like(character: str) -> Fits:
    return lambda one: fnmatchcase(character, one)


def normalized_path(path: str) -> str:
    """Return a decoded path as the router sees it: empty segments mean nothing."""
    return _SLASHES.sub("/", path).rstrip("/") or "/"


_SLASHES = re.compile("//+")
