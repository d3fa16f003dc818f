"""The command line. Each command is thin: it reads its flags and hands on.

A command imports what it needs, so that `mockalog serve` and `mockalog health` start in a blink.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage or a start that cannot succeed, 3 no server
answers.
"""

import sys
from typing import TYPE_CHECKING, Any

from mockalog.cli.plain import plain_flags

if TYPE_CHECKING:
    from mockalog.cli.commands import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; a plain `serve` does without Typer, whose import takes 40 ms."""
    arguments = sys.argv[1:]
    flags = plain_flags(arguments[1:]) if arguments[:1] == ["serve"] else None
    if flags is None:
        from mockalog.cli.commands import app

        app()
    else:
        from mockalog.cli.start import start

        start(**flags)


def __getattr__(name: str) -> Any:
    """Return the Typer application, imported with the first look at it."""
    if name != "app":
        raise AttributeError(name)
    from mockalog.cli.commands import app

    return app
