"""The messages by which the processes of one emulator read and clear each other's journals.

A request is one JSON object. A reply has one JSON object per line: an exchange in each, and at the
end the totals. A reply without its end was cut, so it never counts as complete.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import orjson

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.turns import Turns

# Seconds without a byte after which another process counts as absent.
SILENCE_SECONDS = 5.0

# Seconds that a clear waits for the count of another process, which clears in any case.
CLEAR_SECONDS = 0.5


class JournalRequest(NamedTuple):
    """List, count or clear the exchanges of a sandbox (None: of all).

    `after` has ids of exchanges: a process lists only those after the id of its own.
    """

    do: Literal["list", "count", "clear"]
    sandbox_id: int | None
    after: tuple[int, ...] = ()

    def packed(self) -> bytes:
        """Return the request as JSON."""
        return orjson.dumps(self._asdict())

    @staticmethod
    def unpacked(data: bytes) -> "JournalRequest":
        """Return the request of a text that `packed` returned."""
        values = orjson.loads(data)
        return JournalRequest(**{**values, "after": tuple(values["after"])})

    @property
    def seconds(self) -> float:
        """Return the seconds of silence after which another process counts as absent."""
        return CLEAR_SECONDS if self.do == "clear" else SILENCE_SECONDS


class Reply(NamedTuple):
    """The exchanges of a list, the number of cleared ones, and the processes that were absent.

    `clears` is the number of clears that the processes have made. If it differs from that of an
    earlier reply, exchanges of the earlier one may be gone. `counts` has pairs of a sandbox's id
    and a number of exchanges.
    """

    exchanges: Sequence[Exchange] = ()
    cleared: int = 0
    incomplete: Sequence[str] = ()
    clears: int = 0
    counts: Sequence[tuple[int, int]] = ()


class AbsentError(Exception):
    """Another process does not reply, or not to the end."""


class Peer(Protocol):
    """Another process with a journal."""

    @property
    def name(self) -> str:
        """The name by which an answer tells that the process was absent."""
        ...

    async def ask(self, request: JournalRequest) -> Reply:
        """Return the reply of the process; raises `AbsentError`."""
        ...


async def lines_of(reply: Reply) -> AsyncIterator[bytes]:
    """Yield a reply as lines; other calls run in between."""
    turns = Turns()
    for exchange in reply.exchanges:
        yield orjson.dumps(exchange.packed()) + b"\n"
        await turns.give_way()
    end = {name: value for name, value in reply._asdict().items() if name != "exchanges"}
    yield orjson.dumps({"end": end}) + b"\n"


async def lines_in(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the lines of a body that arrives in chunks."""
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line


async def reply_of(lines: AsyncIterator[bytes]) -> Reply:
    """Return the reply of these lines; raises `AbsentError` if it was cut or is no reply."""
    turns, reply = Turns(), None
    exchanges: list[Exchange] = []
    try:
        async for line in lines:  # to the end of the body: then the connection can be used again
            message: dict[str, Any] = orjson.loads(line)
            if (end := message.get("end")) is not None:
                reply = Reply(exchanges, **end)
            else:
                exchanges.append(Exchange.unpacked(message))
            await turns.give_way()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AbsentError(f"the reply cannot be read: {error}") from None
    if reply is None:
        raise AbsentError("the reply was cut")
    return reply
