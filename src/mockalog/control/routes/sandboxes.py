"""The sandboxes of a server, with their last use and their size."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.long_responses import LongResponse, list_end, long_list
from mockalog.control.calls.models import JournalsOut, Out, SandboxHeaders, incomplete_of
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.clock import to_datetime
from mockalog.kernel.database.interfaces import DatabaseUnavailableError, Reader
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.sandboxes.listing import ListedSandbox, count_rows, list_sandboxes
from mockalog.kernel.state.removals import remove

router = ControlRouter(tag="Server", key=KEYS, headers=SandboxHeaders)

Name = Annotated[
    str,
    Path(description="The sandbox's name; slashes are allowed.", examples=["checkout-test"]),
]


class PageIn(BaseModel):
    """The page of a list that is ordered by name."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    limit: Annotated[int, Field(ge=1, le=1000, description="The first so many.")] = 100
    after: str = Field("", description="The name of the last sandbox of the page before.")


class SandboxOut(Out):
    """A sandbox. An unnamed one has the SHA-256 of its credential as its name."""

    name: str
    created_at: datetime = Field(description="The instant of its creation or last reset.")
    used_at: datetime | None = Field(
        description="The last use, to the minute, on the machine's clock; null: none is known."
    )
    rows: int
    exchanges: int = Field(description="Its entries in the journal.")


class SandboxesOut(JournalsOut):
    """Sandboxes, ordered by name, without the template of new ones."""

    sandboxes: list[SandboxOut]


@router.get("/sandboxes", query=PageIn, responses={200: SandboxesOut})
async def show_sandboxes(call: ControlCall) -> LongResponse:
    """List the sandboxes of the server; a call that names a sandbox lists that one."""
    with suppress(DatabaseUnavailableError):  # then the list is a little older
        await call.runtime.sandboxes.uses.write()
    reply = await call.runtime.journals.count()
    exchanges: Counter[int] = Counter()
    for sandbox_id, number in reply.counts:
        exchanges[sandbox_id] += number
    async with call.runtime.database.reading() as reader:
        return await long_list(
            b'{"sandboxes":[', _page(call, reader, exchanges), list_end(incomplete_of(reply))
        )


@router.delete("/sandboxes/{name:path}", responses={204: None}, errors=("not-found",))
async def delete_sandbox(call: ControlCall, name: Name) -> None:
    """Delete a sandbox: its rows, clock, faults, jobs, limits, journal and snapshots.

    Registered credentials stay: their next call opens a new sandbox of that name.
    """
    is_other = call.sandbox is not None and call.sandbox.name != name
    if is_other or name == TEMPLATE or not await remove(call.runtime, name):
        raise ProblemError(404, f"sandbox {name!r} does not exist: list the sandboxes")


async def _page(
    call: ControlCall, reader: Reader, exchanges: Mapping[int, int]
) -> AsyncIterator[SandboxOut]:
    wanted: PageIn = call.query
    left = wanted.limit
    async for listed in list_sandboxes(reader, wanted.after):
        await call.turns.give_way()
        if call.sandbox_id in (None, listed.id):
            yield await _out(call, reader, listed, exchanges[listed.id])
            left -= 1
        if not left:
            return


async def _out(
    call: ControlCall, reader: Reader, listed: ListedSandbox, exchanges: int
) -> SandboxOut:
    return SandboxOut(
        name=listed.name,
        created_at=to_datetime(listed.created_at),
        used_at=None if listed.used_at is None else to_datetime(listed.used_at),
        rows=await count_rows(reader, listed.id, call.turns),
        exchanges=exchanges,
    )
