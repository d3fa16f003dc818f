"""`mockalog serve` as a process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

VENDORS = ("squared", "braze", "attraqt")
FREE_PORTS = [flag for name in ("", *(f"{v}-" for v in VENDORS)) for flag in (f"--{name}port", "0")]

Addresses = Mapping[str, str]


def spawn(*flags: str, **variables: str) -> subprocess.Popen[str]:
    """Start the server; it prints an address a line."""
    return subprocess.Popen(
        [sys.executable, "-m", "mockalog", "serve", *flags],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@contextmanager
def served(*flags: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], Addresses]]:
    """Serve on free ports for the time of the block; yield the process and its addresses."""
    process = spawn(*FREE_PORTS, *flags, **variables)
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline().split() for _ in ("mockalog", *VENDORS)]
        yield process, dict(lines)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
