"""A sandbox's settings, from a test: a mapping that is asked for and changed over the wire."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockalog.testing.control import Control
from mockalog.testing.errors import WrongValue


class Settings(Mapping[str, Any]):
    """`settings["rate_limits"] = "off"`; unknown names and values are `Refused`."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def __getitem__(self, name: str) -> Any:
        settings = self._all()
        if name not in settings:
            raise KeyError(f"there is no setting {name!r}; there is: {', '.join(settings)}")
        return settings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __setitem__(self, name: str, value: Any) -> None:
        self.update({name: value})

    def update(self, changes: Mapping[str, Any] | None = None, /, **named: Any) -> None:
        """Change several at once: all of them or none."""
        self._control.call("PATCH", "/settings", json={**(changes or {}), **named})

    def _all(self) -> dict[str, Any]:
        return dict(self._control.call("GET", "/settings"))


def parse_lines(lines: Iterable[str]) -> dict[str, Any]:
    """Return what lines of `name = value` say; a value is JSON, or else a word."""
    pairs = [line.partition("=") for line in lines]
    if wrong := [name for name, sign, _ in pairs if not sign]:
        raise WrongValue(f"a setting is written name = value, not {wrong[0]!r}")
    return {name.strip(): _value(value.strip()) for name, _, value in pairs}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
