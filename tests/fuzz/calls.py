"""`python -m tests.fuzz.calls`: many odd calls of all vendors and of the control plane.

Each call comes from the documents and from earlier responses, and most are mutated. A response with
status 5xx, a logged exception, a call without an end and a body of another program are findings.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, Protocol
from urllib.parse import unquote

import pytest

from mockalog.kernel.errors import ConnectionDroppedError
from mockalog.settings import Settings
from mockalog.testing.emulators.in_process import InProcess
from mockalog.testing.emulators.server import Server
from mockalog.testing.mockalog import FREE_PORTS
from tests.fuzz.conversation import Conversation
from tests.fuzz.databases import KINDS, empty_database
from tests.fuzz.judge import LATE, Judge, Response
from tests.fuzz.mutations import Request
from tests.fuzz.sockets import SocketCaller

# Seconds that a call may take. A clock that advances by weeks runs thousands of jobs.
MOST = 60

# Exchanges that the journal keeps; an export of all would take most of a run's time.
JOURNAL = 2_000

# Calls between two comparisons with the documents.
BATCH = 100


# Calls that are sent together, and the part of the calls for which that is done.
TOGETHER, SOMETIMES = 5, 0.02


class Caller(Protocol):
    """Sends a request and returns the response."""

    def __call__(self, request: Request, times: int) -> list[Response]:
        """Send a request so many times at once; the status is 0 without a response."""
        ...


class AppCaller:
    """Calls the app of this process without a socket."""

    def __init__(self, host: InProcess) -> None:
        self._host = host

    def __call__(self, request: Request, times: int) -> list[Response]:
        """Return the app's responses."""
        return self._host.portal.call(self._together, request, times)

    async def _together(self, request: Request, times: int) -> list[Response]:
        return await asyncio.gather(*(self._call(request) for _ in range(times)))

    async def _call(self, request: Request) -> Response:
        sent: list[Any] = []
        scope = _scope(request)

        async def send(message: Any) -> None:
            sent.append(message)

        try:
            await asyncio.wait_for(self._host.app(scope, _receive(request), send), MOST)
        except ConnectionDroppedError:
            return Response(0, (), b"dropped", is_armed=True)
        except TimeoutError:
            return Response(0, (), LATE)
        except Exception as error:  # noqa: BLE001 - any exception is a finding
            return Response(0, (), repr(error).encode())
        start, *parts = sent
        if not parts or parts[-1].get("more_body"):
            return Response(0, (), f"{len(sent)} messages".encode())
        body = b"".join(part["body"] for part in parts)
        exchange = scope.get("exchange")  # of a vendor's call, with the faults that applied
        is_armed = bool(getattr(exchange, "faults", ()))
        return Response(start["status"], tuple(start["headers"]), body, is_armed)


def _receive(request: Request) -> Any:
    async def receive() -> Any:
        return {"type": "http.request", "body": request.body}

    return receive


def _scope(request: Request) -> dict[str, object]:
    """Return the scope as uvicorn makes it."""
    length = (b"content-length", str(len(request.body)).encode())
    has_host = any(name == b"host" for name, _ in request.headers)
    host = () if has_host else ((b"host", b"mockalog.test"),)
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "headers": [*host, *request.headers, length],
        "scheme": "http",
        "path": unquote(request.path.decode()),
        "raw_path": request.path,
        "query_string": request.query,
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 0),
        "root_path": "",
    }


class Run:
    """One run: a conversation with one emulator, and the judgement on it."""

    def __init__(self, caller: Caller, judge: Judge, seed: int) -> None:
        self._caller = caller
        self._judge = judge
        self._conversation = Conversation(seed)
        self.statuses: Counter[str] = Counter()
        self.slowest = (0.0, "")

    def go(self, calls: int) -> list[str]:
        """Make so many calls and return the findings; a call without an end ends the run."""
        for number in range(calls):
            request = self._conversation.next()
            times = TOGETHER if self._conversation.random.random() < SOMETIMES else 1
            began = time.perf_counter()
            responses = self._caller(request, times)
            for response in responses:
                self._note(request, response, time.perf_counter() - began)
            if any(response.body == LATE for response in responses):
                break
            if number % BATCH == 0:
                self._judge.compare()
        self._judge.compare()
        return self._judge.findings

    def _note(self, request: Request, response: Response, seconds: float) -> None:
        self._judge.judge(request, response)
        self._conversation.learn(request, response.status, response.body)
        self.slowest = max(self.slowest, (seconds, str(request)))
        api = request.path[1:].partition(b"/")[0].decode("latin-1")
        known = ("squared", "braze", "attraqt", "_mockalog")
        self.statuses[f"{api if api in known else 'other'} {response.status}"] += 1


@contextmanager
def running(database_url: str, seed: int, *, sockets: bool = False) -> Iterator[Run]:
    """Start an emulator in this process, and yield a run against it."""
    # Any: settings differ in type.
    options: dict[str, Any] = {**FREE_PORTS, "database_url": database_url, "migrate": True}
    settings = Settings(journal_exchanges=JOURNAL, **options)
    host = Server(settings) if sockets else InProcess(settings)
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        judge = Judge(patch)
        host.start()
        stack.callback(host.stop)
        caller: Caller = AppCaller(host)
        if sockets:
            caller = stack.enter_context(closing(SocketCaller(host.urls["mockalog"])))
        yield Run(caller, judge, seed)


def main() -> None:
    """Make the calls; exit with 1 if there are findings."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.calls", description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the calls (%(default)s)")
    parser.add_argument("--database", choices=KINDS, default=KINDS[0], help="(%(default)s)")
    parser.add_argument("--sockets", action="store_true", help="call over a connection")
    given = parser.parse_args()
    began = time.monotonic()
    with (
        empty_database(given.database) as database_url,
        running(database_url, given.seed, sockets=given.sockets) as run,
    ):
        findings = run.go(given.calls)
    for finding in findings[:50]:
        print(finding, end="\n\n")
    seconds, slowest = run.slowest
    print(f"the slowest call took {seconds:.2f} s: {slowest[:300]}")
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(run.statuses.items())))
    print(f"{len(findings)} findings in {time.monotonic() - began:.0f} s")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
