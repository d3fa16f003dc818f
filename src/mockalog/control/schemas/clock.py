"""A sandbox's clock and its jobs."""

from datetime import datetime

from pydantic import ConfigDict, Field

from mockalog.control.schemas.wire import In, Moment, Out
from mockalog.kernel.clock import LATEST, SECOND, Clock, Mode, from_datetime, to_datetime
from mockalog.kernel.database.models import State


class ClockIn(In):
    """Set the clock: `now` is ISO 8601 with an offset.

    Absent, a clock is frozen where it stands, and a real one shows the machine's time.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"mode": "frozen", "now": "2025-03-01T12:00:00Z"}]}
    )

    mode: Mode
    now: Moment | None = None

    def clock(self) -> Clock | None:
        """Return the clock that was asked for; None: the present one, frozen."""
        if self.now is None and self.mode == "frozen":
            return None
        return Clock.at(self.mode, None if self.now is None else from_datetime(self.now))


class AdvanceIn(In):
    """How far to advance the clock, in seconds."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seconds": 3600}]})

    seconds: float = Field(ge=0, le=LATEST / SECOND)


class ClockOut(Out):
    """A clock and, after an advance, how many jobs ran."""

    mode: Mode
    now: datetime
    jobs_run: int | None

    @classmethod
    def of(cls, clock: Clock, jobs_run: int | None = None) -> "ClockOut":
        """Return the clock as it stands now."""
        return cls(mode=clock.mode, now=to_datetime(clock.now()), jobs_run=jobs_run)


class JobOut(Out):
    """A job; `outcome` says what it did, or why it failed."""

    id: int
    kind: str
    state: State
    outcome: str | None
    due_at: datetime
    created_at: datetime
    finished_at: datetime | None


class JobsOut(Out):
    """Pending and past jobs in order of number."""

    jobs: list[JobOut]
