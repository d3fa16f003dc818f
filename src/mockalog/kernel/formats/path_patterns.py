"""Path patterns: match paths against globs, and globs against the templates of operations."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from glob import escape
from urllib.parse import unquote

MANY = "*"

# The characters that make a path a glob.
GLOBBING = frozenset("*?[")

# Patterns that are compiled once: some thousand faults may be armed.
MAX_CACHED = 10_000

# A set of characters such as `[!ab]`, whose first character may be `]`, or one character.
_TOKENS = re.compile(r"\[!?+(?:\][^]]*+|[^]]++)\]|.", re.DOTALL)
_STARS = re.compile(r"\*+")
# A parameter of a template, such as `{name}`.
_PARAMETER = re.compile(r"\{.*?\}")
# A parameter or one character.
_PARTS = re.compile(rf"{_PARAMETER.pattern}|.", re.DOTALL)


def matches(path: str, pattern: str) -> bool:
    """Return whether a decoded path equals a pattern, or matches it as a glob.

    The pattern may be percent-encoded, as a segment that contains a slash requires.
    """
    path, (spellings, globs) = normalized_path(path), _spellings(pattern)
    return path in spellings or any(glob.match(path) for glob in globs)


@lru_cache(MAX_CACHED)
def _spellings(pattern: str) -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """Return the pattern as given and decoded, and the expressions of both as globs.

    They are cached, because a call is compared with every armed fault, and a search with every
    exchange.
    """
    spellings = frozenset((normalized_path(pattern), normalized_path(unquote(pattern))))
    globs = [re.compile(translate(one)) for one in spellings if not GLOBBING.isdisjoint(one)]
    return spellings, globs


def glob_of(template: str) -> str:
    """Return the glob of a template: `/catalogs/*/items` for `/catalogs/{name}/items`."""
    return _PARAMETER.sub(MANY, template)


def can_match(path: str, template: str) -> bool:
    """Return whether a path or a glob of `fnmatch` can match a path of a template.

    A template is a path with parameters, such as `/catalogs/{name}/items`. A parameter is one
    segment: one character or more, but no slash.
    """
    globs = _STARS.sub(MANY, path), escape(path)
    return any(_can_match(_TOKENS.findall(glob), template) for glob in globs)


def _can_match(tokens: Sequence[str], template: str) -> bool:
    """Walk through the template; `positions` are the indexes of tokens that may match next."""
    positions = _past_stars(tokens, {0})
    for part in _PARTS.findall(template):
        if part.startswith("{"):
            positions = _after_segment(tokens, positions)
        else:
            positions = _after_character(tokens, positions, part)
    return len(tokens) in positions


def _after_segment(tokens: Sequence[str], positions: set[int]) -> set[int]:
    """Return the positions after one or more tokens that are no slash."""
    reached: set[int] = set()
    for n, part in enumerate(tokens):
        if (n in positions or n in reached) and part != "/":
            reached |= {n, n + 1} if part == MANY else {n + 1}
    return _past_stars(tokens, reached)


def _after_character(tokens: Sequence[str], positions: set[int], character: str) -> set[int]:
    """Return the positions after a token that matches the character; a star keeps its position."""
    matching = [n for n in positions if n < len(tokens) and fnmatchcase(character, tokens[n])]
    return _past_stars(tokens, {n if tokens[n] == MANY else n + 1 for n in matching})


def _past_stars(tokens: Sequence[str], positions: set[int]) -> set[int]:
    """Add the positions after stars, because a star also matches no character."""
    for n in sorted(positions):
        while n < len(tokens) and tokens[n] == MANY and n + 1 not in positions:
            n += 1
            positions.add(n)
    return positions


def normalized_path(path: str) -> str:
    """Return a decoded path without empty segments, as the router compares it."""
    return _SLASHES.sub("/", path).rstrip("/") or "/"


_SLASHES = re.compile("//+")
