"""What a project or a test wishes of its sandbox: options, ini values and markers."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mockalog.testing.errors import MockalogError
from mockalog.testing.sandbox import Sandbox
from mockalog.testing.settings import parse_lines
from mockalog.testing.state import Seed

MARKER = "mockalog"

# What each part of the marker takes, and how that is said.
_TAKEN: dict[str, tuple[tuple[type, ...], str]] = {
    "seed": ((str, os.PathLike, Mapping), "a file's path or a document"),
    "settings": ((Mapping,), "a dictionary of settings"),
    "frozen": ((bool, str, datetime), "True or an instant"),
    "allow_unmatched": ((bool,), "True or False"),
    "allow_unfired": ((bool,), "True or False"),
}


class WishError(MockalogError):
    """An option or a marker that says what cannot be."""


@dataclass(frozen=True)
class Wishes:
    """What `@pytest.mark.mockalog` takes; of several markers the nearest to the test wins."""

    seed: Seed | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    frozen: Any = False
    allow_unmatched: bool = False
    allow_unfired: bool = False

    def fulfil(self, sandbox: Sandbox) -> None:
        """Bring a new sandbox into the state that is wished."""
        if self.seed is not None:
            sandbox.seed(self.seed)
        if self.settings:
            sandbox.settings.update(self.settings)
        if self.frozen:
            sandbox.clock.freeze(None if self.frozen is True else self.frozen)


def wishes_of(node: pytest.Item) -> Wishes:
    """Return what a test's markers say; raises `WishError` for what cannot be.

    The settings of several are put together; a seed's path is relative to the test's file.
    """
    wished: dict[str, Any] = {}
    for marker in reversed([*node.iter_markers(MARKER)]):
        _check(marker)
        settings = {**wished.get("settings", {}), **marker.kwargs.get("settings", {})}
        wished = {**wished, **marker.kwargs, "settings": settings}
    if isinstance(wished.get("seed"), str):
        wished["seed"] = node.path.parent / wished["seed"]
    return Wishes(**wished)


def _check(marker: pytest.Mark) -> None:
    known = {one.name for one in fields(Wishes)}
    strange = [repr(value) for value in marker.args] + sorted(set(marker.kwargs) - known)
    if strange:
        raise WishError(
            f"@pytest.mark.{MARKER} does not take {', '.join(strange)}; "
            f"it takes {', '.join(sorted(known))}"
        )
    for name, value in marker.kwargs.items():
        kinds, text = _TAKEN[name]
        if not isinstance(value, kinds):
            raise WishError(f"@pytest.mark.{MARKER}({name}=…) takes {text}, not {value!r}")


def option(config: pytest.Config, name: str) -> str | None:
    """Return an option: the command line wins over the ini file."""
    return config.getoption(f"mockalog_{name}") or config.getini(f"mockalog_{name}") or None


def seed_of(config: pytest.Config) -> Path | None:
    """Return the file that every sandbox starts with; of the ini file from the rootdir on."""
    given: str | None = config.getoption("mockalog_seed")
    if given:
        return config.invocation_params.dir / given
    wished: str = config.getini("mockalog_seed")
    return config.rootpath / wished if wished else None


def defaults_of(config: pytest.Config) -> dict[str, Any]:
    """Return the settings of the ini file."""
    return parse_lines(config.getini("mockalog_settings"))
