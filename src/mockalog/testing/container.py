"""mockalog's Docker image from Python tests, based on testcontainers.

It needs Docker and `pip install mockalog[testcontainers]`.
"""

import time
from contextlib import suppress
from typing import Any, Self

from mockalog.addresses import is_answered
from mockalog.testing.controls.errors import UnreachableError
from mockalog.testing.emulators.remote import Remote
from mockalog.testing.mockalog import Mockalog

# Inside the container: the main port and each vendor's own port.
PORTS = {"mockalog": 8000, "squared": 8001, "braze": 8002, "attraqt": 8003}

# Seconds until a container must be ready.
TIMEOUT = 60.0

# Seconds between two checks.
PAUSE = 0.1


class MockalogContainer(Mockalog):
    """The emulator in a container of its own, on free ports that Docker chooses.

    `settings` are those of `mockalog serve`: `auth`, `database_url`, `tls` … `patience` is the
    number of seconds until the container must be ready.
    """

    def __init__(
        self,
        image: str = "mockalog",
        *,
        patience: float = TIMEOUT,
        admin_token: str | None = None,
        **settings: Any,
    ) -> None:
        from testcontainers.core.container import DockerContainer

        super().__init__("", admin_token=admin_token)
        given = {**settings, **({"admin_token": admin_token} if admin_token else {})}
        self._timeout = patience
        self._scheme = "https" if settings.get("tls") else "http"
        self._container = DockerContainer(image).with_exposed_ports(*PORTS.values())
        for name, value in given.items():
            self._container.with_env(f"MOCKALOG_{name.upper()}", str(value))

    def start(self) -> Self:
        """Start the container and connect to it; a failed start removes the container."""
        try:
            self._container.start()
            return super().start()
        except BaseException:
            with suppress(Exception):  # an error of the stop must not hide the first error
                self.stop()
            raise

    def stop(self) -> None:
        """Stop the container and remove it."""
        super().stop()
        if self._is_own_process():
            self._container.stop()

    def _new_emulator(self) -> Remote:
        host = self._container.get_container_host_ip()
        urls = {
            name: f"{self._scheme}://{host}:{self._container.get_exposed_port(port)}"
            for name, port in PORTS.items()
        }
        self._await_ready(urls["mockalog"])
        return Remote(urls["mockalog"], self._admin_headers, urls)

    def _await_ready(self, url: str) -> None:
        deadline = time.monotonic() + self._timeout
        while not is_answered(f"{url}/_mockalog/ready"):
            if time.monotonic() > deadline:
                raise UnreachableError(
                    f"the container was not ready within {self._timeout:g} seconds"
                )
            time.sleep(PAUSE)
