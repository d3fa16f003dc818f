"""Faults that tests armed; `FaultIn` is the kernel's, for state documents hold faults too."""

from pydantic import Field

from mockalog.control.schemas.wire import Out
from mockalog.kernel.faults import Phase


class FaultOut(Out):
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
    delay: float = Field(description="Seconds of real time before the answer.")
    after: int = Field(description="How many calls pass first.")
    times: int
    fired: int
    remaining: int


class FaultsOut(Out):
    """Faults in the order of arming."""

    faults: list[FaultOut]
