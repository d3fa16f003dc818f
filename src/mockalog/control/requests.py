"""The journal: what was asked of the vendors."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.schemas import CountOut, RequestsOut
from mockalog.kernel.clock import from_datetime, to_datetime
from mockalog.kernel.journal import Exchange
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import Sandbox

router = APIRouter()


class Filter(BaseModel):
    """Which exchanges: every filter that is given must fit; `limit` keeps the newest."""

    model_config = ConfigDict(extra="forbid")

    vendor: str | None = None
    method: str | None = None
    path: str | None = None
    operation: str | None = None
    status: int | None = None
    since: AwareDatetime | None = None
    limit: Annotated[int | None, Field(ge=1)] = None
    unmatched: bool | None = None

    def fits(self, exchange: Exchange) -> bool:
        """Return whether an exchange is meant."""
        return (
            self.vendor in (None, exchange.vendor)
            and (self.method is None or self.method.upper() == exchange.method)
            and self.path in (None, exchange.path)
            and self.operation in (None, exchange.operation)
            and self.status in (None, exchange.status)
            and (self.since is None or exchange.at >= from_datetime(self.since))
            and self.unmatched in (None, exchange.unmatched)
        )


FilterDep = Annotated[Filter, Query()]


@router.get("/requests")
async def list_requests(runtime: RuntimeDep, sandbox: SandboxDep, wanted: FilterDep) -> RequestsOut:
    """List what was asked and answered, oldest first, secrets redacted."""
    found = list(_find(runtime, sandbox, wanted))
    kept = found if wanted.limit is None else found[-wanted.limit :]
    return RequestsOut(requests=[_out(exchange) for exchange in kept])


@router.get("/requests/count")
async def count_requests(runtime: RuntimeDep, sandbox: SandboxDep, wanted: FilterDep) -> CountOut:
    """Count what was asked; `limit` does not apply."""
    return CountOut(count=sum(1 for _ in _find(runtime, sandbox, wanted)))


@router.delete("/requests")
async def clear_requests(runtime: RuntimeDep, sandbox: SandboxDep) -> CountOut:
    """Empty the journal and say how many exchanges it held."""
    return CountOut(count=runtime.journal.clear(None if sandbox is None else sandbox.id))


def _find(runtime: Runtime, sandbox: Sandbox | None, wanted: Filter) -> Iterator[Exchange]:
    of_sandbox = runtime.journal.exchanges(None if sandbox is None else sandbox.id)
    return (exchange for exchange in of_sandbox if wanted.fits(exchange))


def _out(exchange: Exchange) -> dict[str, Any]:
    return {**exchange.as_json(), "at": to_datetime(exchange.at)}
