"""The command line as Typer reads it: the commands and their flags."""

from typing import Annotated

import typer

from mockalog import __version__
from mockalog.cli import documents, processes, serving, steering
from mockalog.cli.output import show

app = typer.Typer(
    name="mockalog",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        show(f"mockalog {__version__}", as_json=False)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """A local stand-in for the AI Squared, Braze and Attraqt catalog APIs."""


serving.install(app)
processes.install(app)
documents.install(app)
steering.install(app)
