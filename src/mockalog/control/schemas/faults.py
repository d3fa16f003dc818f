"""Faults that tests arm."""

from pydantic import ConfigDict, Field

from mockalog.control.schemas.wire import Out
from mockalog.kernel.vendor import fault_rules
from mockalog.kernel.vendor.faults import Phase


class FaultIn(fault_rules.FaultIn):
    """A failure to arm: the calls that it strikes, how often, and what it answers.

    State documents hold faults too: their shape is the kernel's.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"vendor": "braze", "operation": "create_catalog", "status": 503, "times": 2},
                {"vendor": "attraqt", "path": "/catalogs/*", "drop": True},
            ]
        }
    )


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
