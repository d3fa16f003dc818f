"""Imports in a thread, for libraries that no start needs: no other call waits for them."""

import asyncio
import sys
from collections.abc import Iterable
from importlib import import_module


def missing(modules: Iterable[str]) -> list[str]:
    """Return the modules that are not imported yet."""
    return [module for module in modules if module not in sys.modules]


async def import_in_thread(modules: Iterable[str]) -> None:
    """Import modules while the event loop goes on."""
    await asyncio.to_thread(lambda: [import_module(module) for module in modules])
