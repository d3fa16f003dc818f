"""The query process: it answers the queries of its standard input until that ends."""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from mockalog.vendors.squared.sql.process.frames import receive, send

# Bytes of the whole process; DuckDB's own limit does not count every function.
MAX_MEMORY = 2 * 1024**3

# There is none for musl (Alpine), for example.
NO_DUCKDB = "SQL needs DuckDB, which has no package for this platform."


def main() -> None:
    """Answer the queries of standard input."""
    limit_memory()
    messages: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_read, args=(sys.stdin.buffer, messages), daemon=True).start()
    serve(messages, sys.stdout.buffer)


def limit_memory() -> None:
    """Limit the memory of this process, where the platform can (not on Windows)."""
    if find_spec("resource") is None:
        return
    resource = import_module("resource")
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MAX_MEMORY if hard == resource.RLIM_INFINITY else min(MAX_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _read(stream: IO[bytes], messages: "SimpleQueue[Any]") -> None:
    """Pass messages on. The process ends with the server, also in the middle of a query."""
    while (message := receive(stream)) is not None:
        messages.put(message)
    os._exit(0)


# Any: JSON of the server.
def serve(messages: "SimpleQueue[Any]", stream: IO[bytes]) -> None:
    """Answer each query; the message None ends it."""
    reply = _replies()
    send(stream, {})  # ready
    while (message := messages.get()) is not None:
        send(stream, reply(message))


def _replies() -> Callable[[Any], Any]:
    """Return the function that replies to messages."""
    # Imported here: the reading thread already runs, so that an end of the server is noticed.
    try:
        from mockalog.vendors.squared.sql.process.desk import Desk
    except ImportError:
        return lambda message: {"error": NO_DUCKDB}
    return Desk().reply
