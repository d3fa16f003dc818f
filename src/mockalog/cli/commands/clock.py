"""`mockalog clock …`: the virtual clock."""

from typing import TYPE_CHECKING, Annotated

import typer

from mockalog.cli.commands.groups import group_of
from mockalog.cli.shell.connection import control_command
from mockalog.testing.controls.clock import Clock

if TYPE_CHECKING:
    from mockalog.testing.controls.controls import Controls

group = group_of("clock", "Show and move the virtual clock.", "clock", Clock)
At = Annotated[str | None, typer.Argument(help="ISO 8601; without an offset it is UTC.")]


# These show the clock after the change; the methods return an instant or a number.
@group.command()
@control_command
def freeze(controls: "Controls", at: At = None) -> object:
    """Freeze the clock at an instant, by default at its present one."""
    controls.clock.freeze(at)
    return controls.clock.show()


@group.command()
@control_command
def run(controls: "Controls", at: At = None) -> object:
    """Let the clock run from an instant, by default on the machine's time."""
    controls.clock.run() if at is None else controls.clock.set(at)
    return controls.clock.show()


@group.command()
@control_command
def advance(controls: "Controls", seconds: float) -> object:
    """Advance the clock and run the jobs that fall due."""
    return {"jobs_run": controls.clock.advance(seconds), **controls.clock.show()}


@group.command()
@control_command
def settle(controls: "Controls") -> object:
    """Run jobs until only recurring ones are left."""
    return {"jobs_run": controls.clock.settle(), **controls.clock.show()}
