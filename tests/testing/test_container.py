"""The Docker image from Python tests. Docker itself is stood in for: a server of this process."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockalog.testing import Mockalog, MockalogContainer, MockalogError, Unreachable
from mockalog.testing.container import PORTS


class FakeContainer:
    """What is used of `testcontainers`' class; its "container" listens on ports of its own."""

    started: list["FakeContainer"] = []  # noqa: RUF012 - emptied by the fixture

    def __init__(self, image: str) -> None:
        self.image = image
        self.environment: dict[str, str] = {}
        self.exposed: tuple[int, ...] = ()
        self.server: Mockalog | None = None

    def with_exposed_ports(self, *ports: int) -> "FakeContainer":
        """Name what Docker maps."""
        self.exposed = ports
        return self

    def with_env(self, name: str, value: str) -> None:
        """Set a variable."""
        self.environment[name] = value

    def start(self) -> None:
        """Begin to answer."""
        given: dict[str, Any] = {
            name.removeprefix("MOCKALOG_").lower(): v for name, v in self.environment.items()
        }
        self.server = Mockalog(host="127.0.0.1", **given).start()
        self.started.append(self)

    def stop(self) -> None:
        """End."""
        assert self.server is not None
        self.server.stop()
        self.started.remove(self)

    def get_container_host_ip(self) -> str:
        """Return where ports are mapped to."""
        return "127.0.0.1"

    def get_exposed_port(self, port: int) -> str:
        """Return what a port was mapped to."""
        assert self.server is not None
        name = next(name for name, inside in PORTS.items() if inside == port)
        return self.server.urls[name].rpartition(":")[2]


@pytest.fixture(autouse=True)
def _no_docker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("testcontainers.core.container.DockerContainer", FakeContainer)
    yield
    assert FakeContainer.started == []


@pytest.mark.parametrize("settings", [{}, {"auth": "strict", "admin_token": "s3cret"}])
def test_its_handles_reach_the_ports_that_docker_gave(settings: dict[str, Any]) -> None:
    """The settings are its environment; everything else is as with any emulator."""
    with MockalogContainer("mockalog:test", **settings) as mockalog:
        [container] = FakeContainer.started
        assert container.image == "mockalog:test"
        assert container.exposed == (8000, 8001, 8002, 8003)
        assert container.environment == {f"MOCKALOG_{k.upper()}": v for k, v in settings.items()}
        assert container.server is not None
        assert mockalog.urls == container.server.urls
        assert mockalog.sandbox().braze.client.get("/catalogs").status_code == 200


def test_a_fork_leaves_it_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not the fork's to stop."""
    with MockalogContainer() as mockalog:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr("os.getpid", lambda: 0)
            mockalog.stop()

        assert len(FakeContainer.started) == 1


def test_one_that_does_not_become_ready_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After as long as it is given."""
    monkeypatch.setattr("mockalog.testing.container.answers", lambda _: False)
    monkeypatch.setattr("mockalog.testing.container.PAUSE", 0)

    with pytest.raises(Unreachable, match=r"not ready within 0\.01 seconds"):
        MockalogContainer(patience=0.01).start()


@pytest.mark.parametrize("failure", [KeyboardInterrupt, TimeoutError])
@pytest.mark.parametrize("is_there", [True, False])
def test_one_whose_start_ends_halfway_is_stopped(
    monkeypatch: pytest.MonkeyPatch, failure: type[BaseException], is_there: bool
) -> None:
    """By Ctrl-C while Docker still works on it, or because there is no Docker to stop it."""
    begin = FakeContainer.start

    def start(container: FakeContainer) -> None:
        if is_there:
            begin(container)
        raise failure

    monkeypatch.setattr(FakeContainer, "start", start)

    with pytest.raises(failure):
        MockalogContainer().start()


@pytest.mark.parametrize("step", ["_look_around", "start"])
def test_one_that_nobody_can_attach_to_is_stopped(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """It is ready, but says nothing that can be used."""

    def fail(*_: object) -> None:
        raise MockalogError("no")

    monkeypatch.setattr(f"mockalog.testing.attached.Attached.{step}", fail)

    with pytest.raises(MockalogError, match="no"):
        MockalogContainer().start()


def test_one_whose_first_sandbox_is_refused_is_stopped() -> None:
    """A strict server wants an admin token that was set elsewhere."""
    container = MockalogContainer(auth="strict", admin_token="s3cret")
    container._admin_token = "another"

    with pytest.raises(MockalogError, match="X-Mockalog-Admin"):
        container.start()
