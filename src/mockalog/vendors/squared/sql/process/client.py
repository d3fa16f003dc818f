"""The server's side: it starts the query process with the first query, and ends a slow one."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Timer
from typing import Any, NamedTuple

from mockalog.vendors.squared.rules.connectors.source_tables import Row
from mockalog.vendors.squared.sql.errors.texts import timeout_text
from mockalog.vendors.squared.sql.process.frames import receive, send
from mockalog.vendors.squared.sql.process.processor_time import processor_seconds
from mockalog.vendors.squared.sql.sources import source_of

# Seconds of a query; on a busy machine it may wait longer for that much time of a processor.
MAX_SECONDS = 0.5
MAX_WAIT = 5.0
# Seconds of a start, and of loading tables: neither is the query's time.
MAX_START = 30.0

# Without the site module and its hooks; packages are found where this process finds them.
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from mockalog.vendors.squared.sql.process.main import main; main()"
)

# Any: JSON of the other side.
Message = Mapping[str, Any]


class Tables(NamedTuple):
    """The tables of a connector: `StoredTables`, and the rows of each as JSON text."""

    described: Mapping[str, Any]
    rows: Mapping[str, str]

    def key(self) -> str:
        """Return a key that only these tables have."""
        digest = hashlib.blake2b(json.dumps(self.described).encode(), digest_size=16)
        for name, rows in self.rows.items():
            digest.update(f"\0{name}\0{rows}".encode())
        return digest.hexdigest()


class QueryProcess:
    """A query process. It starts with the first query, and again after each end."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()

    def _taken(self) -> subprocess.Popen[bytes] | None:
        """Return the process and forget it; a fork of the server leaves it to the server."""
        process, self._process = self._process, None
        return process if self._owner == os.getpid() else None

    def run(self, query: str, connector: str, now: int, tables: Tables) -> list[Row] | str:
        """Return the rows of a query, or the error text of the source.

        `now` is the source's clock in microseconds. A query that takes too long, or that ends the
        process, has the source's text of a timeout.
        """
        message = {"query": query, "connector": connector, "now": now, "key": tables.key()}
        reply = self._ask(message, MAX_SECONDS)
        if "missing" in reply:
            described = {"tables": tables.described, "rows": tables.rows}
            self._ask({**message, **described}, MAX_START)
            reply = self._ask(message, MAX_SECONDS)
        if "rows" in reply:
            rows: list[Row] = reply["rows"]
            return rows
        return str(reply.get("error", timeout_text(source_of(connector))))

    def stop(self) -> None:
        """End the process."""
        if (process := self._taken()) is not None:
            process.kill()
            process.communicate()

    def _ask(self, message: Message, seconds: float) -> Message:
        """Return the reply to a message, an empty one if the process ends before."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with _ended_after(process, seconds):
                send(process.stdin, message)
                reply: Message | None = receive(process.stdout)
        except OSError:  # the process has ended
            reply = None
        if reply is None:
            self.stop()
        return reply or {}

    def _running(self) -> subprocess.Popen[bytes]:
        ended = self._process is None or self._process.poll() is not None
        if ended or self._owner != os.getpid():
            self.stop()
            self._process, self._owner = _start(), os.getpid()
        assert self._process is not None
        return self._process


def _start() -> subprocess.Popen[bytes]:
    """Start a process and wait until it reads messages. It has no environment."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", "-S", "-c", _BOOT, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    assert process.stdout is not None
    with _ended_after(process, MAX_START):
        receive(process.stdout)
    return process


@contextmanager
def _ended_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """End the process if the block takes longer; then the block reads the end of its output."""
    begun = processor_seconds(process.pid)
    timers: list[Timer] = []

    def end(waited: float) -> None:
        computed = processor_seconds(process.pid)
        if begun is None or computed is None or computed - begun >= seconds or waited > MAX_WAIT:
            process.kill()
        else:
            start(seconds - (computed - begun), waited)

    def start(more: float, waited: float) -> None:
        timers[:] = [Timer(more, end, (waited + more,))]
        timers[0].daemon = True
        timers[0].start()

    start(seconds, 0)
    try:
        yield
    finally:
        timers[0].cancel()
