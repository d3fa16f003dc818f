"""`mockalog clock …`: the virtual clock."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockalog.cli.target import steers

if TYPE_CHECKING:
    from mockalog.testing.steering import Steering

clock = typer.Typer(name="clock", help="Show and move the virtual clock.", no_args_is_help=True)
At = Annotated[str | None, typer.Argument(help="ISO 8601; without an offset it is UTC.")]


@clock.command()
@steers
def show(steering: "Steering") -> Any:
    """Show the clock."""
    return steering.clock.show()


@clock.command()
@steers
def freeze(steering: "Steering", at: At = None) -> Any:
    """Stop the clock, where it stands or at an instant."""
    steering.clock.freeze(at)
    return steering.clock.show()


@clock.command()
@steers
def run(steering: "Steering", at: At = None) -> Any:
    """Let the clock run: on the machine's time, or from an instant."""
    steering.clock.run() if at is None else steering.clock.set(at)
    return steering.clock.show()


@clock.command()
@steers
def advance(steering: "Steering", seconds: float) -> Any:
    """Let time pass and run the jobs that fall due."""
    return {"jobs_run": steering.clock.advance(seconds), **steering.clock.show()}


@clock.command()
@steers
def settle(steering: "Steering") -> Any:
    """Run jobs until none is left."""
    return {"jobs_run": steering.clock.settle(), **steering.clock.show()}
