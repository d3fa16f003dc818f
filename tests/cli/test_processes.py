"""`exec`, `env` and `--tls`: programs that find the emulator by their variables."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from mockalog.cli import app, child
from mockalog.testing import Mockalog, Unreachable
from mockalog.testing.trust import context_of, fetch_certificate
from tests.test_cli import served

PROBE = """
import json, os, sys, urllib.request
names = ("BRAZE_REST_ENDPOINT", "BRAZE_API_KEY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
found = {name: os.environ.get(name) for name in names}
if found["NODE_EXTRA_CA_CERTS"]:
    found["ca"] = open(found["NODE_EXTRA_CA_CERTS"]).read().count("BEGIN CERTIFICATE")
request = urllib.request.Request(found["BRAZE_REST_ENDPOINT"] + "/catalogs")
request.add_header("Authorization", "Bearer " + found["BRAZE_API_KEY"])
found["answer"] = json.load(urllib.request.urlopen(request, timeout=10))
json.dump(found, open(sys.argv[1], "w"))
sys.exit(7)
"""


@pytest.mark.parametrize("flags", [(), ("--tls",)])
def test_a_program_under_exec_finds_the_server_and_gives_its_code(
    flags: tuple[str, ...], tmp_path: Path
) -> None:
    """Over https too, with nothing but the variables; the certificates are gone afterwards."""
    out = tmp_path / "out.json"

    result = CliRunner().invoke(app, ["exec", *flags, "--", sys.executable, "-c", PROBE, str(out)])

    found = json.loads(out.read_text())
    assert result.exit_code == 7
    assert found["answer"] == {"catalogs": [], "message": "success"}
    if flags:
        assert found["BRAZE_REST_ENDPOINT"].startswith("https://")
        assert found["ca"] == 1
        assert not Path(found["SSL_CERT_FILE"]).exists()
    else:
        assert found["SSL_CERT_FILE"] is None


def test_what_cannot_run_has_a_shells_code(tmp_path: Path) -> None:
    """127 not found, 126 not executable; a start that cannot be is 2."""
    plain = tmp_path / "plain"
    plain.write_text("")
    runner = CliRunner()

    assert runner.invoke(app, ["exec", "--", "no-such-command"]).exit_code == 127
    assert runner.invoke(app, ["exec", "--", str(plain)]).exit_code == 126
    seedless = runner.invoke(app, ["exec", "--seed", "none.yaml", "--", "true"])
    assert (seedless.exit_code, "none.yaml" in seedless.stderr) == (2, True)


@pytest.mark.parametrize(
    ("number", "at_terminal"), [("TERM", True), ("INT", False), ("HUP", True), ("QUIT", False)]
)
def test_signals_reach_the_program(
    number: str, at_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it dies of is told as a shell does."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: at_terminal, raising=False)
    script = f"sleep 0.1; kill -{number} $PPID; exec sleep 60"

    code = child.run(["sh", "-c", script], dict(os.environ))

    assert code == 128 + getattr(signal, f"SIG{number}")


def test_a_signal_that_comes_while_the_program_starts_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is handed on once there is somebody to take it."""

    class Slow(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("mockalog.cli.child.subprocess.Popen", Slow)

    assert child.run(["sleep", "60"], dict(os.environ)) == 128 + signal.SIGTERM


def test_ctrl_c_at_a_terminal_reaches_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal sends it to the program as well."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    assert child.run(["sh", "-c", "kill -INT $PPID; sleep 0.1; exit 3"], dict(os.environ)) == 3


class TestEnv:
    """`eval "$(mockalog env)"`."""

    def test_of_a_running_server(self) -> None:
        """All vendors', or one's; for programs as JSON."""
        with Mockalog(auth="open") as mockalog:
            address = ["--url", mockalog.url, "--token", "it's mine"]
            lines = CliRunner().invoke(app, ["env", *address]).stdout
            braze = CliRunner().invoke(app, ["env", "braze", "--json", *address]).stdout

        exported = ["sh", "-c", f'{lines}\necho "$SQUARED_API_TOKEN $ATTRAQT_API_URL"']
        said = subprocess.run(exported, capture_output=True, text=True, check=True).stdout
        assert said == f"it's mine {mockalog.urls['attraqt']}\n"
        found = json.loads(braze)
        assert found["BRAZE_REST_ENDPOINT"] == mockalog.urls["braze"]
        assert not [name for name in found if name.startswith(("SQUARED", "ATTRAQT"))]

    def test_of_a_local_server_that_is_to_come(self) -> None:
        """By the variables of `mockalog serve`; elsewhere, and with https, it must be there."""
        ports = {"MOCKALOG_PORT": "1", "MOCKALOG_BRAZE_PORT": "2"}
        runner = CliRunner()

        lines = runner.invoke(app, ["env", "braze"], env=ports).stdout

        assert "export BRAZE_API_URL=http://127.0.0.1:2\n" in lines
        assert runner.invoke(app, ["env", "--tls"], env=ports).exit_code == 3
        assert runner.invoke(app, ["env", "--url", "http://127.0.0.1:1"]).exit_code == 3

    def test_over_https(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The certificates are written where they can stay."""
        monkeypatch.setattr("typer.get_app_dir", lambda _: str(tmp_path / "app"))
        with Mockalog(tls=True) as mockalog:
            result = CliRunner().invoke(app, ["env", "--json", "--url", mockalog.url])

        found = json.loads(result.stdout)
        (named,) = (tmp_path / "app").glob("ca-*.pem")
        assert found["NODE_EXTRA_CA_CERTS"] == str(named)
        assert Path(found["CURL_CA_BUNDLE"]).read_text().count("BEGIN CERTIFICATE") > 10


class TestTls:
    """`--tls`: https on every address, with an authority made at the start."""

    def test_every_name_has_a_certificate_that_fits(self) -> None:
        """Addresses, `localhost`, and what the vendors are really called."""
        with Mockalog(tls=True) as mockalog:
            context = context_of(mockalog.url, mockalog.ca_certificate)
            port = mockalog.url.rpartition(":")[2]
            for name in (
                *("127.0.0.1", "localhost", "braze.localhost", "any.localhost"),
                *("items.attraqt.io", "api.squared.ai", "rest.iad-03.braze.com"),
            ):
                with socket_to(port) as plain, context.wrap_socket(plain, server_hostname=name):
                    pass
            with socket_to(port) as plain, pytest.raises(ssl.SSLCertVerificationError):
                context.wrap_socket(plain, server_hostname="example.com")

    def test_its_certificate_can_be_fetched_and_links_are_https(self) -> None:
        """Without a credential, admin token or not; plain servers have none."""
        with Mockalog(tls=True, admin_token="s3cret") as mockalog:
            assert fetch_certificate(mockalog.url) == mockalog.ca_certificate
            assert mockalog.control.call("GET", "/info")["vendors"][0]["url"].startswith("https")
            with Mockalog(mockalog.url, admin_token="s3cret") as attached:
                assert attached.braze.client.get("/catalogs").status_code == 200
                squared = attached.squared.client.get("/api/v1/connectors").json()
                assert squared["links"]["self"].startswith(f"{attached.squared.url}/")
        with Mockalog(in_process=True) as plain, httpx.Client(transport=plain.transport) as client:
            assert client.get(f"{plain.url}/_mockalog/ca.pem").status_code == 404
        with pytest.raises(Unreachable, match=r"nobody answers at https://127\.0\.0\.1:1"):
            fetch_certificate("https://127.0.0.1:1")

    @pytest.mark.parametrize("workers", ["1", "2"])
    def test_the_command_serves_it(self, workers: str, tmp_path: Path) -> None:
        """With several processes too; `health` does not mind the certificate."""
        url = f"sqlite:///{tmp_path}/a.db"
        flags = ("--tls", "--workers", workers, "--database-url", url, "--host", "0.0.0.0")
        with served(*flags) as (_, addresses):
            address = addresses["mockalog"]
            health = CliRunner().invoke(app, ["health", "--url", address])
            with Mockalog(address) as mockalog:
                status = mockalog.braze.client.get("/catalogs").status_code

        assert address.startswith("https://127.0.0.1:")
        assert (health.exit_code, status) == (0, 200)

    def test_behind_somebody_elses_certificate_the_public_authorities_are_trusted(self) -> None:
        """A server of ours that speaks http behind a proxy with a certificate of its own."""
        assert context_of("https://mock.example", None).get_ca_certs()


def socket_to(port: str) -> socket.socket:
    """Return a plain connection to a local port."""
    return socket.create_connection(("127.0.0.1", int(port)), timeout=5)
