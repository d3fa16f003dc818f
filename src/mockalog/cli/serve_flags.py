"""The flags of a `serve` without mistakes, parsed without Typer.

Typer parses help, mistakes and shell completion, which it can explain.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mockalog.kernel.gc_tuning import gc_paused

if TYPE_CHECKING:
    from mockalog.settings import Flag


def parse_serve_flags(arguments: Sequence[str]) -> dict[str, object] | None:
    """Return the settings of the arguments of `serve`; None: Typer must parse them."""
    flags = _flags()
    found: dict[str, object] = {}
    rest = list(arguments)
    while rest:
        name, sign, value = rest.pop(0).partition("=")
        flag = flags.get(name)
        if flag is None:
            return None
        if flag.is_switch and not sign:
            found[flag.setting] = not name.startswith("--no-")
        elif not flag.is_switch and (sign or (rest and not rest[0].startswith("-"))):
            _put(found, flag, value if sign else rest.pop(0))
        else:
            return None
    return found


def _flags() -> "dict[str, Flag]":
    """Return the flags of the settings by their names, such as `--port`."""
    with gc_paused():
        from mockalog.settings import FLAGS

    return {f"--{name}": flag for flag in FLAGS.values() for name in flag.names}


def _put(found: dict[str, object], flag: "Flag", value: str) -> None:
    """Set a value. Of a flag that does not repeat, the last value counts."""
    if not flag.repeats:
        found[flag.setting] = value
        return
    values = found.setdefault(flag.setting, [])
    assert isinstance(values, list)
    values.append(value)
