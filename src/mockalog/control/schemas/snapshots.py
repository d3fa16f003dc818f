"""Named snapshots."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path

from mockalog.control.schemas.wire import Out

# What fits into a path and a reset's `snapshot:<name>`.
Name = Annotated[
    str,
    Path(
        description="The snapshot's name; it may hold slashes.",
        max_length=200,
        pattern=r"^[^\x00-\x1f]+$",
        examples=["before-import"],
    ),
]


class SnapshotOut(Out):
    """A named snapshot."""

    name: str
    created_at: datetime


class SnapshotsOut(Out):
    """Every snapshot of a sandbox, or of the whole server, by name."""

    snapshots: list[SnapshotOut]


class RestoredOut(Out):
    """The state of a snapshot is back."""

    status: Literal["restored"]
    name: str
