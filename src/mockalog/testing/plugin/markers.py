"""The wanted state of a sandbox: options, ini values and markers."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

import pytest

from mockalog.testing.controls.errors import MockalogError
from mockalog.testing.controls.settings import parse_lines
from mockalog.testing.controls.state import Seed
from mockalog.testing.handles.sandbox import Sandbox

MARKER = "mockalog"

# The types of each part of the marker, and their description.
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "seed": ((str, os.PathLike, Mapping), "a file's path or a document"),
    "settings": ((Mapping,), "a dictionary of settings"),
    "frozen": ((bool, str, datetime), "True or an instant"),
    "allow_unmatched": ((bool,), "True or False"),
    "allow_unfired": ((bool,), "True or False"),
}


class MarkerError(MockalogError):
    """An option or a marker is invalid."""


@dataclass(frozen=True)
class Marker:
    """The arguments of `@pytest.mark.mockalog`; of several markers the closest to the test wins."""

    seed: Seed | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    frozen: bool | str | datetime = False
    allow_unmatched: bool = False
    allow_unfired: bool = False

    def apply(self, sandbox: Sandbox) -> None:
        """Bring a new sandbox into the wanted state."""
        if self.seed is not None:
            sandbox.seed(self.seed)
        if self.settings:
            sandbox.settings.update(self.settings)
        if self.frozen:
            sandbox.clock.freeze(None if isinstance(self.frozen, bool) else self.frozen)


def marker_of(node: pytest.Item) -> Marker:
    """Return the merged markers of a test; raises `MarkerError`.

    The settings of all markers are merged. A seed's path is relative to the test's file.
    """
    merged = Marker()
    for mark in reversed([*node.iter_markers(MARKER)]):
        _check(mark)
        settings = {**merged.settings, **mark.kwargs.get("settings", {})}
        merged = Marker(**{**vars(merged), **mark.kwargs, "settings": settings})
    if isinstance(merged.seed, str):
        return Marker(**{**vars(merged), "seed": node.path.parent / merged.seed})
    return merged


def _check(mark: pytest.Mark) -> None:
    known = {one.name for one in fields(Marker)}
    unknown = [repr(value) for value in mark.args] + sorted(set(mark.kwargs) - known)
    if unknown:
        raise MarkerError(
            f"@pytest.mark.{MARKER} does not take {', '.join(unknown)}; "
            f"it takes {', '.join(sorted(known))}"
        )
    for name, value in mark.kwargs.items():
        types, text = _TYPES[name]
        if not isinstance(value, types):
            raise MarkerError(f"@pytest.mark.{MARKER}({name}=…) takes {text}, not {value!r}")


def option(config: pytest.Config, name: str) -> str | None:
    """Return an option; the command line wins over the ini file."""
    return config.getoption(f"mockalog_{name}") or config.getini(f"mockalog_{name}") or None


def fails_test(config: pytest.Config, name: str, default: str) -> bool:
    """Return whether an option is `error`; raises `MarkerError` for other values than `ignore`."""
    value = option(config, name) or default
    if value not in ("error", "ignore"):
        raise MarkerError(f"mockalog_{name} is `error` or `ignore`, not `{value}`")
    return value == "error"


def seed_of(config: pytest.Config) -> Path | None:
    """Return the seed of every sandbox; in the ini file it is relative to the rootdir."""
    given: str | None = config.getoption("mockalog_seed")
    if given:
        return config.invocation_params.dir / given
    from_ini: str = config.getini("mockalog_seed")
    return config.rootpath / from_ini if from_ini else None


def settings_of(config: pytest.Config) -> Mapping[str, object]:
    """Return the settings of the ini file."""
    return parse_lines(config.getini("mockalog_settings"))
