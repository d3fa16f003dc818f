"""Every table there is: what Alembic compares with and an ephemeral database is made from."""

from mockalog import vendors
from mockalog.kernel import (
    credential,
    faults,
    jobs,
    rate_limit,
    repository,
    sandbox,
    snapshots,
)
from mockalog.kernel.database import metadata

__all__ = [
    "credential",
    "faults",
    "jobs",
    "metadata",
    "rate_limit",
    "repository",
    "sandbox",
    "snapshots",
    "vendors",
]
