"""The control plane's wire models; the contract is design/control-plane.md."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
)

from mockalog.kernel.clock import LATEST, SECOND, Clock, Mode, from_datetime, to_datetime
from mockalog.kernel.faults import Phase
from mockalog.kernel.identity import own_name
from mockalog.kernel.instants import Written
from mockalog.kernel.jobs import State
from mockalog.kernel.words import Word

# A clock that a vendor can still write: from 1970 to 9999.
Moment = Annotated[Written, AfterValidator(lambda at: _writable(at))]


def _writable(at: datetime) -> datetime:
    if not 0 <= from_datetime(at) <= LATEST:
        raise ValueError("must lie between 1970 and 9999")
    return at


class In(BaseModel):
    """Base of what is taken: unknown keys are refused, so that a typo is no silent success.

    So are values of another type, such as a text for a number.
    """

    model_config = ConfigDict(extra="forbid", strict=True)


class ResetIn(In):
    """What to go back to. `baseline` is the state as seeded: empty if nothing was."""

    to: Word = Field("baseline", pattern=r"^(empty|baseline|snapshot:.+)$")


class SnapshotOut(BaseModel):
    """A named snapshot."""

    name: str
    created_at: datetime


class SnapshotsOut(BaseModel):
    """Every snapshot of a sandbox, or of the whole server, by name."""

    snapshots: list[SnapshotOut]


class CredentialIn(In):
    """A credential to register; without `sandbox` it opens the caller's, or its own."""

    vendor: Word
    token: Word
    permissions: list[Word] = ["*"]
    sandbox: Annotated[Word, AfterValidator(own_name)] | None = None
    # Of an Attraqt client that authenticates with a private key: its public key, PEM.
    public_key: Word | None = None


class CredentialOut(BaseModel):
    """A registered credential; the token itself is never shown, `digest` is its SHA-256."""

    id: int
    vendor: str
    digest: str
    permissions: list[str]
    sandbox: str
    created_at: datetime


class CredentialsOut(BaseModel):
    """Every registered credential."""

    credentials: list[CredentialOut]


class ClockIn(In):
    """Set the clock: `now` is ISO 8601 with an offset.

    Absent, a clock is frozen where it stands, and a real one shows the machine's time.
    """

    mode: Mode
    now: Moment | None = None

    def clock(self) -> Clock | None:
        """Return the clock that was asked for; None: the present one, frozen."""
        if self.now is None and self.mode == "frozen":
            return None
        return Clock.at(self.mode, None if self.now is None else from_datetime(self.now))


class AdvanceIn(In):
    """How far to advance the clock, in seconds."""

    seconds: float = Field(ge=0, le=LATEST / SECOND)


class ClockOut(BaseModel):
    """A clock and, after an advance, how many jobs ran."""

    mode: Mode
    now: datetime
    jobs_run: int | None = None

    @classmethod
    def of(cls, clock: Clock, jobs_run: int | None = None) -> "ClockOut":
        """Return the clock as it stands now."""
        return cls(mode=clock.mode, now=to_datetime(clock.now()), jobs_run=jobs_run)


class JobOut(BaseModel):
    """A job; `outcome` says what it did, or why it failed."""

    id: int
    kind: str
    state: State
    outcome: str | None
    due_at: datetime
    created_at: datetime
    finished_at: datetime | None


class JobsOut(BaseModel):
    """Pending and past jobs in order of number."""

    jobs: list[JobOut]


class FaultOut(BaseModel):
    """An armed fault; `sandbox` null: the whole server's. `remaining` 0: it strikes no more."""

    id: int
    sandbox: str | None
    vendor: str
    operation: str
    path: str | None
    phase: Phase
    status: int | None
    error: str | None
    retry_after: int | None
    drop: bool
    delay: float
    after: int
    times: int
    fired: int
    remaining: int


class FaultsOut(BaseModel):
    """Faults in the order of arming."""

    faults: list[FaultOut]


class RequestsOut(BaseModel):
    """Exchanges, oldest first."""

    requests: list[dict[str, Any]]


class CountOut(BaseModel):
    """How many there are."""

    count: int
