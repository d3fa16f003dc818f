"""mockalog in tests: `Mockalog`, its sandboxes and the pytest plugin.

pytest imports this package at the start of every session, so each name is imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockalog.testing.container import MockalogContainer
    from mockalog.testing.controls.errors import (
        MockalogError,
        RefusedError,
        UnfiredFaultsError,
        UnmatchedRequestsError,
        UnreachableError,
    )
    from mockalog.testing.controls.errors import RefusedError as Refused  # noqa: F401
    from mockalog.testing.controls.errors import UnfiredFaultsError as UnfiredFaults  # noqa: F401
    from mockalog.testing.controls.errors import (
        UnmatchedRequestsError as UnmatchedRequests,  # noqa: F401
    )
    from mockalog.testing.controls.errors import UnreachableError as Unreachable  # noqa: F401
    from mockalog.testing.handles.attraqt import AttraqtHandle
    from mockalog.testing.handles.braze import BrazeHandle
    from mockalog.testing.handles.sandbox import Sandbox
    from mockalog.testing.handles.squared import SquaredHandle
    from mockalog.testing.mockalog import Mockalog

__all__ = [
    "AttraqtHandle",
    "BrazeHandle",
    "Mockalog",
    "MockalogContainer",
    "MockalogError",
    "RefusedError",
    "Sandbox",
    "SquaredHandle",
    "UnfiredFaultsError",
    "UnmatchedRequestsError",
    "UnreachableError",
]

_ERRORS = (
    "MockalogError",
    "RefusedError",
    "UnfiredFaultsError",
    "UnmatchedRequestsError",
    "UnreachableError",
)
_MODULES = {
    "AttraqtHandle": "handles.attraqt",
    "BrazeHandle": "handles.braze",
    "Mockalog": "mockalog",
    "MockalogContainer": "container",
    "Sandbox": "handles.sandbox",
    "SquaredHandle": "handles.squared",
    **dict.fromkeys(_ERRORS, "controls.errors"),
}
# The former names of the errors still work.
_FORMER_NAMES = {name.removesuffix("Error"): name for name in _ERRORS[1:]}


def __getattr__(name: str) -> object:
    present_name = _FORMER_NAMES.get(name, name)
    if present_name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[present_name]}"), present_name)
