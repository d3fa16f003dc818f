"""The journal: the requests of the vendors' clients, from every worker process."""

from typing import Annotated, Any

from pydantic import Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.models import CountOut, Out, SandboxHeaders
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.control.journal.exchanges import ExchangeOut
from mockalog.control.journal.filters import FilterIn, check, matches
from mockalog.control.journal.har import HarOut, har_of
from mockalog.control.journal.suggestions import UnmatchedOut, explain
from mockalog.control.journal.waiting import wait_for
from mockalog.kernel.clock import to_datetime
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.entries import entry_of
from mockalog.kernel.vendor.runtime import Runtime

router = ControlRouter(tag="Journal", key=KEYS, headers=SandboxHeaders)


class WaitIn(FilterIn):
    """The number of exchanges to wait for, and the limit in seconds of real time."""

    count: Annotated[int, Field(ge=1)] = 1
    timeout: Annotated[float, Field(ge=0, le=60)] = 5


class RequestsOut(Out):
    """Exchanges, oldest first."""

    requests: list[ExchangeOut]


class UnmatchedRequestsOut(Out):
    """The exchanges that match no operation, oldest first."""

    requests: list[UnmatchedOut]


@router.get("/requests", query=FilterIn, responses={200: RequestsOut})
async def list_requests(call: ControlCall) -> dict[str, object]:
    """List requests with their responses, oldest first, secrets redacted."""
    return _listed(call.runtime, await _newest(call, call.query))


@router.get("/requests/count", query=FilterIn, responses={200: CountOut})
async def count_requests(call: ControlCall) -> CountOut:
    """Count requests; `limit` does not apply."""
    return CountOut(count=len(await _find(call, call.query)))


@router.get(
    "/requests/wait", query=WaitIn, responses={200: RequestsOut}, errors=("request-timeout",)
)
async def wait_for_requests(call: ControlCall) -> dict[str, object]:
    """List requests as soon as `count` of them match; 408 after `timeout` seconds."""
    wanted: WaitIn = call.query
    await _check(call, wanted)
    found = await wait_for(call, wanted.count, wanted.timeout, lambda one: matches(wanted, one))
    if len(found) < wanted.count:
        came = f"{len(found)} of {wanted.count} requests came"
        raise ProblemError(408, f"{came} within {wanted.timeout:g} s")
    return _listed(call.runtime, found[-(wanted.limit or len(found)) :])


@router.get("/requests/unmatched", query=FilterIn, responses={200: UnmatchedRequestsOut})
async def list_unmatched_requests(call: ControlCall) -> dict[str, object]:
    """List requests that match no operation, with the reason and the closest operations."""
    found = await _newest(call, call.query.model_copy(update={"unmatched": True}))
    if found:
        await call.load()
    runtime = call.runtime
    return {"requests": [{**_out(runtime, x), **explain(call.vendors, x)} for x in found]}


@router.get("/requests/har", query=FilterIn, responses={200: HarOut})
async def export_requests(call: ControlCall) -> dict[str, object]:
    """Return the journal as HAR 1.2, which browsers' developer tools and other programs read."""
    found = await _newest(call, call.query)
    return har_of([(exchange, entry_of(exchange, call.runtime.redaction)) for exchange in found])


@router.delete("/requests", responses={200: CountOut})
async def clear_requests(call: ControlCall) -> CountOut:
    """Clear the journal and return the number of exchanges that it held."""
    return CountOut(count=await call.runtime.journals.clear(call.sandbox_id))


async def _newest(call: ControlCall, wanted: FilterIn) -> list[Exchange]:
    found = await _find(call, wanted)
    return found if wanted.limit is None else found[-wanted.limit :]


async def _find(call: ControlCall, wanted: FilterIn) -> list[Exchange]:
    await _check(call, wanted)
    exchanges = await call.runtime.journals.exchanges(call.sandbox_id)
    return [exchange for exchange in exchanges if matches(wanted, exchange)]


async def _check(call: ControlCall, wanted: FilterIn) -> None:
    if wanted.operation is not None:
        await call.load(*filter(None, [wanted.vendor]))
    check(wanted, call.vendors)


def _listed(runtime: Runtime, found: list[Exchange]) -> dict[str, Any]:
    return {"requests": [_out(runtime, exchange) for exchange in found]}


def _out(runtime: Runtime, exchange: Exchange) -> dict[str, Any]:
    return {**entry_of(exchange, runtime.redaction), "at": to_datetime(exchange.at)}
