"""The flags of `mockalog serve`."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from mockalog.cli import app
from mockalog.cli.commands import server
from mockalog.cli.serve_flags import parse_serve_flags
from mockalog.cli.shell.start import start
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.settings import FLAGS, SETTABLE
from mockalog.vendors import VENDORS

README = Path(__file__).parents[2] / "README.md"

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
def test_both_parsers_give_the_same_settings(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With Typer and without."""
    started: list[dict[str, Any]] = []
    monkeypatch.setattr(server, "start", lambda **flags: started.append(flags))

    CliRunner().invoke(app, ["serve", *line.split()])

    [flags] = started
    assert parse_serve_flags(line.split()) == {k: v for k, v in flags.items() if v is not None}


@pytest.mark.parametrize("line", FOR_TYPER)
def test_typer_parses_help_and_mistakes(line: str) -> None:
    """It can explain them."""
    assert parse_serve_flags(line.split()) is None


def test_the_flags_of_serve_are_those_of_the_settings() -> None:
    """Typer and the parser without Typer know the same flags."""
    command: Any = get_command(app)
    options = {
        flag
        for parameter in command.commands["serve"].params
        for flag in (*parameter.opts, *parameter.secondary_opts)
    }

    assert options - {"--help"} == {f"--{name}" for flag in FLAGS.values() for name in flag.names}


def test_the_readme_lists_every_setting() -> None:
    """Each flag is in its table with the default, each other setting by its variable."""
    section = README.read_text(encoding="utf-8").partition("## Running it")[2]
    listed = set(
        re.findall(r"`?(--[a-z-]+)", "\n".join(re.findall(r"^\| `--.*?\|", section, re.M)))
    )
    variables = set(re.findall(r"`MOCKALOG_([A-Z_]+)`", section))

    where = "compare the table under Running it in README.md"
    assert listed == {f"--{name}" for flag in FLAGS.values() for name in flag.names}, where
    assert {name.lower() for name in variables} == SETTABLE - set(FLAGS), where


def test_the_readme_lists_every_setting_of_a_sandbox() -> None:
    """Each is in the table under Settings with its default."""
    section = README.read_text(encoding="utf-8").partition("\n## Settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z_.]+)` \|.*\| `?(\w+)`? \|$", section, re.MULTILINE)
    registry = SettingRegistry({vendor.name: vendor.settings for vendor in VENDORS})
    defaults = registry.values(Sandbox(1, "s"))

    assert dict(rows) == {
        name: "none" if default is None else str(default).lower()
        for name, default in defaults.items()
    }, "compare the table under Settings in README.md"


def test_a_plain_start_imports_no_typer() -> None:
    """The import takes a tenth of a start."""
    code = (
        "import sys; from mockalog import cli; sys.argv = ['mockalog', 'serve', '--port', 'x']\n"
        "try: cli.main()\n"
        "except SystemExit as end: print(end.code, 'typer' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "2 False\n"
    assert done.stderr.startswith("mockalog: port: ")


def test_the_package_has_no_other_lazy_names() -> None:
    """Only `app` is imported on first use."""
    from mockalog import cli

    with pytest.raises(AttributeError, match="apq"):
        _ = cli.apq


def test_ctrl_c_during_a_start_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code is that of an interrupt."""

    def interrupted(settings: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mockalog.server.serve.serve", interrupted)

    with pytest.raises(SystemExit) as end:
        start()

    assert end.value.code == 130
