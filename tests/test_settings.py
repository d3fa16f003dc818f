"""The server's settings from variables."""

import pytest
from typer.testing import CliRunner

from mockalog.cli import app
from mockalog.settings import SettingsError, load_settings
from mockalog.testing import Mockalog

# The variables that a pod gets for Services named `mockalog` and `mockalog-braze`, the second with
# IPv6 and two protocols; and a container for a link with the alias `mockalog`.
OF_KUBERNETES = {
    "MOCKALOG_SERVICE_HOST": "10.0.0.1",
    "MOCKALOG_SERVICE_PORT": "8000",
    "MOCKALOG_SERVICE_PORT_HTTP": "8000",
    "MOCKALOG_PORT": "tcp://10.0.0.1:8000",
    "MOCKALOG_PORT_8000_TCP": "tcp://10.0.0.1:8000",
    "MOCKALOG_PORT_8000_TCP_PROTO": "tcp",
    "MOCKALOG_PORT_8000_TCP_PORT": "8000",
    "MOCKALOG_PORT_8000_TCP_ADDR": "10.0.0.1",
    "MOCKALOG_BRAZE_SERVICE_HOST": "fd00::1",
    "MOCKALOG_BRAZE_SERVICE_PORT": "53",
    "MOCKALOG_BRAZE_PORT": "udp://[fd00::1]:53",
    "MOCKALOG_BRAZE_PORT_53_UDP": "udp://[fd00::1]:53",
    "MOCKALOG_ATTRAQT_PORT": "sctp://10.0.0.2:9",
    "MOCKALOG_SQUARED_PORT": "tcp://10.0.0.3:8001",
}
OF_DOCKER = {
    "MOCKALOG_NAME": "/web/mockalog",
    "MOCKALOG_PORT": "tcp://172.17.0.5:8000",
    "MOCKALOG_PORT_8000_TCP": "tcp://172.17.0.5:8000",
    "MOCKALOG_PORT_8000_TCP_ADDR": "172.17.0.5",
    "MOCKALOG_ENV_MOCKALOG_PORT": "9000",
    "MOCKALOG_ENV_PATH": "/usr/bin",
}


@pytest.fixture(params=[OF_KUBERNETES, OF_DOCKER], ids=["kubernetes", "docker"])
def _links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in request.param.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_links")
class TestServiceLinks:
    """The variables of a service whose name is that of a setting."""

    def test_they_set_nothing(self) -> None:
        """The ports are the usual ones."""
        settings = load_settings()

        assert (settings.port, settings.host) == (8000, "127.0.0.1")
        assert settings.vendor_ports() == {"squared": 8001, "braze": 8002, "attraqt": 8003}

    def test_flags_still_win(self) -> None:
        """As over every variable."""
        assert load_settings(port="9000").port == 9000

    def test_clients_look_at_the_usual_port(self) -> None:
        """`health` fails as it does without a server, not as a wrong setting."""
        done = CliRunner().invoke(app, ["health"])

        assert (done.exit_code, done.stderr) == (
            1,
            "mockalog: no ready server at http://127.0.0.1:8000\n",
        )

    def test_an_emulator_in_a_test_starts(self) -> None:
        """As in a pod that runs tests."""
        with Mockalog(in_process=True) as mockalog:
            assert mockalog.braze.client.get("/catalogs").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "tcp"),
        ("PORT", "tcp://"),
        ("PORT", "http://10.0.0.1:8000"),
        ("BRAZE_PORT", "10.0.0.1:8000"),
        ("BRAZE_PORT", "70000"),
        ("WORKERS", "tcp://10.0.0.1:8000"),
    ],
)
def test_a_wrong_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Only the link to a service is no setting."""
    monkeypatch.setenv(f"MOCKALOG_{name}", value)

    with pytest.raises(SettingsError, match=rf"^{name.lower()}: "):
        load_settings()


def test_a_flag_takes_no_link() -> None:
    """A person gave it."""
    with pytest.raises(SettingsError, match=r"^port: "):
        load_settings(port="tcp://10.0.0.1:8000")
