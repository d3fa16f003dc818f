"""The commands as Typer reads them, combined into one application."""

from typing import Annotated

import typer

from mockalog import __version__
from mockalog.cli.commands import (
    clock,
    credentials,
    documents,
    faults,
    lists,
    processes,
    requests,
    sandbox,
    server,
    snapshots,
    state,
)
from mockalog.cli.shell.output import show

app = typer.Typer(
    name="mockalog",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        show(f"mockalog {__version__}", as_json=False)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """A local stand-in for the AI Squared, Braze and Attraqt catalog APIs."""


for module in (server, processes, documents, sandbox, requests):
    module.install(app)
for group in (snapshots.group, state.group, clock.group, faults.group, credentials.group):
    app.add_typer(group)
for group in (lists.jobs, lists.sandboxes):
    app.add_typer(group)
