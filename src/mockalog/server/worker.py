"""A worker: one of several processes that serve the same sockets and the same database."""

import asyncio
import logging
import multiprocessing
import signal
import socket
from collections.abc import Mapping
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnProcess
from typing import Any

import uvicorn

from mockalog.app import create_app
from mockalog.kernel.gc_tuning import tune_gc
from mockalog.server.graceful_server import LOG_FORMAT, GracefulServer
from mockalog.settings import Settings


# Any: uvicorn's options differ in type.
def start_worker(
    settings: Settings, sockets: Mapping[str, socket.socket], options: Mapping[str, Any]
) -> SpawnProcess:
    """Start a worker process; Ctrl-C is for its parent, which stops it."""
    spawn = multiprocessing.get_context("spawn")
    worker = spawn.Process(target=_work, args=(settings, list(sockets.values()), options))
    # Its start would unblock the signal.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        worker.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return worker


def _work(settings: Settings, sockets: list[socket.socket], options: Mapping[str, Any]) -> None:
    """Serve in this process."""
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    config = uvicorn.Config(partial(create_app, settings), factory=True, **options)
    _Worker(config, settings).run(sockets)


class _Worker(GracefulServer):
    """A server that ends with its parent, however that ends."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        # The end of a pipe that the parent holds open.
        asyncio.get_running_loop().add_reader(parent.sentinel, self._stop, parent.sentinel)
        await super().startup(sockets)
        tune_gc()

    def _stop(self, sentinel: int) -> None:
        asyncio.get_running_loop().remove_reader(sentinel)
        self.should_exit = True
