"""mockalog's Docker image from Python tests, in the manner of testcontainers.

Needs Docker and `pip install mockalog[testcontainers]`.
"""

import time
from contextlib import suppress
from typing import Any, Self

from mockalog.addresses import answers
from mockalog.testing.attached import Attached
from mockalog.testing.errors import Unreachable
from mockalog.testing.mockalog import Mockalog

# Inside the container: the main port and each vendor's own.
PORTS = {"mockalog": 8000, "squared": 8001, "braze": 8002, "attraqt": 8003}

# Seconds until a container that is not ready is given up, and between two looks.
PATIENCE = 60.0
PAUSE = 0.1


class MockalogContainer(Mockalog):
    """The emulator in a container of its own, on whatever ports Docker gives it.

    `settings` are those of `mockalog serve`: `auth`, `database_url`, `tls` …
    """

    def __init__(
        self,
        image: str = "mockalog",
        *,
        patience: float = PATIENCE,
        admin_token: str | None = None,
        **settings: Any,
    ) -> None:
        from testcontainers.core.container import DockerContainer

        super().__init__("", admin_token=admin_token)
        given = {**settings, **({"admin_token": admin_token} if admin_token else {})}
        self._patience = patience
        self._scheme = "https" if settings.get("tls") else "http"
        self._container = DockerContainer(image).with_exposed_ports(*PORTS.values())
        for name, value in given.items():
            self._container.with_env(f"MOCKALOG_{name.upper()}", str(value))

    def start(self) -> Self:
        """Start the container and attach to it; what does not come to that leaves none behind."""
        try:
            self._container.start()
            return super().start()
        except BaseException:
            with suppress(Exception):  # nor does what hinders the end hide why it came to it
                self.stop()
            raise

    def stop(self) -> None:
        """Stop the container and remove it."""
        super().stop()
        if self._is_ours():
            self._container.stop()

    def _new_host(self) -> Attached:
        host = self._container.get_container_host_ip()
        urls = {
            name: f"{self._scheme}://{host}:{self._container.get_exposed_port(port)}"
            for name, port in PORTS.items()
        }
        self._await_ready(urls["mockalog"])
        return Attached(urls["mockalog"], self._admin, urls)

    def _await_ready(self, url: str) -> None:
        deadline = time.monotonic() + self._patience
        while not answers(f"{url}/_mockalog/ready"):
            if time.monotonic() > deadline:
                raise Unreachable(f"the container was not ready within {self._patience:g} seconds")
            time.sleep(PAUSE)
