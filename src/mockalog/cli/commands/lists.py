"""`mockalog jobs …` and `mockalog sandboxes …`: lists of a server."""

from mockalog.cli.commands.groups import group_of
from mockalog.testing.controls.jobs import Jobs
from mockalog.testing.controls.sandboxes import Sandboxes

jobs = group_of("jobs", "List pending and ended jobs.", "jobs", Jobs)
sandboxes = group_of("sandboxes", "List and delete sandboxes.", "sandboxes", Sandboxes)
