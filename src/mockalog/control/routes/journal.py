"""The journal: the requests of the vendors' clients, from every worker process."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from pydantic import Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.long_responses import LongResponse, list_end, long_list
from mockalog.control.calls.models import CountOut, JournalsOut, SandboxHeaders, incomplete_of
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.control.journal import har
from mockalog.control.journal.exchanges import ExchangeOut
from mockalog.control.journal.filters import FilterIn, check, matches
from mockalog.control.journal.har import HarOut, har_entry
from mockalog.control.journal.suggestions import UnmatchedOut, explain
from mockalog.control.journal.waiting import wait_for
from mockalog.kernel.clock import to_datetime
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.entries import ExchangeEntry, entry_of
from mockalog.kernel.journal.messages import Reply
from mockalog.kernel.vendor.runtime import Runtime

Entries = AsyncIterator[Mapping[str, object]]

# Bytes of an exchange whose redaction takes some milliseconds if it consists of escapes.
LARGE = 10 * 1024

# The JSON of a list before its entries.
_HEAD = b'{"requests":['

router = ControlRouter(tag="Journal", key=KEYS, headers=SandboxHeaders)


class WaitIn(FilterIn):
    """The number of exchanges to wait for, and the limit in seconds of real time."""

    count: Annotated[int, Field(ge=1)] = 1
    timeout: Annotated[float, Field(ge=0, le=60)] = 5


class RequestCountOut(CountOut, JournalsOut):
    """A number of exchanges."""


class RequestsOut(JournalsOut):
    """Exchanges, oldest first."""

    requests: list[ExchangeOut]


class UnmatchedRequestsOut(JournalsOut):
    """The exchanges that match no operation, oldest first."""

    requests: list[UnmatchedOut]


@router.get("/requests", query=FilterIn, responses={200: RequestsOut})
async def list_requests(call: ControlCall) -> LongResponse:
    """List requests with their responses, oldest first, secrets redacted."""
    return await _listed(call, await _newest(call, call.query))


@router.get("/requests/count", query=FilterIn, responses={200: RequestCountOut})
async def count_requests(call: ControlCall) -> dict[str, object]:
    """Count requests; `limit` does not apply."""
    found = await _find(call, call.query)
    return {"count": len(found.exchanges), **incomplete_of(found)}


@router.get(
    "/requests/wait", query=WaitIn, responses={200: RequestsOut}, errors=("request-timeout",)
)
async def wait_for_requests(call: ControlCall) -> LongResponse:
    """List requests as soon as `count` of them match; 408 after `timeout` seconds."""
    wanted: WaitIn = call.query
    await _check(call, wanted)
    with call.waiting():
        found = await wait_for(call, wanted.count, wanted.timeout, partial(matches, wanted))
    if (came := len(found.exchanges)) < wanted.count:
        said = f"{came} of {wanted.count} requests came within {wanted.timeout:g} s"
        raise ProblemError(408, said + _absence(found))
    return await _listed(call, _last(found, wanted.limit))


@router.get("/requests/unmatched", query=FilterIn, responses={200: UnmatchedRequestsOut})
async def list_unmatched_requests(call: ControlCall) -> LongResponse:
    """List requests that match no operation, with the reason and the closest operations."""
    found = await _newest(call, call.query.model_copy(update={"unmatched": True}))
    if found.exchanges:
        await call.load()
    return await long_list(_HEAD, _unmatched(call, found.exchanges), list_end(incomplete_of(found)))


@router.get("/requests/har", query=FilterIn, responses={200: HarOut})
async def export_requests(call: ControlCall) -> LongResponse:
    """Return the journal as HAR 1.2, which browsers' developer tools and other programs read."""
    found = await _newest(call, call.query)
    tail = har.TAIL + list_end(incomplete_of(found)).removeprefix(b"]")
    return await long_list(har.HEAD, _archived(call, found.exchanges), tail)


@router.delete("/requests", responses={200: RequestCountOut})
async def clear_requests(call: ControlCall) -> dict[str, object]:
    """Clear the journal and return the number of exchanges that it held."""
    reply = await call.runtime.journals.clear(call.sandbox_id)
    return {"count": reply.cleared, **incomplete_of(reply)}


async def _newest(call: ControlCall, wanted: FilterIn) -> Reply:
    return _last(await _find(call, wanted), wanted.limit)


def _last(found: Reply, limit: int | None) -> Reply:
    return found if limit is None else found._replace(exchanges=found.exchanges[-limit:])


def _absence(found: Reply) -> str:
    """Return the end of a sentence that names the processes whose requests are unknown."""
    return f"; {', '.join(found.incomplete)} did not reply" if found.incomplete else ""


async def _find(call: ControlCall, wanted: FilterIn) -> Reply:
    await _check(call, wanted)
    reply = await call.runtime.journals.exchanges(call.sandbox_id)
    found = [
        exchange async for exchange in call.turns.each(reply.exchanges) if matches(wanted, exchange)
    ]
    return reply._replace(exchanges=found)


async def _check(call: ControlCall, wanted: FilterIn) -> None:
    if wanted.operation is not None:
        await call.load(*filter(None, [wanted.vendor]))
    check(wanted, call.vendors)


async def _listed(call: ControlCall, found: Reply) -> LongResponse:
    return await long_list(_HEAD, _shown(call, found.exchanges), list_end(incomplete_of(found)))


async def _shown(call: ControlCall, found: Sequence[Exchange]) -> Entries:
    async for exchange in call.turns.each(found):
        yield _out(await _redacted(exchange, call.runtime))


async def _unmatched(call: ControlCall, found: Sequence[Exchange]) -> Entries:
    async for exchange in call.turns.each(found):
        shown = await _redacted(exchange, call.runtime)
        yield {**_out(shown), **await explain(call.vendors, exchange, shown["path"])}


async def _archived(call: ControlCall, found: Sequence[Exchange]) -> Entries:
    async for exchange in call.turns.each(found):
        yield har_entry(exchange, await _redacted(exchange, call.runtime))


async def _redacted(exchange: Exchange, runtime: Runtime) -> ExchangeEntry:
    """Return an exchange without secrets; a large one in a thread, so that other calls run."""
    if exchange.size <= LARGE:
        return entry_of(exchange, runtime.redaction)
    return await asyncio.to_thread(entry_of, exchange, runtime.redaction)


def _out(shown: ExchangeEntry) -> dict[str, Any]:
    return {**shown, "at": to_datetime(shown["at"])}
