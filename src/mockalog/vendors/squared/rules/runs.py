"""The states of syncs and of their runs.

Sources: docs/vendors/squared.md#115-state-machines; docs/vendors/squared.md#1-contradictions,
row 28.
"""

from collections.abc import Mapping

PENDING = "pending"
STARTED = "started"
QUERYING = "querying"
QUEUED = "queued"
IN_PROGRESS = "in_progress"
PAUSED = "paused"
SUCCESS = "success"
FAILED = "failed"
CANCELED = "canceled"
HEALTHY = "healthy"
DISABLED = "disabled"

# In the way of another run of the same sync.
ACTIVE = (PENDING, STARTED, QUERYING, QUEUED, IN_PROGRESS)

RUN_STATUSES = (*ACTIVE, PAUSED, SUCCESS, FAILED, CANCELED)
RECORD_STATUSES = (PENDING, SUCCESS, FAILED)

GENERAL = "general"
TEST = "test"

INSERT = "destination_insert"
UPDATE = "destination_update"

# An event's name to where it leads from where.
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

# What brings a run on that nobody disturbs, by the state it is in.
NEXT: Mapping[str, str] = {
    PENDING: "start",
    STARTED: "query",
    QUERYING: "queue",
    QUEUED: "progress",
    IN_PROGRESS: "complete",
}


def moved(machine: Machine, event: str, state: str) -> str | None:
    """Return the state that an event leads to, None where the machine forbids it."""
    before, after = machine[event]
    return after if state in before else None


def after_run(event: str, state: str, dialect: str) -> str:
    """Return a sync's state after a run completed or failed.

    A failed sync recovers in the docs' guide only: docs/vendors/squared.md#1-contradictions,
    row 28.
    """
    if dialect == "docs" and event == "complete" and state == FAILED:
        return HEALTHY
    return moved(SYNC, event, state) or state
