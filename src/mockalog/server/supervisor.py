"""The parent of the worker processes: it starts them, replaces dead ones and stops all of them.

docs/decisions/0010-own-supervisor.md tells why uvicorn's is not used.
"""

import logging
import signal
import socket
import time
from collections.abc import Callable, Iterable
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType

from uvicorn.config import STARTUP_FAILURE

from mockalog.kernel.errors import UserError
from mockalog.server.graceful_server import SIGNALS

logger = logging.getLogger(__name__)

# Seconds after which a worker that did not stop is killed. The contract gives the whole stop 2 s.
STOP_SECONDS = 1.6


class WorkerStartError(UserError):
    """A worker cannot start; its own log tells why."""


class Supervisor:
    """Keeps `count` workers running until a signal.

    `start` returns a new, started worker. `sockets` are those that the workers share.
    """

    def __init__(
        self, start: Callable[[], SpawnProcess], count: int, sockets: Iterable[socket.socket]
    ) -> None:
        self._start = start
        self._sockets = sockets
        self._is_stopping = False
        # A signal makes `_woken` readable, so that waiting for workers ends.
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, self._note)
        self._workers = [start() for _ in range(count)]

    def run(self) -> None:
        """Return after a clean stop. Raises `WorkerStartError`."""
        try:
            while not self._is_stopping:
                wait([self._woken, *(worker.sentinel for worker in self._workers)])
                self._replace_dead()
        finally:
            self._stop()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True

    def _replace_dead(self) -> None:
        for worker in [one for one in self._workers if not one.is_alive()]:
            if self._is_stopping:
                return
            if worker.exitcode == STARTUP_FAILURE:
                raise WorkerStartError("a worker cannot start: see its log above")
            logger.warning("worker %s ended with %s: a new one starts", worker.pid, worker.exitcode)
            self._workers.remove(worker)
            self._workers.append(self._start())

    def _stop(self) -> None:
        """Stop all workers; first close the sockets, which would take new connections."""
        for listening in self._sockets:
            listening.close()
        for worker in self._workers:
            worker.terminate()
        end = time.monotonic() + STOP_SECONDS
        for worker in self._workers:
            worker.join(max(0, end - time.monotonic()))
            worker.kill()
            worker.join()
        signal.set_wakeup_fd(-1)
        self._woken.close()
        self._waker.close()
