"""The journal: what was asked of the vendors, in every process."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.har import har_of
from mockalog.control.nearest import explain
from mockalog.control.problems import Problem
from mockalog.control.schemas import CountOut, RequestsOut
from mockalog.kernel.arming import unknown
from mockalog.kernel.clock import from_datetime, to_datetime
from mockalog.kernel.globs import meets
from mockalog.kernel.instants import Written
from mockalog.kernel.journal import Exchange
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import Sandbox
from mockalog.kernel.vendor import Vendor

router = APIRouter()


class Filter(BaseModel):
    """Which exchanges: every filter that is given must fit; `limit` keeps the newest.

    `after` leaves out what was recorded up to an exchange's id: one id for each process of the
    server, the last that somebody has seen of it.
    """

    model_config = ConfigDict(extra="forbid")

    vendor: str | None = None
    method: str | None = None
    path: str | None = None
    operation: str | None = None
    status: int | None = None
    since: Written | None = None
    limit: Annotated[int | None, Field(ge=1)] = None
    unmatched: bool | None = None
    after: list[int] = []

    def check(self, vendors: Mapping[str, Vendor]) -> None:
        """Refuse what no exchange can ever fit: a typo would count as none."""
        if self.vendor is not None and self.vendor not in vendors:
            raise Problem(400, unknown("vendor", self.vendor, vendors))
        if self.operation is None:
            return
        meant = vendors.values() if self.vendor is None else [vendors[self.vendor]]
        names = {name for vendor in meant for name in _names(vendor)}
        if self.operation not in names:
            whose = "operation" if self.vendor is None else f"{self.vendor} operation"
            raise Problem(400, unknown(whose, self.operation, names))

    def fits(self, exchange: Exchange) -> bool:
        """Return whether an exchange is meant."""
        return (
            self.vendor in (None, exchange.vendor)
            and (self.method is None or self.method.upper() == exchange.method)
            and (self.path is None or self._is_at(exchange, self.path))
            and self.operation in (None, exchange.operation)
            and self.status in (None, exchange.status)
            and (self.since is None or exchange.at >= from_datetime(self.since))
            and self.unmatched in (None, exchange.unmatched)
            and all(exchange.follows(number) for number in self.after)
        )

    def _is_at(self, exchange: Exchange, path: str) -> bool:
        """Return whether it went to a path, exactly or by a glob.

        As it was sent, or as the vendor's API has it.
        """
        return any(meets(one, path) for one in (exchange.path, unquote(exchange.raw_path)))


def _names(vendor: Vendor) -> Iterator[str]:
    """Yield what a vendor's exchanges can be called."""
    yield from (operation.name for operation in vendor.api.router.operations)
    yield from vendor.api.upfront_names


class Wait(Filter):
    """How many exchanges to wait for, and how long: seconds of real time."""

    count: Annotated[int, Field(ge=1)] = 1
    timeout: Annotated[float, Field(ge=0, le=60)] = 5


FilterDep = Annotated[Filter, Query()]
WaitDep = Annotated[Wait, Query()]


@router.get("/requests")
async def list_requests(runtime: RuntimeDep, sandbox: SandboxDep, wanted: FilterDep) -> RequestsOut:
    """List what was asked and answered, oldest first, secrets redacted."""
    return _listed(runtime, await _newest(runtime, sandbox, wanted))


@router.get("/requests/count")
async def count_requests(runtime: RuntimeDep, sandbox: SandboxDep, wanted: FilterDep) -> CountOut:
    """Count what was asked; `limit` does not apply."""
    return CountOut(count=len(await _find(runtime, sandbox, wanted)))


@router.get("/requests/wait")
async def wait_for_requests(runtime: RuntimeDep, sandbox: SandboxDep, wanted: WaitDep) -> Any:
    """List the requests once there are as many as wanted; 408 if they do not come in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wanted.timeout
    while True:
        number = runtime.journals.number
        if sandbox is not None:  # which may have been reset meanwhile
            sandbox = await runtime.sandboxes.open(sandbox.name)
        found = await _find(runtime, sandbox, wanted)
        if len(found) >= wanted.count:
            return _listed(runtime, found[-(wanted.limit or len(found)) :])
        if (left := deadline - loop.time()) <= 0:
            came = f"{len(found)} of {wanted.count} requests came"
            raise Problem(408, f"{came} within {wanted.timeout:g} s")
        await runtime.journals.changed(number, left)


@router.get("/requests/unmatched")
async def list_unmatched_requests(
    runtime: RuntimeDep, sandbox: SandboxDep, wanted: FilterDep
) -> RequestsOut:
    """List what no operation was meant by, each with the reason and the nearest operations."""
    lost = wanted.model_copy(update={"unmatched": True})
    vendors = runtime.vendors
    found = await _newest(runtime, sandbox, lost)
    return RequestsOut(requests=[{**_out(runtime, x), **explain(vendors, x)} for x in found])


@router.get("/requests/har")
async def export_requests(
    runtime: RuntimeDep, sandbox: SandboxDep, wanted: FilterDep
) -> dict[str, Any]:
    """Return the journal as HAR 1.2, for browsers' tools and other readers."""
    found = await _newest(runtime, sandbox, wanted)
    return har_of([(exchange, exchange.as_json(runtime.redaction)) for exchange in found])


@router.delete("/requests")
async def clear_requests(runtime: RuntimeDep, sandbox: SandboxDep) -> CountOut:
    """Empty the journal and say how many exchanges it held."""
    return CountOut(count=await runtime.journals.clear(None if sandbox is None else sandbox.id))


async def _newest(runtime: Runtime, sandbox: Sandbox | None, wanted: Filter) -> list[Exchange]:
    found = await _find(runtime, sandbox, wanted)
    return found if wanted.limit is None else found[-wanted.limit :]


async def _find(runtime: Runtime, sandbox: Sandbox | None, wanted: Filter) -> list[Exchange]:
    wanted.check(runtime.vendors)
    kept = await runtime.journals.exchanges(None if sandbox is None else sandbox.id)
    return [exchange for exchange in kept if wanted.fits(exchange)]


def _listed(runtime: Runtime, found: list[Exchange]) -> RequestsOut:
    return RequestsOut(requests=[_out(runtime, exchange) for exchange in found])


def _out(runtime: Runtime, exchange: Exchange) -> dict[str, Any]:
    return {**exchange.as_json(runtime.redaction), "at": to_datetime(exchange.at)}
