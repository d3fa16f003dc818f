"""The state machines of syncs and of their runs.

Sources: docs/vendors/squared.md#115-state-machines; docs/vendors/squared.md#1-contradictions,
row 28.
"""

from collections.abc import Mapping

from mockalog.vendors.squared.models import (
    ACTIVE,
    CANCELED,
    DISABLED,
    FAILED,
    HEALTHY,
    IN_PROGRESS,
    PAUSED,
    PENDING,
    QUERYING,
    QUEUED,
    STARTED,
    SUCCESS,
)

GENERAL = "general"
TEST = "test"

INSERT = "destination_insert"
UPDATE = "destination_update"

# By event: the statuses that allow it, and the next status.
Machine = Mapping[str, tuple[tuple[str, ...], str]]

RUN: Machine = {
    "start": ((PENDING, STARTED, QUERYING), STARTED),
    "query": ((STARTED,), QUERYING),
    "queue": ((QUERYING,), QUEUED),
    "progress": ((QUEUED, PAUSED, IN_PROGRESS), IN_PROGRESS),
    "pause": ((IN_PROGRESS,), PAUSED),
    "complete": ((IN_PROGRESS,), SUCCESS),
    "fail": ((*ACTIVE, PAUSED), FAILED),
    "cancel": ((*ACTIVE, PAUSED), CANCELED),
}

SYNC: Machine = {
    "complete": ((PENDING, HEALTHY), HEALTHY),
    "fail": ((PENDING, HEALTHY, FAILED), FAILED),
    "disable": ((PENDING, HEALTHY, FAILED), DISABLED),
    "enable": ((DISABLED,), PENDING),
}

# The next event of an undisturbed run, by its status.
NEXT: Mapping[str, str] = {
    PENDING: "start",
    STARTED: "query",
    QUERYING: "queue",
    QUEUED: "progress",
    IN_PROGRESS: "complete",
}


def next_status(machine: Machine, event: str, status: str) -> str | None:
    """Return the status after an event, None if the machine does not allow it."""
    before, after = machine[event]
    return after if status in before else None


def status_after_run(event: str, status: str, dialect: str) -> str:
    """Return a sync's status after its run completes or fails.

    A failed sync becomes healthy in the docs' guide only: docs/vendors/squared.md#1-contradictions,
    row 28.
    """
    if dialect == "docs" and event == "complete" and status == FAILED:
        return HEALTHY
    return next_status(SYNC, event, status) or status
