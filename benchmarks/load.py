"""The load generator, a process of its own: plan as JSON on stdin, outcome as JSON on stdout.

It speaks just enough HTTP/1.1 over raw sockets: prepared bytes out, status and length in. Each
connection sends its next request once the last one is answered.
"""

import asyncio
import gc
import json
import re
import sys
import time
from dataclasses import asdict, dataclass
from typing import cast

import uvloop

# Stands in a planned request for a number that no other request of the run carries; as wide as
# the number, so that the content length holds.
SERIAL = "########"

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class LoadError(Exception):
    """A run that measured nothing: a refused or lost connection, or an answer that is no 2xx."""


@dataclass(frozen=True)
class Plan:
    """What to send, where, and for how long (seconds). The warm-up is sent, but not counted."""

    port: int
    request: str
    connections: int
    warm_up: float
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """Requests per second, and the latencies (seconds) that 50 and 99 in 100 stayed below."""

    rate: float
    p50: float
    p99: float


class Run:
    """One run over all its connections: hands out requests and keeps the latencies."""

    def __init__(self, plan: Plan) -> None:
        self._parts = plan.request.encode().split(SERIAL.encode())
        self._serial = 0
        self._measuring = False
        self._began = 0.0
        self._latencies: list[float] = []
        self.ended: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def next_request(self) -> bytes:
        """Return the bytes of the next request."""
        self._serial += 1
        return (b"%08d" % self._serial).join(self._parts)

    def begin(self) -> None:
        """End the warm-up."""
        self._measuring = True
        self._began = time.perf_counter()

    def answered(self, latency: float) -> None:
        """Count one answer, seconds after its request."""
        if self._measuring:
            self._latencies.append(latency)

    def end(self) -> None:
        """Settle the outcome."""
        elapsed = time.perf_counter() - self._began
        ordered = sorted(self._latencies)
        if not ordered:
            self.fail("no request was answered in time")
        elif not self.ended.done():
            rate = len(ordered) / elapsed
            self.ended.set_result(Outcome(rate, percentile(ordered, 50), percentile(ordered, 99)))

    def fail(self, problem: str) -> None:
        """Give up; the first problem is the one that is told."""
        if not self.ended.done():
            self.ended.set_exception(LoadError(problem))


class Connection(asyncio.Protocol):
    """One kept-alive connection, one request at a time."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._transport: asyncio.WriteTransport
        self._received = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        # Not checked by isinstance: uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.WriteTransport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer; once it is whole, send the next request."""
        self._received += data
        if not is_whole(self._received):
            return
        self._run.answered(time.perf_counter() - self._sent_at)
        if not self._received.startswith(b"HTTP/1.1 2"):
            self._run.fail(f"answered with {self._received[:400].decode(errors='replace')}")
            self._transport.close()
            return
        self._received = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the run if it is not over."""
        self._run.fail(f"the server closed the connection: {exc or 'no reason given'}")

    def _send(self) -> None:
        request = self._run.next_request()
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def is_whole(received: bytes) -> bool:
    """Return whether the bytes hold an answer to its end; without a length it has no body."""
    head_end = received.find(b"\r\n\r\n")
    if head_end < 0:
        return False
    length = CONTENT_LENGTH.search(received, 0, head_end)
    return len(received) >= head_end + 4 + (int(length[1]) if length else 0)


def percentile(ordered: list[float], percent: int) -> float:
    """Return the value that `percent` in 100 of the ordered values stay below."""
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


async def generate(plan: Plan) -> Outcome:
    """Carry out a plan. Raises `LoadError`."""
    loop = asyncio.get_running_loop()
    run = Run(plan)
    try:
        for _ in range(plan.connections):
            await loop.create_connection(lambda: Connection(run), "127.0.0.1", plan.port)
    except OSError as error:
        raise LoadError(f"cannot connect: {error}") from None
    loop.call_later(plan.warm_up, run.begin)
    loop.call_later(plan.warm_up + plan.seconds, run.end)
    return await run.ended


def main() -> None:
    """Read a plan, carry it out and print its outcome."""
    plan = Plan(**json.load(sys.stdin))
    # A pause for a collection here would be counted as the server's latency.
    gc.disable()
    try:
        print(json.dumps(asdict(uvloop.run(generate(plan)))))
    except LoadError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
