"""The Docker image from Python tests. Docker itself is stood in for: a server of this process."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockalog.testing import Mockalog, MockalogContainer, MockalogError, UnreachableError
from mockalog.testing.container import PORTS


class FakeContainer:
    """The used part of testcontainers' class; its "container" is a local server."""

    started: list["FakeContainer"] = []  # noqa: RUF012 - emptied by the fixture

    def __init__(self, image: str) -> None:
        self.image = image
        self.environment: dict[str, str] = {}
        self.exposed: tuple[int, ...] = ()
        self.server: Mockalog | None = None

    def with_exposed_ports(self, *ports: int) -> "FakeContainer":
        """Set the ports that Docker maps."""
        self.exposed = ports
        return self

    def with_env(self, name: str, value: str) -> None:
        """Set a variable."""
        self.environment[name] = value

    def start(self) -> None:
        """Start the local server."""
        given: dict[str, Any] = {
            name.removeprefix("MOCKALOG_").lower(): v for name, v in self.environment.items()
        }
        self.server = Mockalog(host="127.0.0.1", **given).start()
        self.started.append(self)

    def stop(self) -> None:
        """Stop the local server."""
        assert self.server is not None
        self.server.stop()
        self.started.remove(self)

    def get_container_host_ip(self) -> str:
        """Return the host of the mapped ports."""
        return "127.0.0.1"

    def get_exposed_port(self, port: int) -> str:
        """Return the mapped port."""
        assert self.server is not None
        name = next(name for name, inside in PORTS.items() if inside == port)
        return self.server.urls[name].rpartition(":")[2]


@pytest.fixture(autouse=True)
def _no_docker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("testcontainers.core.container.DockerContainer", FakeContainer)
    yield
    assert FakeContainer.started == []


@pytest.mark.parametrize("settings", [{}, {"auth": "strict", "admin_token": "s3cret"}])
def test_the_handles_use_dockers_ports(settings: dict[str, Any]) -> None:
    """The settings become environment variables of the container."""
    with MockalogContainer("mockalog:test", **settings) as mockalog:
        [container] = FakeContainer.started
        assert container.image == "mockalog:test"
        assert container.exposed == (8000, 8001, 8002, 8003)
        assert container.environment == {f"MOCKALOG_{k.upper()}": v for k, v in settings.items()}
        assert container.server is not None
        assert mockalog.urls == container.server.urls
        assert mockalog.sandbox().braze.client.get("/catalogs").status_code == 200


def test_a_fork_does_not_stop_the_container(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the starting process stops it."""
    with MockalogContainer() as mockalog:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr("os.getpid", lambda: 0)
            mockalog.stop()

        assert len(FakeContainer.started) == 1


def test_a_container_that_is_never_ready_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its timeout."""
    monkeypatch.setattr("mockalog.testing.container.is_answered", lambda _: False)
    monkeypatch.setattr("mockalog.testing.container.PAUSE", 0)

    with pytest.raises(UnreachableError, match=r"not ready within 0\.01 seconds"):
        MockalogContainer(patience=0.01).start()


@pytest.mark.parametrize("failure", [KeyboardInterrupt, TimeoutError])
@pytest.mark.parametrize("is_there", [True, False])
def test_an_interrupted_start_stops_the_container(
    monkeypatch: pytest.MonkeyPatch, failure: type[BaseException], is_there: bool
) -> None:
    """After Ctrl-C during the start, or without Docker."""
    begin = FakeContainer.start

    def start(container: FakeContainer) -> None:
        if is_there:
            begin(container)
        raise failure

    monkeypatch.setattr(FakeContainer, "start", start)

    with pytest.raises(failure):
        MockalogContainer().start()


@pytest.mark.parametrize("step", ["_read_info", "start"])
def test_a_container_without_valid_answers_is_stopped(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """It is ready, and its information cannot be read."""

    def fail(*_: object) -> None:
        raise MockalogError("no")

    monkeypatch.setattr(f"mockalog.testing.emulators.remote.Remote.{step}", fail)

    with pytest.raises(MockalogError, match="no"):
        MockalogContainer().start()


def test_a_container_that_refuses_the_first_sandbox_is_stopped() -> None:
    """A strict server needs an admin token that this process does not have."""
    container = MockalogContainer(auth="strict", admin_token="s3cret")
    container._admin_token = "another"

    with pytest.raises(MockalogError, match="X-Mockalog-Admin"):
        container.start()
