"""A program that runs under the emulator: it gets our signals, we get its exit code."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

# What a shell says of a command that it cannot find, cannot run, or that a signal ended.
NOT_FOUND = 127
NOT_EXECUTABLE = 126
SIGNALLED = 128


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run it to its end and return its exit code, as a shell would."""
    children: list[subprocess.Popen[bytes]] = []
    with _forwarding_to(children):
        try:
            children.append(subprocess.Popen(command, env=environment))  # noqa: S603 - the user's
        except OSError as error:
            print(f"mockalog: {command[0]}: {error.strerror}", file=sys.stderr)
            return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
        code = children[0].wait()
    return code if code >= 0 else SIGNALLED - code


@contextmanager
def _forwarding_to(children: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Hand signals on; Ctrl+C reaches the child by itself, as it shares our terminal."""
    numbers = (signal.SIGTERM, signal.SIGINT)

    def forward(number: int, _: object) -> None:
        if number == signal.SIGTERM or not sys.stdin.isatty():
            for child in children:
                child.send_signal(number)

    before = {number: signal.signal(number, forward) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
