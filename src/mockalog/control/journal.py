"""The journal: what was asked of the vendors, in every process."""

import asyncio
from typing import Any

from mockalog.control.call import ControlCall
from mockalog.control.filters import check, fits
from mockalog.control.har import har_of
from mockalog.control.keys import KEYS
from mockalog.control.nearest import explain
from mockalog.control.problems import Problem
from mockalog.control.route import ControlRouter
from mockalog.control.schemas.har import HarOut
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.control.schemas.journal import FilterIn, RequestsOut, UnmatchedRequestsOut, WaitIn
from mockalog.control.schemas.server import CountOut
from mockalog.kernel.clock import to_datetime
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.entries import entry_of
from mockalog.kernel.vendor.runtime import Runtime

router = ControlRouter(tag="Journal", key=KEYS, headers=SandboxHeaders)


@router.get("/requests", query=FilterIn, responses={200: RequestsOut})
async def list_requests(call: ControlCall) -> dict[str, Any]:
    """List what was asked and answered, oldest first, secrets redacted."""
    return _listed(call.runtime, await _newest(call, call.query))


@router.get("/requests/count", query=FilterIn, responses={200: CountOut})
async def count_requests(call: ControlCall) -> CountOut:
    """Count what was asked; `limit` does not apply."""
    return CountOut(count=len(await _find(call, call.query)))


@router.get(
    "/requests/wait", query=WaitIn, responses={200: RequestsOut}, errors=("request-timeout",)
)
async def wait_for_requests(call: ControlCall) -> dict[str, Any]:
    """List the requests once there are as many as wanted; 408 if they do not come in time."""
    runtime, wanted = call.runtime, call.query
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wanted.timeout
    while True:
        number = runtime.journals.number
        if call.sandbox is not None:  # which may have been reset meanwhile
            call.sandbox = await runtime.sandboxes.open(call.sandbox.name)
        found = await _find(call, wanted)
        if len(found) >= wanted.count:
            return _listed(runtime, found[-(wanted.limit or len(found)) :])
        if (left := deadline - loop.time()) <= 0:
            came = f"{len(found)} of {wanted.count} requests came"
            raise Problem(408, f"{came} within {wanted.timeout:g} s")
        await runtime.journals.changed(number, left)


@router.get("/requests/unmatched", query=FilterIn, responses={200: UnmatchedRequestsOut})
async def list_unmatched_requests(call: ControlCall) -> dict[str, Any]:
    """List what no operation was meant by, each with the reason and the nearest operations."""
    found = await _newest(call, call.query.model_copy(update={"unmatched": True}))
    if found:
        await call.load()
    runtime = call.runtime
    return {"requests": [{**_out(runtime, x), **explain(runtime.vendors, x)} for x in found]}


@router.get("/requests/har", query=FilterIn, responses={200: HarOut})
async def export_requests(call: ControlCall) -> dict[str, Any]:
    """Return the journal as HAR 1.2, for browsers' tools and other readers."""
    found = await _newest(call, call.query)
    return har_of([(exchange, entry_of(exchange, call.runtime.redaction)) for exchange in found])


@router.delete("/requests", responses={200: CountOut})
async def clear_requests(call: ControlCall) -> CountOut:
    """Empty the journal and say how many exchanges it held."""
    return CountOut(count=await call.runtime.journals.clear(call.sandbox_id))


async def _newest(call: ControlCall, wanted: FilterIn) -> list[Exchange]:
    found = await _find(call, wanted)
    return found if wanted.limit is None else found[-wanted.limit :]


async def _find(call: ControlCall, wanted: FilterIn) -> list[Exchange]:
    if wanted.operation is not None:
        await call.load(*filter(None, [wanted.vendor]))
    check(wanted, call.runtime.vendors)
    kept = await call.runtime.journals.exchanges(call.sandbox_id)
    return [exchange for exchange in kept if fits(wanted, exchange)]


def _listed(runtime: Runtime, found: list[Exchange]) -> dict[str, Any]:
    return {"requests": [_out(runtime, exchange) for exchange in found]}


def _out(runtime: Runtime, exchange: Exchange) -> dict[str, Any]:
    return {**entry_of(exchange, runtime.redaction), "at": to_datetime(exchange.at)}
