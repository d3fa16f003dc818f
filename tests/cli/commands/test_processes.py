"""`mockalog exec` and `mockalog env`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mockalog.cli import app
from mockalog.testing import Mockalog

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
def test_exec_sets_the_variables_and_returns_the_exit_code(
    flags: tuple[str, ...], tmp_path: Path
) -> None:
    """With --tls too; the certificate files are deleted at the end."""
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


def test_exec_has_a_shells_exit_codes(tmp_path: Path) -> None:
    """127: not found, 126: not executable, 2: the server cannot start."""
    plain = tmp_path / "plain"
    plain.write_text("")
    runner = CliRunner()

    assert runner.invoke(app, ["exec", "--", "no-such-command"]).exit_code == 127
    assert runner.invoke(app, ["exec", "--", str(plain)]).exit_code == 126
    seedless = runner.invoke(app, ["exec", "--seed", "none.yaml", "--", "true"])
    assert (seedless.exit_code, "none.yaml" in seedless.stderr) == (2, True)


class TestEnv:
    """`eval "$(mockalog env)"`."""

    def test_env_prints_the_variables_of_a_running_server(self) -> None:
        """Of all vendors or of one; as shell lines or as JSON."""
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

    def test_env_needs_no_running_local_server(self) -> None:
        """The addresses are those of the settings. With --url or --tls the server must run."""
        ports = {"MOCKALOG_PORT": "1", "MOCKALOG_BRAZE_PORT": "2"}
        runner = CliRunner()

        lines = runner.invoke(app, ["env"], env=ports).stdout

        assert "export BRAZE_API_URL=http://127.0.0.1:2\n" in lines
        assert "export SQUARED_API_URL=http://127.0.0.1:8001\n" in lines
        assert runner.invoke(app, ["env", "--tls"], env=ports).exit_code == 3
        assert runner.invoke(app, ["env", "--url", "http://127.0.0.1:1"]).exit_code == 3

    def test_env_writes_the_certificates_of_a_tls_server(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The files stay in the application's folder."""
        monkeypatch.setattr("typer.get_app_dir", lambda _: str(tmp_path / "app"))
        with Mockalog(tls=True) as mockalog:
            result = CliRunner().invoke(app, ["env", "--json", "--url", mockalog.url])

        found = json.loads(result.stdout)
        (named,) = (tmp_path / "app").glob("ca-*.pem")
        assert found["NODE_EXTRA_CA_CERTS"] == str(named)
        assert Path(found["CURL_CA_BUNDLE"]).read_text().count("BEGIN CERTIFICATE") > 10
