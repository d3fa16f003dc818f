"""The messages between processes: complete or refused, and never in the way of other calls."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mockalog.kernel import turns
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.messages import (
    AbsentError,
    JournalRequest,
    Reply,
    lines_in,
    lines_of,
    reply_of,
)
from tests.kernel.journal.factories import exchange

# Line ends in Unicode and in Latin-1, none of which ends a message.
SEPARATORS = b"\x85\x0b\x0c\x1c\x1d\x1e\r\n\xe2\x80\xa8"


async def chunks_of(*chunks: bytes) -> AsyncIterator[bytes]:
    """Yield the chunks of a body."""
    for chunk in chunks:
        yield chunk


def sent(reply: Reply, size: int) -> Reply:
    """Return a reply after its way through a body of chunks of that size."""

    async def send() -> Reply:
        body = b"".join([line async for line in lines_of(reply)])
        chunks = [body[start : start + size] for start in range(0, len(body), size)]
        return await reply_of(lines_in(chunks_of(*chunks)))

    return asyncio.run(send())


def recorded(at: int) -> Exchange:
    """Return an exchange whose parts hold every byte that could break a line."""
    return exchange(
        at=at,
        path="/é\u2028",
        query_string=SEPARATORS,
        request_body=SEPARATORS,
        response_body=b"\0",
    )


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_reply_arrives_as_it_was_sent(size: int) -> None:
    """In chunks of any size."""
    reply = Reply([recorded(1), recorded(2)], 3, ["worker 7"])

    arrived = sent(reply, size)

    assert [one.packed() for one in arrived.exchanges] == [one.packed() for one in reply.exchanges]
    assert (arrived.cleared, arrived.incomplete) == (3, ["worker 7"])


def test_a_request_arrives_as_it_was_sent() -> None:
    """With and without a sandbox."""
    for request in (JournalRequest("clear", 7), JournalRequest("list", None)):
        assert JournalRequest.unpacked(request.packed()) == request


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b'{"path": "/"}'],
        [b'{"end": {"nope": 0}}'],
        [b'{"end": []}'],
        [b"[]"],
        [b"1"],
        [b'{"end": {"cleared": 0, "incomple'],
        [b"<html>"],
    ],
)
def test_a_cut_or_foreign_reply_is_that_of_an_absent_process(lines: list[bytes]) -> None:
    """It never counts as a short journal."""
    with pytest.raises(AbsentError, match="the reply"):
        asyncio.run(reply_of(lines_in(chunks_of(*(line + b"\n" for line in lines)))))


def test_other_calls_run_during_a_long_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides give way after each turn."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)
    ran: list[str] = []

    async def read() -> None:
        asyncio.get_running_loop().call_soon(ran.append, "in between")
        lines = [line async for line in lines_of(Reply([recorded(1), recorded(2)]))]
        assert ran.pop() == "in between"
        asyncio.get_running_loop().call_soon(ran.append, "in between")
        await reply_of(chunks_of(*lines))
        assert ran.pop() == "in between"

    asyncio.run(read())
