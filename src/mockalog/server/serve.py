"""Serving: one uvicorn server on several sockets, or several processes that share them."""

import asyncio
import logging
import secrets
import socket
import sys
import threading
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import uvicorn

from mockalog.addresses import AddressError, is_answered, local_url, urls_of
from mockalog.app import create_app, create_runtime
from mockalog.kernel.database.migrations import prepare
from mockalog.kernel.gc_tuning import tune_gc
from mockalog.lifespan import Lifespan
from mockalog.server.graceful_server import LOG_FORMAT, GracefulServer
from mockalog.server.http11 import Protocol
from mockalog.server.workers_folder import remove_dead_folders, workers_folder
from mockalog.settings import Settings

BACKLOG = 2048


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; returns normally after a clean stop.

    Before it serves, it raises `AddressError` for a port in use, `DatabaseConfigurationError` for
    an unusable database, `InvalidDocumentError` for an unusable seed, and `WorkerStartError`.
    """
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    remove_dead_folders()
    prepare(settings.database_url, migrates=settings.migrates)
    settings = settings.model_copy(update={"migrate": False} if not settings.ephemeral else {})
    if settings.workers > 1:
        asyncio.run(_seed_once(settings))
    sockets = bind(settings)
    settings, options = secured(with_real_ports(settings, sockets))
    try:
        serve_them = _serve_alone if settings.workers == 1 else _serve_together
        serve_them(settings, sockets, options)
    finally:
        for listening in sockets.values():
            listening.close()


def bind(settings: Settings) -> dict[str, socket.socket]:
    """Return a bound socket for the main port (`mockalog`) and for each vendor's.

    They are bound here and not by uvicorn, so that a taken port is reported before anything starts.
    """
    sockets: dict[str, socket.socket] = {}
    for name, port in {"mockalog": settings.port, **settings.vendor_ports()}.items():
        try:
            sockets[name] = _bind(settings.host, port)
        except OSError as error:
            for bound in sockets.values():
                bound.close()
            reason = error.strerror or str(error)
            raise AddressError(
                f"cannot listen on {settings.host}:{port} ({name}): {reason}"
            ) from None
    return sockets


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError:
        listening.close()
        raise
    listening.set_inheritable(True)
    return listening


def with_real_ports(settings: Settings, sockets: Mapping[str, socket.socket]) -> Settings:
    """Return the settings of a server that listens: with real ports, and a secret for others."""
    ports = {name: bound.getsockname()[1] for name, bound in sockets.items()}
    fields = {"port" if name == "mockalog" else f"{name}_port": p for name, p in ports.items()}
    return settings.model_copy(update={**fields, "server_secret": secrets.token_hex(32)})


# Any: uvicorn's options differ in type.
def secured(settings: Settings) -> tuple[Settings, dict[str, Any]]:
    """Return the settings and uvicorn's options; with TLS they hold a new certificate authority."""
    if not settings.tls:
        return settings, _options()
    from mockalog.server.tls import new_authority

    authority = new_authority(settings.host)
    settings = settings.model_copy(update={"ca_certificate": authority.certificate})
    return settings, {**_options(), "ssl_context_factory": authority.context}


def announce(settings: Settings) -> None:
    """Print one line per address, the sign that the server answers requests."""
    for name, url in urls_of(settings).items():
        print(f"{name}  {url}", flush=True)


class _Alone(GracefulServer):
    """The server of the only process, which announces itself once it answers."""

    def __init__(self, config: uvicorn.Config, settings: Settings, lifespan: Lifespan) -> None:
        super().__init__(config, settings)
        self._settings = settings
        self._lifespan = lifespan

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # Before uvicorn's own start, which would log an error instead of raising it.
        await self._lifespan.start()
        await super().startup(sockets)
        tune_gc()
        announce(self._settings)


def _serve_alone(
    settings: Settings, sockets: Mapping[str, socket.socket], options: Mapping[str, Any]
) -> None:
    runtime = create_runtime(settings)
    lifespan = Lifespan(runtime, settings)
    config = uvicorn.Config(create_app(settings, runtime=runtime, lifespan=lifespan), **options)
    _Alone(config, settings, lifespan).run(sockets=list(sockets.values()))


async def _seed_once(settings: Settings) -> None:
    """Seed before the worker processes start."""
    lifespan = Lifespan(create_runtime(settings), settings)
    await lifespan.start()
    await lifespan.stop()


def _serve_together(
    settings: Settings, sockets: Mapping[str, socket.socket], options: Mapping[str, Any]
) -> None:
    """Serve in `workers` processes, which get the settings without the seed."""
    # Imported here: a server of one process does not need them.
    from mockalog.server.supervisor import Supervisor
    from mockalog.server.worker import start_worker

    with workers_folder() as folder:
        worker_settings = settings.model_copy(update={"workers_folder": folder, "seed": None})
        start = partial(start_worker, worker_settings, sockets, options)
        supervisor = Supervisor(start, settings.workers, sockets.values())
        threading.Thread(target=_announce_when_ready, args=(settings,), daemon=True).start()
        supervisor.run()


def _announce_when_ready(settings: Settings) -> None:
    while not is_answered(local_url(settings) + "/_mockalog/ready"):
        time.sleep(0.05)
    announce(settings)


def _options() -> dict[str, Any]:
    return {
        "loop": "uvloop" if sys.platform != "win32" else "asyncio",
        "http": Protocol,
        "ws": "none",
        "lifespan": "on",
        # Otherwise uvicorn reads WEB_CONCURRENCY, and fails if it is no number.
        "workers": 1,
        "backlog": BACKLOG,
        # The journal replaces the access log, and no vendor names its server.
        "access_log": False,
        "server_header": False,
        # `Call.base_url` reads the proxies' headers where a response needs them.
        "proxy_headers": False,
        "log_config": None,
    }
