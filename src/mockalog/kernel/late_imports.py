"""Late imports: modules that a start does not need are imported in a thread on their first use.

A start imports only the modules of its first call. FastAPI alone adds 0.1 s, and a cold start may
take 1.8 times that of a hello world. A `Vendor` is light, and its `VendorApi` is imported with the
first call to the vendor. The control plane is imported with its first call, and FastAPI's part of a
route with the first document. PostgreSQL's dialect is imported only for PostgreSQL. A route and a
kind of job name the libraries that they import late. An emulator in a test imports all of them
before the test: `testing/emulators/preloading.py`.

Other calls run during an import in a thread. Code in the event loop that needs a vendor's API
awaits `Vendor.loaded` first. A job that needs an import is tried again after it (`after_imports`).
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from importlib import import_module
from threading import Lock
from typing import Any, TypeVar

from mockalog.kernel.turns import in_background

T = TypeVar("T")

_importing = Lock()


def missing(modules: Iterable[str]) -> list[str]:
    """Return the modules that are not imported yet."""
    return [module for module in modules if module not in sys.modules]


# Any: the reference decides the type.
def imported(reference: str) -> Callable[[], Any]:
    """Return a function that imports and returns the object of a `module:attribute` reference."""
    module, _, attribute = reference.partition(":")
    return lambda: getattr(import_module(module), attribute)


async def import_in_thread(modules: Iterable[str]) -> None:
    """Import modules in a thread, while the event loop runs other calls."""
    await load_in_thread(lambda: [import_module(module) for module in modules])


async def load_in_thread(load: Callable[[], T]) -> T:
    """Call a function that imports modules in a thread, and return its result."""
    return await asyncio.to_thread(_load, load)


def _load(load: Callable[[], T]) -> T:
    """Run one load at a time. A second one waits for the modules of the first in any case."""
    with _importing, in_background():
        return load()


class NotReadyError(Exception):
    """Something is not ready yet. The caller awaits `load()` and tries again.

    It ends the transaction first, because long work in a transaction delays all other calls.
    """

    def __init__(self, name: str, load: Callable[[], Awaitable[object]]) -> None:
        super().__init__(name)
        self.load = load


class NotImportedError(NotReadyError):
    """Modules are not imported yet."""


async def after_imports(action: Callable[[], Awaitable[T]]) -> T:
    """Run an action, and run it again after each import and late result that it needs.

    The action must be one transaction, so that a failed run changes nothing.
    """
    while True:
        try:
            return await action()
        except NotReadyError as late:
            await late.load()
