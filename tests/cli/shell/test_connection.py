"""The server and the sandbox of a command, and its exit codes."""

import pytest
from typer.testing import CliRunner

from mockalog import __version__
from mockalog.cli import app
from mockalog.testing import Mockalog
from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("clock", "freeze", "yesterday"), "'yesterday' is not an instant"),
        (("clock", "run", "32.13.2025"), "'32.13.2025' is not an instant"),
        (("reset", "bogus"), "not to 'bogus'"),
        (("reset", "--sandbox", "é"), "--sandbox is sent in a header"),
        (("reset", "--sandbox", ""), "--sandbox is sent in a header"),
        (("reset", "--admin-token", "a\nb"), "--admin-token is sent in a header"),
    ],
)
def test_invalid_values_are_wrong_usage(
    command: Command, arguments: tuple[str, ...], text: str
) -> None:
    """One line and exit code 2, without a call to the server."""
    result = command(*arguments)

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert text in result.stderr


def test_a_token_must_be_printable_ascii(command: Command) -> None:
    """For `env` too."""
    assert command("reset", token="a\nb").exit_code == 2
    result = command("env", token="é")
    assert (result.exit_code, "--token is sent" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["reset", "snapshot:none", "--sandbox", "mine"], 1),
        (["clock", "advance", "soon"], 2),
        (["seed", "missing.yaml"], 2),
        (["state", "import", "missing.json"], 2),
        (["state", "export", "no/such/folder.json"], 1),
        (["clock", "show", "--all", "--url", "http://127.0.0.1:1"], 3),
    ],
)
def test_exit_codes(command: Command, arguments: list[str], code: int) -> None:
    """1: refused, 2: wrong usage, 3: no server answers."""
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    given = CliRunner().invoke(app, arguments) if code == 3 else command(*arguments)

    assert given.exit_code == code
    assert given.stdout == ""


def test_the_version_is_printed() -> None:
    """With the name of the program."""
    result = CliRunner().invoke(app, ["--version"])

    assert (result.exit_code, result.stdout) == (0, f"mockalog {__version__}\n")


def test_the_local_server_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address comes from the variables of `mockalog serve`."""
    monkeypatch.setenv("MOCKALOG_PORT", "1")

    result = CliRunner().invoke(app, ["clock", "show", "--all"])

    assert (result.exit_code, "http://127.0.0.1:1:" in result.stderr) == (3, True)


def test_the_admin_token_comes_from_flag_or_variable() -> None:
    """Without it a server that has one refuses the command."""
    with Mockalog(admin_token="s3cret") as mockalog:
        refused = CliRunner().invoke(app, ["clock", "show", "--all", "--url", mockalog.url])
        variables = {"MOCKALOG_ADMIN_TOKEN": "s3cret", "MOCKALOG_URL": mockalog.url}
        shown = CliRunner().invoke(app, ["clock", "show", "--all"], env=variables)

    assert (refused.exit_code, shown.exit_code) == (1, 0)
