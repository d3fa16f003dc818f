"""The commands that steer a running server: what the control plane does, from a shell."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockalog.cli import clocks, credentials, faults, journal, states
from mockalog.cli.target import steers

if TYPE_CHECKING:
    from mockalog.testing.steering import Steering


def install(app: typer.Typer) -> None:
    """Add the commands and the groups of commands."""
    for command in (reset, seed, settings):
        app.command()(steers(command))
    app.command("requests")(steers(journal.requests))
    for group in (states.snapshot, states.state, clocks.clock, faults.fault, credentials.group):
        app.add_typer(group)


def reset(
    steering: "Steering",
    to: Annotated[str, typer.Argument(help="empty, baseline or snapshot:<name>.")] = "baseline",
) -> Any:
    """Start over: data, clock, jobs, faults, limits and journal."""
    from mockalog.testing.errors import WrongValue

    if to not in ("empty", "baseline") and not to.startswith("snapshot:"):
        raise WrongValue(f"reset to empty, baseline or snapshot:<name>, not to {to!r}")
    steering.reset(to)


def seed(
    steering: "Steering",
    file: Annotated[Path, typer.Argument(help="JSON or YAML, as `state export` writes it.")],
) -> Any:
    """Add what a file says; on the whole server, to what new sandboxes start with."""
    steering.seed(file)


def settings(
    steering: "Steering",
    changes: Annotated[list[str] | None, typer.Argument(help="NAME=VALUE …")] = None,
) -> Any:
    """Show the settings, or change some."""
    from mockalog.testing.settings import parse_lines

    if changes:
        steering.settings.update(parse_lines(changes))
    return dict(steering.settings)
