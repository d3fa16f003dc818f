"""`reset`, `seed` and `settings`: commands on a sandbox, or on the whole server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mockalog.cli.shell.connection import control_command

if TYPE_CHECKING:
    from mockalog.testing.controls.controls import Controls


def install(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (reset, seed, settings):
        app.command()(control_command(command))


def reset(
    controls: "Controls",
    to: Annotated[str, typer.Argument(help="empty, baseline or snapshot:<name>.")] = "baseline",
) -> None:
    """Reset data, clock, jobs, faults, limits and journal."""
    from mockalog.testing.controls.errors import InvalidValueError

    if to not in ("empty", "baseline") and not to.startswith("snapshot:"):
        raise InvalidValueError(f"reset to empty, baseline or snapshot:<name>, not to {to!r}")
    controls.reset(to)


def seed(
    controls: "Controls",
    file: Annotated[Path, typer.Argument(help="JSON or YAML, as `state export` writes it.")],
) -> None:
    """Add the contents of a file; on the whole server, to the template of new sandboxes."""
    controls.seed(file)


def settings(
    controls: "Controls",
    changes: Annotated[list[str] | None, typer.Argument(help="NAME=VALUE …")] = None,
) -> object:
    """Show the settings, or change some."""
    from mockalog.testing.controls.settings import parse_lines

    if changes:
        controls.settings.update(parse_lines(changes))
    return dict(controls.settings)
