"""`mockalog snapshot …` and `mockalog state …`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockalog.cli.output import kept
from mockalog.cli.target import steers

if TYPE_CHECKING:
    from mockalog.testing.steering import Steering

snapshot = typer.Typer(name="snapshot", help="Keep states and go back.", no_args_is_help=True)
state = typer.Typer(name="state", help="Write the state down, read it in.", no_args_is_help=True)


@snapshot.command()
@steers
def save(steering: "Steering", name: str) -> Any:
    """Keep the state under a name."""
    steering.snapshot(name)


@snapshot.command()
@steers
def load(steering: "Steering", name: str) -> Any:
    """Go back to a kept state."""
    steering.snapshots[name].restore()


@snapshot.command("list")
@steers
def list_(steering: "Steering") -> Any:
    """List what is kept."""
    return steering.snapshots.list()


@snapshot.command()
@steers
def rm(steering: "Steering", name: str) -> Any:
    """Forget a kept state."""
    steering.snapshots[name].delete()


@state.command()
@steers
def export(
    steering: "Steering",
    file: Annotated[Path | None, typer.Argument(help="By default it is printed.")] = None,
) -> Any:
    """Write the state as one JSON document."""
    return kept(steering.export_state(), file)


@state.command("import")
@steers
def import_(
    steering: "Steering", file: Annotated[Path, typer.Argument(help="JSON or YAML.")]
) -> Any:
    """Put what a file says in place of the present state."""
    steering.import_state(file)
