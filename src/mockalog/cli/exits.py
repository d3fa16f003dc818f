"""What the shell is told: exit codes and one clear line on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FAILED = 1
BAD_USAGE = 2
UNREACHABLE = 3
# As shells say it: 128 and the number of SIGINT.
INTERRUPTED = 130


def give_up(text: str, code: int) -> SystemExit:
    """Say why on stderr and return what ends the command."""
    print(f"mockalog: {text}", file=sys.stderr)
    return SystemExit(code)


@contextmanager
def one_clear_line() -> Iterator[None]:
    """Turn what the user can mend about a start into one line on stderr and exit code 2."""
    from mockalog.addresses import AddressError
    from mockalog.kernel.database.interfaces import DatabaseConfigurationError
    from mockalog.kernel.documents.errors import InvalidDocumentError
    from mockalog.settings import SettingsError

    try:
        yield
    except (
        AddressError,
        DatabaseConfigurationError,
        InvalidDocumentError,
        SettingsError,
    ) as problem:
        raise give_up(str(problem), BAD_USAGE) from None


@contextmanager
def refusals_told() -> Iterator[None]:
    """Turn what the control plane refuses, and a server that is not there, into exit codes."""
    from mockalog.testing.errors import MockalogError, Unreachable, WrongValue

    try:
        yield
    except Unreachable as problem:
        raise give_up(str(problem), UNREACHABLE) from None
    except WrongValue as problem:
        raise give_up(str(problem), BAD_USAGE) from None
    except (MockalogError, OSError) as problem:
        raise give_up(str(problem), FAILED) from None
