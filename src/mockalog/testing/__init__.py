"""mockalog in tests: `Mockalog`, its sandboxes and the pytest plugin.

pytest imports this package at its start, so nothing here imports anything before it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockalog.testing.container import MockalogContainer
    from mockalog.testing.errors import (
        MockalogError,
        Refused,
        UnfiredFaults,
        UnmatchedRequests,
        Unreachable,
    )
    from mockalog.testing.handles import AttraqtHandle, BrazeHandle, SquaredHandle
    from mockalog.testing.mockalog import Mockalog
    from mockalog.testing.sandbox import Sandbox

__all__ = [
    "AttraqtHandle",
    "BrazeHandle",
    "Mockalog",
    "MockalogContainer",
    "MockalogError",
    "Refused",
    "Sandbox",
    "SquaredHandle",
    "UnfiredFaults",
    "UnmatchedRequests",
    "Unreachable",
]

_HOMES = {
    "container": ("MockalogContainer",),
    "errors": ("MockalogError", "Refused", "UnfiredFaults", "UnmatchedRequests", "Unreachable"),
    "handles": ("AttraqtHandle", "BrazeHandle", "SquaredHandle"),
    "mockalog": ("Mockalog",),
    "sandbox": ("Sandbox",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
