"""`mockalog snapshot …`: named snapshots."""

from typing import TYPE_CHECKING

from mockalog.cli.commands.groups import group_of
from mockalog.cli.shell.connection import control_command
from mockalog.testing.controls.snapshots import Snapshots

if TYPE_CHECKING:
    from mockalog.testing.controls.controls import Controls

group = group_of("snapshot", "Save and restore states.", "snapshots", Snapshots)


# These act on one snapshot, which is an object of its own in Python.
@group.command()
@control_command
def save(controls: "Controls", name: str) -> None:
    """Save the present state under a name."""
    controls.snapshot(name)


@group.command()
@control_command
def load(controls: "Controls", name: str) -> None:
    """Restore the state of a snapshot."""
    controls.snapshots[name].restore()


@group.command()
@control_command
def rm(controls: "Controls", name: str) -> None:
    """Delete a snapshot."""
    controls.snapshots[name].delete()
