"""Imports in a thread, for modules that no start needs: no other call waits for them."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from typing import TypeVar

from mockalog.kernel.gc_tuning import gc_paused

T = TypeVar("T")

# Seconds after which a thread that computes lets the other go on. An import opens some hundred
# files, and each time waits so long for a busy event loop; Python's own 5 ms make that seconds.
SWITCH_SECONDS = 0.0005

_importing = Lock()


def missing(modules: Iterable[str]) -> list[str]:
    """Return the modules that are not imported yet."""
    return [module for module in modules if module not in sys.modules]


async def import_in_thread(modules: Iterable[str]) -> None:
    """Import modules while the event loop goes on."""
    await load_in_thread(lambda: [import_module(module) for module in modules])


async def load_in_thread(load: Callable[[], T]) -> T:
    """Return the result of a function that imports, called while the event loop goes on."""
    return await asyncio.to_thread(_load, load)


def _load(load: Callable[[], T]) -> T:
    """Import alone: a second call would wait for the first one's modules anyway."""
    with _importing, _quick_turns(), gc_paused():
        return load()


@contextmanager
def _quick_turns() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, SWITCH_SECONDS))
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


class NotImportedError(Exception):
    """Modules have yet to be imported: await `load()` and try again.

    An import within a transaction would delay every other call.
    """

    def __init__(self, name: str, load: Callable[[], Awaitable[object]]) -> None:
        super().__init__(name)
        self.load = load


async def after_imports(action: Callable[[], Awaitable[T]]) -> T:
    """Run an action, and again after each import that it lacks; a failed run leaves no trace."""
    while True:
        try:
            return await action()
        except NotImportedError as late:
            await late.load()
