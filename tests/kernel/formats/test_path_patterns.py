"""Path patterns: whether a path or a glob can match the template of an operation."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockalog.kernel.formats.path_patterns import can_match

ITEMS = "/catalogs/{name}/items"


@pytest.mark.parametrize(
    "path",
    [
        "/catalogs/shop/items",
        "/catalogs/*/items",
        "/catalogs/**/items",
        "/catalogs/?/items",
        "/catalogs/[!ab]*/it?ms",
        "/catalogs/[shop]/items",
        "/catalogs/sh[op/items",
        "/c*s",
        "*",
    ],
)
def test_paths_and_globs_that_match(path: str) -> None:
    """The stars of a glob match slashes too."""
    assert can_match(path, ITEMS)


@pytest.mark.parametrize(
    "path",
    [
        "/catalogs/shop/itemz",
        "/catalogs/shop",
        "/catalogs//items",
        "/catalogs/a/b/items",
        "/catalogs/shop/items/1",
        "/catalogs/*/items/*",
        "/catalogs/[ab]*/[!i]tems",
        "/catalog?/*/itemz",
        "/*z",
        "",
    ],
)
def test_paths_and_globs_that_cannot_match(path: str) -> None:
    """A parameter matches one segment, and other characters match only themselves."""
    assert not can_match(path, ITEMS)


NAMES = st.text("ab[]!*?-", min_size=1, max_size=4)
WILDCARDS = st.lists(st.sampled_from(["", "?", "*", "**"]), min_size=24, max_size=24)


@given(NAMES, WILDCARDS)
def test_a_glob_that_matches_a_path_can_match_its_template(name: str, wildcards: list[str]) -> None:
    """So no glob of a fault that can apply is refused."""
    path = f"/catalogs/{name}/items"
    glob = "".join(wildcard or char for char, wildcard in zip(path, wildcards, strict=False))
    if fnmatchcase(path, glob):
        assert can_match(glob, ITEMS)
    assert can_match(path, ITEMS)


@pytest.mark.parametrize("glob", ["*?" * 1000, "*" * 2000, "*a" * 1000 + "/items"])
def test_long_globs_can_match(glob: str) -> None:
    """The parameter matches any name, so also a long one."""
    assert can_match(glob, ITEMS)
