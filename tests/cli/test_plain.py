"""A plain `serve` is read without Typer, and means what Typer would take it for."""

import subprocess
import sys
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from mockalog.cli import app, serving
from mockalog.cli.plain import SWITCHES, VALUED, plain_flags
from mockalog.cli.start import start

PLAIN = [
    "",
    "--port 0",
    "--port=0 --host ::1",
    "--port 1 --port 2",
    "--seed a.yaml --seed b.json",
    "--database-url sqlite:////data/a.db --migrate --tls",
    "--migrate --no-migrate",
    "--squared-port 1 --braze-port 2 --attraqt-port 3 --workers 2 --auth strict",
    "--database-url=postgresql://u:p=w@h/db",
    "--auth=",
]

FOR_TYPER = [
    "--help",
    "-p 1",
    "--port",
    "--port -1",
    "--prot 1",
    "serve",
    "--tls=yes",
    "--port --tls",
    "-- --port",
]


@pytest.mark.parametrize("line", PLAIN)
def test_plain_flags_mean_what_typer_takes_them_for(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways start the same server."""
    started: list[dict[str, Any]] = []
    monkeypatch.setattr(serving, "start", lambda **flags: started.append(flags))

    CliRunner().invoke(app, ["serve", *line.split()])

    [flags] = started
    assert plain_flags(line.split()) == {k: v for k, v in flags.items() if v is not None}


@pytest.mark.parametrize("line", FOR_TYPER)
def test_all_else_is_for_typer(line: str) -> None:
    """It knows how to explain."""
    assert plain_flags(line.split()) is None


def test_every_flag_of_serve_is_known() -> None:
    """A new one joins both."""
    command: Any = get_command(app)
    flags = {
        flag.removeprefix("--")
        for parameter in command.commands["serve"].params
        for flag in (*parameter.opts, *parameter.secondary_opts)
    }

    assert flags - {"help"} == VALUED | set(SWITCHES)


def test_a_plain_start_imports_no_typer() -> None:
    """Its import takes a tenth of a start."""
    code = (
        "import sys; from mockalog import cli; sys.argv = ['mockalog', 'serve', '--port', 'x']\n"
        "try: cli.main()\n"
        "except SystemExit as end: print(end.code, 'typer' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "2 False\n"
    assert done.stderr.startswith("mockalog: port: ")


def test_nothing_else_is_to_be_had_of_the_package() -> None:
    """The application comes late, and is all that comes so."""
    from mockalog import cli

    with pytest.raises(AttributeError, match="apq"):
        _ = cli.apq


def test_ctrl_c_during_a_start_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell is told, and nothing else."""

    def interrupted(settings: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mockalog.server.serve.serve", interrupted)

    with pytest.raises(SystemExit) as end:
        start()

    assert end.value.code == 130
