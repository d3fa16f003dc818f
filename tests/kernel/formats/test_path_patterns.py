"""Globs: a path that no operation has is found out, whatever stands for what."""

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
def test_what_an_operation_can_be_called_by(path: str) -> None:
    """The path itself, and globs, whose stars stand for slashes too."""
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
def test_what_it_cannot_be_called_by(path: str) -> None:
    """A parameter is one segment; other characters are themselves."""
    assert not can_match(path, ITEMS)


NAMES = st.text("ab[]!*?-", min_size=1, max_size=4)
VEILS = st.lists(st.sampled_from(["", "?", "*", "**"]), min_size=24, max_size=24)


@given(NAMES, VEILS)
def test_a_glob_that_meets_a_path_could_meet_it(name: str, veils: list[str]) -> None:
    """None that could strike is ever refused."""
    path = f"/catalogs/{name}/items"
    glob = "".join(veil or character for character, veil in zip(path, veils, strict=False))
    if fnmatchcase(path, glob):
        assert can_match(glob, ITEMS)
    assert can_match(path, ITEMS)


@pytest.mark.parametrize("glob", ["*?" * 1000, "*" * 2000, "*a" * 1000 + "/items"])
def test_the_longest_globs_are_understood(glob: str) -> None:
    """A name may be as long."""
    assert can_match(glob, ITEMS)
