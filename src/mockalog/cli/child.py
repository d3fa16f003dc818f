"""A program that runs under the emulator: it gets our signals, we get its exit code."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Self

# What a shell says of a command that it cannot find, cannot run, or that a signal ended.
NOT_FOUND = 127
NOT_EXECUTABLE = 126
SIGNALLED = 128

# What a terminal's keys send, to every program that shares it.
FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run it to its end and return its exit code, as a shell would."""
    with _Relay() as relay:
        try:
            child = subprocess.Popen(command, env=environment)  # noqa: S603 - it is the user's
        except OSError as error:
            print(f"mockalog: {command[0]}: {error.strerror}", file=sys.stderr)
            return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
        relay.attach(child)
        code = child.wait()
    return code if code >= 0 else SIGNALLED - code


class _Relay:
    """Hands signals on; what a key sends reaches the child by itself, as it shares our terminal."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        # What came while the child was still being made.
        self._early: list[int] = []

    def __enter__(self) -> Self:
        numbers = (signal.SIGTERM, signal.SIGHUP, *FROM_KEYS)
        self._before = {number: signal.signal(number, self._forward) for number in numbers}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def attach(self, child: subprocess.Popen[bytes]) -> None:
        """Begin to hand on, and catch up."""
        self._child = child
        for number in self._early:
            child.send_signal(number)

    def _forward(self, number: int, _: object) -> None:
        if number in FROM_KEYS and sys.stdin.isatty():
            return
        if self._child is None:
            self._early.append(number)
        else:
            self._child.send_signal(number)
