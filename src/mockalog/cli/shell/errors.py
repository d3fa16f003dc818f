"""Exit codes, and errors as one line on stderr."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockalog.cli.shell.output import tell

FAILED = 1
BAD_USAGE = 2
UNREACHABLE = 3
# As shells have it: 128 and the number of SIGINT.
INTERRUPTED = 130


def exit_with(text: str, code: int) -> SystemExit:
    """Print an error to stderr, and return the exception that ends the command with the code."""
    tell(text)
    return SystemExit(code)


@contextmanager
def start_errors() -> Iterator[None]:
    """Turn the errors of a start that the user can correct into one line and exit code 2."""
    from mockalog.kernel.errors import UserError

    try:
        yield
    except UserError as problem:
        raise exit_with(str(problem), BAD_USAGE) from None


@contextmanager
def control_errors() -> Iterator[None]:
    """Turn the errors of control calls into one line and their exit codes."""
    from mockalog.testing.controls.errors import (
        InvalidValueError,
        MockalogError,
        UnreachableError,
    )

    try:
        yield
    except UnreachableError as problem:
        raise exit_with(str(problem), UNREACHABLE) from None
    except InvalidValueError as problem:
        raise exit_with(str(problem), BAD_USAGE) from None
    except (MockalogError, OSError) as problem:
        raise exit_with(str(problem), FAILED) from None
