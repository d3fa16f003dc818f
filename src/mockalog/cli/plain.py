"""The flags of a plain `serve`, read without Typer.

A start in Docker, in CI and in most shells gives nothing but flags with their values. Everything
else (help, typing errors, shell completion) is for Typer, which knows how to explain it.
"""

from collections.abc import Sequence
from typing import Any

VALUED = frozenset(
    {
        "host",
        "port",
        "squared-port",
        "braze-port",
        "attraqt-port",
        "database-url",
        "auth",
        "seed",
        "workers",
    }
)
SWITCHES = {
    "migrate": ("migrate", True),
    "no-migrate": ("migrate", False),
    "tls": ("tls", True),
}
REPEATED = "seed"


def plain_flags(arguments: Sequence[str]) -> dict[str, Any] | None:
    """Return the settings that the arguments of `serve` give; None: Typer has to read them."""
    found: dict[str, Any] = {}
    rest = list(arguments)
    while rest:
        flag, assigns, value = rest.pop(0).partition("=")
        name = flag.removeprefix("--")
        if name == flag:
            return None
        if name in SWITCHES and not assigns:
            setting, given = SWITCHES[name]
            found[setting] = given
        elif name in VALUED and (assigns or (rest and not rest[0].startswith("-"))):
            _put(found, name.replace("-", "_"), value if assigns else rest.pop(0))
        else:
            return None
    return found


def _put(found: dict[str, Any], setting: str, value: str) -> None:
    """Note a value: of a repeated flag the last one counts, but each seed."""
    if setting == REPEATED:
        found.setdefault(setting, []).append(value)
    else:
        found[setting] = value
