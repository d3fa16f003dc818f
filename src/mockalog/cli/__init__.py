"""The command line. Each command reads its options and calls the package.

A command imports what it needs, so that `mockalog serve` and `mockalog health` start quickly.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage or a start that cannot succeed, 3 no server
answers.
"""

import sys
from typing import TYPE_CHECKING

from mockalog.cli.serve_flags import parse_serve_flags

if TYPE_CHECKING:
    import typer

    app: typer.Typer

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line. A valid `serve` is parsed without Typer, whose import takes 40 ms."""
    arguments = sys.argv[1:]
    flags = parse_serve_flags(arguments[1:]) if arguments[:1] == ["serve"] else None
    if flags is None:
        from mockalog.cli.commands import app

        app()
    else:
        from mockalog.cli.shell.start import start

        start(**flags)


def __getattr__(name: str) -> object:
    """Return the Typer application, imported on first use."""
    if name != "app":
        raise AttributeError(name)
    from mockalog.cli.commands import app

    return app
