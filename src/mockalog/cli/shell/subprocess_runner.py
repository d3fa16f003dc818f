"""A program that runs under the emulator: it gets our signals, and we return its exit code."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Self

# A shell's exit codes for a command that does not exist, cannot run, or was ended by a signal.
NOT_FOUND = 127
NOT_EXECUTABLE = 126
SIGNALLED = 128

# Signals of a terminal's keys; the terminal sends them to every program in its foreground.
FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program to its end and return its exit code, as a shell does."""
    with _SignalRelay() as relay:
        try:
            child = subprocess.Popen(command, env=environment)  # noqa: S603 - the user's command
        except OSError as error:
            print(f"mockalog: {command[0]}: {error.strerror}", file=sys.stderr)
            return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
        relay.attach(child)
        code = child.wait()
    return code if code >= 0 else SIGNALLED - code


class _SignalRelay:
    """Forwards signals to the program. It ignores a terminal's keys: the program gets them too."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        # Signals that arrived before the program was started.
        self._pending: list[int] = []

    def __enter__(self) -> Self:
        numbers = (signal.SIGTERM, signal.SIGHUP, *FROM_KEYS)
        self._handlers = {number: signal.signal(number, self._forward) for number in numbers}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def attach(self, child: subprocess.Popen[bytes]) -> None:
        """Forward the pending signals, and from now on every signal."""
        self._child = child
        for number in self._pending:
            child.send_signal(number)

    def _forward(self, number: int, _: object) -> None:
        if number in FROM_KEYS and sys.stdin.isatty():
            return
        if self._child is None:
            self._pending.append(number)
        else:
            self._child.send_signal(number)
