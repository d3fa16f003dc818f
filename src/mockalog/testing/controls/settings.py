"""The settings of a sandbox, as a mapping that reads and changes them over HTTP."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mockalog.testing.controls.errors import InvalidValueError

if TYPE_CHECKING:
    from mockalog.testing.controls.client import ControlClient


# `Any`: a setting has a type of its own, which the server checks.
class Settings(Mapping[str, Any]):
    """`settings["rate_limits"] = "off"`. Unknown names and wrong values raise `RefusedError`."""

    def __init__(self, control: "ControlClient") -> None:
        self._control = control

    def __getitem__(self, name: str) -> Any:
        settings = self._all()
        if name not in settings:
            raise KeyError(f"setting {name!r} does not exist; use one of: {', '.join(settings)}")
        return settings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __setitem__(self, name: str, value: object) -> None:
        self.update({name: value})

    def update(self, changes: Mapping[str, object] | None = None, /, **named: object) -> None:
        """Change several settings in one transaction."""
        self._control.call("PATCH", "/settings", json={**(changes or {}), **named})

    def _all(self) -> dict[str, Any]:
        return dict(self._control.call("GET", "/settings"))


def parse_lines(lines: Iterable[str]) -> dict[str, object]:
    """Return the settings of lines `name = value`; a value is JSON, otherwise a plain text.

    Raises `InvalidValueError` for a line without the sign.
    """
    pairs = [line.partition("=") for line in lines]
    if wrong := [name for name, sign, _ in pairs if not sign]:
        raise InvalidValueError(f"a setting is written name = value, not {wrong[0]!r}")
    return {name.strip(): _value(value.strip()) for name, _, value in pairs}


def _value(text: str) -> object:
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value
