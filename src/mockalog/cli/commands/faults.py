"""`mockalog fault …`: failures that are armed for later calls."""

from mockalog.cli.commands.groups import group_of
from mockalog.testing.controls.faults import Faults

group = group_of("fault", "Arm, list and disarm failures.", "faults", Faults)
