"""The command line. Each command is thin: it reads its flags and hands on.

What a command needs is imported in it, so that `mockalog serve` and `mockalog health` start in a
blink. Exit codes: 0 done, 1 refused or failed, 2 wrong usage or a start that cannot succeed, 3 no
server answers.
"""

import typer

from mockalog.cli import processes, serving, steering

app = typer.Typer(
    name="mockalog",
    help="A local stand-in for the AI Squared, Braze and Attraqt catalog APIs.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
serving.install(app)
processes.install(app)
steering.install(app)


def main() -> None:
    """Run the command line."""
    app()
