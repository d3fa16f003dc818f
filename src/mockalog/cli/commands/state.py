"""`mockalog state …`: the whole state as a document."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mockalog.cli.shell.connection import control_command
from mockalog.cli.shell.output import written

if TYPE_CHECKING:
    from mockalog.testing.controls.controls import Controls

group = typer.Typer(name="state", help="Export and import the state.", no_args_is_help=True)


@group.command()
@control_command
def export(
    controls: "Controls",
    file: Annotated[Path | None, typer.Argument(help="By default it is printed.")] = None,
) -> object:
    """Export the state as one JSON document."""
    return written(controls.export_state(), file)


@group.command("import")
@control_command
def import_(
    controls: "Controls", file: Annotated[Path, typer.Argument(help="JSON or YAML.")]
) -> None:
    """Replace the present state by the document of a file."""
    controls.import_state(file)
