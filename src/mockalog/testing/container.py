"""mockalog's Docker image from Python tests, in the manner of testcontainers.

Needs the package `testcontainers` (`pip install mockalog[testcontainers]`) and Docker.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from mockalog.testing.errors import MockalogError
from mockalog.testing.mockalog import Mockalog
from mockalog.testing.sandbox import Sandbox

# Inside the container: the main port and each vendor's own.
PORTS = {"mockalog": 8000, "squared": 8001, "braze": 8002, "attraqt": 8003}
IMAGE = "mockalog"

# Until the server says that it is ready, in seconds.
PATIENCE = 60


class MockalogContainer:
    """A container of its own: started and stopped, or as a context manager.

    `settings` are those of `mockalog serve` (`auth`, `database_url` …).
    """

    def __init__(self, image: str = IMAGE, **settings: Any) -> None:
        container = _testcontainers()(image)
        for name, value in settings.items():
            container.with_env(f"MOCKALOG_{name.upper()}", str(value))
        self._container = container.with_exposed_ports(*PORTS.values())
        self._admin_token: str | None = settings.get("admin_token")
        self._scheme = "https" if settings.get("tls") else "http"
