"""The parent of the workers: it replaces dead ones, and stops all of them."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial
from typing import Any

import pytest

from mockalog.server import supervisor
from mockalog.server.graceful_server import SIGNALS
from mockalog.server.supervisor import Supervisor, WorkerStartError


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The handlers of the test process stay."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Workers:
    """Starts a process for each of the given codes; the last one signals the supervisor."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)
        self.started: list[Any] = []

    def __call__(self) -> Any:
        """Start the next one."""
        worker = Worker(self.codes.pop(0))
        self.started.append(worker)
        return worker


class Worker:
    """A process with the interface of `multiprocessing`, without its cost."""

    def __init__(self, code: str) -> None:
        self._process = subprocess.Popen([sys.executable, "-S", "-c", code])
        self.pid = self._process.pid
        self.sentinel = os.pidfd_open(self.pid)
        self.release = cache(partial(os.close, self.sentinel))
        self.terminate, self.kill = self._process.terminate, self._process.kill

    @property
    def exitcode(self) -> int | None:
        """The exit code."""
        return self._process.poll()

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.exitcode is None

    def join(self, seconds: float | None = None) -> None:
        """Wait for its end."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
            self.release()


SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    f"import signal; signal.signal(15, signal.SIG_IGN); import os; os.kill({{}}, 15); {SLEEP}"
)
SIGNAL = f"import os; os.kill({os.getpid()}, 15); {SLEEP}"


def test_a_worker_that_dies_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    """A signal stops all of them, and the sockets are closed."""
    workers, listening = Workers("raise SystemExit(7)", SLEEP, SIGNAL), socket.socket()

    Supervisor(workers, 2, [listening]).run()

    assert [worker.exitcode for worker in workers.started] == [7, -15, -15]
    assert listening.fileno() == -1
    assert "ended with 7: a new one starts" in caplog.text


def test_a_worker_that_cannot_start_ends_the_server() -> None:
    """The others are stopped."""
    workers = Workers("raise SystemExit(3)", SLEEP)

    with pytest.raises(WorkerStartError):
        Supervisor(workers, 2, []).run()

    assert [worker.exitcode for worker in workers.started] == [3, -15]


def test_a_worker_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In time for the contract of the stop."""
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0)
    workers = Workers(STUBBORN.format(os.getpid()))

    Supervisor(workers, 1, []).run()

    assert workers.started[0].exitcode == -9


def test_no_worker_starts_during_a_stop() -> None:
    """One that ends then is not replaced."""
    workers = Workers("", SLEEP)
    parent = Supervisor(workers, 1, [])
    os.waitid(os.P_PID, workers.started[0].pid, os.WEXITED | os.WNOWAIT)
    parent._note(signal.SIGTERM, None)

    parent._replace_dead()
    parent.run()

    assert len(workers.started) == 1
