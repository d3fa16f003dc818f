"""The commands that steer a running server."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mockalog import __version__
from mockalog.cli import app
from mockalog.cli.output import busy, show
from mockalog.testing import Mockalog
from tests.cli.conftest import Command

SHOP: dict[str, Any] = {"name": "shop", "fields": [{"name": "id", "type": "string"}]}
SEED = {"mockalog": 1, "braze": {"catalogs": [SHOP]}}


def said(command: Command, *arguments: str) -> Any:
    """Return what a command that must succeed says as JSON."""
    result = command(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_settings(command: Command) -> None:
    """Shown and changed; a value is JSON or a word."""
    assert said(command, "settings")["rate_limits"] == "vendor"

    changed = said(command, "settings", "rate_limits=off", "braze.async_delay=5")

    assert (changed["rate_limits"], changed["braze.async_delay"]) == ("off", 5)
    assert "rate_limits  off\n" in command("settings").stdout


def test_the_clock(command: Command) -> None:
    """Every move answers with the clock as it stands then."""
    frozen = said(command, "clock", "freeze", "2025-03-01T12:00:00")
    assert frozen["now"] == "2025-03-01T12:00:00Z"
    advanced = said(command, "clock", "advance", "60")
    assert (advanced["now"], advanced["jobs_run"]) == ("2025-03-01T12:01:00Z", 0)
    assert said(command, "clock", "settle")["jobs_run"] == 0
    assert said(command, "clock", "run", "2025-03-01T12:00:00")["mode"] == "real"
    assert said(command, "clock", "run")["mode"] == "real"
    assert said(command, "clock", "show")["mode"] == "real"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("clock", "freeze", "yesterday"), "'yesterday' is no instant"),
        (("clock", "run", "32.13.2025"), "'32.13.2025' is no instant"),
        (("reset", "bogus"), "not to 'bogus'"),
        (("reset", "--sandbox", "é"), "--sandbox is sent in a header"),
        (("reset", "--sandbox", ""), "--sandbox is sent in a header"),
        (("reset", "--admin-token", "a\nb"), "--admin-token is sent in a header"),
    ],
)
def test_what_cannot_be_sent_is_wrong_usage(
    command: Command, arguments: tuple[str, ...], text: str
) -> None:
    """One line and exit code 2; nobody was asked."""
    result = command(*arguments)

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert text in result.stderr


def test_a_token_that_cannot_be_sent_is_wrong_usage(command: Command) -> None:
    """Of `env` too."""
    assert command("reset", token="a\nb").exit_code == 2
    result = command("env", token="é")
    assert (result.exit_code, "--token is sent" in result.stderr) == (2, True)


def test_faults(command: Command) -> None:
    """Armed, listed, disarmed; what the vendor has not is refused."""
    armed = said(command, "fault", "add", "braze", "create_items", "--status", "429")
    assert [fault["id"] for fault in said(command, "fault", "list")] == [armed["id"]]
    assert "create_items" in command("fault", "list").stdout
    by_path = said(command, "fault", "add", "braze", "*", "--path", "/catalogs", "--drop")
    assert by_path["path"] == "/catalogs"
    assert said(command, "fault", "rm", str(armed["id"])) == {"status": "done"}
    assert [fault["id"] for fault in said(command, "fault", "list")] == [by_path["id"]]
    assert command("fault", "clear").exit_code == 0
    assert said(command, "fault", "list") == []

    refused = command("fault", "add", "braze", "creat_items", "--drop")

    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "create_items" in refused.stderr


def test_credentials(command: Command, server: Mockalog) -> None:
    """Registered, listed without the token, forgotten."""
    add = ("credentials", "add", "braze", "my-key", "--permission", "catalogs.get")
    added = said(command, *add, "--opens", "mine")
    assert (added["permissions"], added["sandbox"]) == (["catalogs.get"], "mine")
    listed = CliRunner().invoke(app, ["credentials", "list", "--url", server.url])
    assert "catalogs.get" in listed.stdout
    assert "my-key" not in listed.stdout
    remove = ["credentials", "rm", str(added["id"])]
    # It opens another sandbox than the command's.
    assert command(*remove).exit_code == 1
    assert CliRunner().invoke(app, [*remove, "--url", server.url]).exit_code == 0
    assert CliRunner().invoke(app, [*remove, "--url", server.url]).exit_code == 1


def test_seed_snapshot_state_and_reset(command: Command, server: Mockalog, tmp_path: Path) -> None:
    """What is there comes from a file, is kept, written down, lost and brought back."""
    sandbox = server.sandbox()

    def done(*arguments: str) -> int:
        result = command(*arguments, token=sandbox.token)
        assert (result.exit_code, result.stderr) == (0, ""), result.stderr
        return len(sandbox.braze.client.get("/catalogs").json()["catalogs"])

    seed, exported = tmp_path / "seed.json", tmp_path / "state.json"
    seed.write_text(json.dumps(SEED))
    assert done("seed", str(seed)) == 1
    assert done("snapshot", "save", "full") == 1
    assert command("snapshot", "list", token=sandbox.token).stdout.startswith("full")
    assert done("state", "export", str(exported)) == 1
    assert done("reset", "empty") == 0
    assert done("snapshot", "load", "full") == 1
    assert done("reset", "empty") == 0
    assert done("state", "import", str(exported)) == 1
    assert done("snapshot", "rm", "full") == 1
    assert sandbox.snapshots.list() == []
    for printed in (["state", "export"], ["state", "export", "-"]):
        shown = command(*printed, token=sandbox.token).stdout
        assert json.loads(shown) == json.loads(exported.read_text())


def test_a_seed_that_is_wrong_is_named_with_line_and_field(
    command: Command, tmp_path: Path
) -> None:
    """And so is one that cannot be read."""
    seed = tmp_path / "seed.yaml"
    seed.write_text("mockalog: 1\nbraze:\n  catalogs:\n    - nam: shop\n")

    refused = command("seed", str(seed))

    assert refused.exit_code == 1
    assert f"{seed}, line " in refused.stderr
    assert "braze.catalogs[0]" in refused.stderr
    assert "No such file" in command("seed", str(tmp_path / "none.json")).stderr


def test_the_journal(command: Command, server: Mockalog, tmp_path: Path) -> None:
    """For people a line each, for programs everything; also as HAR, and what went astray."""
    sandbox = server.sandbox()
    token = sandbox.token
    sandbox.braze.client.get("/catalogs")
    sandbox.braze.client.get("/catalogues")
    har = tmp_path / "a.har"

    lines = command("requests", "--limit", "1", "--operation", "list_catalogs", token=token)
    strayed = command("requests", "--unmatched", token=token)
    everything = command("requests", "--json", token=token)
    command("requests", "--har", str(har), token=token)
    printed = command("requests", "--har", "-", token=token)
    cleared = command("requests", "--clear", token=token)

    assert lines.stdout.split()[1:] == ["braze", "list_catalogs", "GET", "/catalogs", "200"]
    assert "list_catalogs" in strayed.stdout
    assert [one["response"]["status"] for one in json.loads(everything.stdout)] == [200, 404]
    assert len(json.loads(har.read_text())["log"]["entries"]) == 2
    assert len(json.loads(printed.stdout)["log"]["entries"]) == 2
    assert cleared.stdout == "cleared  2\n"


@contextmanager
def following(server: Mockalog, token: str, *flags: str) -> Iterator[subprocess.Popen[str]]:
    """Run `requests --follow` for the time of the block."""
    command = [sys.executable, "-m", "mockalog", "requests", "--follow", *flags]
    address = ("--url", server.url, "--token", token)
    pipe = subprocess.PIPE
    process = subprocess.Popen([*command, *address], stdout=pipe, stderr=pipe, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=20)


def next_line(process: subprocess.Popen[str]) -> str:
    """Return the next line once it comes."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_journal_is_followed_until_ctrl_c(server: Mockalog) -> None:
    """What is there, then what comes: for programs an object a line, filters as elsewhere."""
    sandbox = server.sandbox()
    for path in ("/catalogs", "/catalogs", "/catalogs/none/items"):
        sandbox.braze.client.get(path)
    flags = ("--operation", "list_catalogs", "--limit", "1", "--json")
    with following(server, sandbox.token, *flags) as process:
        shown = [json.loads(next_line(process))]
        for path in ("/catalogs/none/items", "/catalogs", "/catalogs"):
            sandbox.braze.client.get(path)
        shown += [json.loads(next_line(process)) for _ in range(2)]
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)

    kept = sandbox.requests.list(operation="list_catalogs")
    assert [one["id"] for one in shown] == [one["id"] for one in kept][1:]
    assert (process.returncode, rest, errors) == (0, "", "")


def test_what_goes_astray_is_followed_with_its_reason(server: Mockalog) -> None:
    """For people a line each; it ends in peace, too, when nobody reads on."""
    sandbox = server.sandbox()
    with following(server, sandbox.token, "--unmatched") as process:
        sandbox.braze.client.get("/catalogs")
        sandbox.braze.client.get("/catalogues")
        line = next_line(process)
        assert process.stdout is not None
        process.stdout.close()
        sandbox.braze.client.get("/catalogues")
        code = process.wait(timeout=20)
        assert process.stderr is not None
        errors = process.stderr.read()

    assert "GET  /catalogues  404  braze has no such path  list_catalogs" in line
    assert (code, errors) == (0, "")


@pytest.mark.parametrize("other", [("--clear",), ("--har", "a.har")])
def test_following_has_no_end_at_which_something_could_be_done(
    command: Command, other: tuple[str, ...]
) -> None:
    """Wrong usage."""
    result = command("requests", "--follow", *other)

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("filtered", [("--vendor", "braze"), ("--unmatched",)])
def test_clearing_is_for_the_whole_journal(command: Command, filtered: tuple[str, ...]) -> None:
    """Wrong usage, before anything is lost."""
    result = command("requests", "--clear", *filtered)

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["reset", "snapshot:none", "--sandbox", "mine"], 1),
        (["clock", "advance", "soon"], 2),
        (["seed", "missing.yaml"], 2),
        (["state", "import", "missing.json"], 2),
        (["state", "export", "no/such/folder.json"], 1),
        (["clock", "show", "--url", "http://127.0.0.1:1"], 3),
    ],
)
def test_exit_codes(command: Command, arguments: list[str], code: int) -> None:
    """1 refused, 2 wrong usage, 3 nobody there."""
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    given = CliRunner().invoke(app, arguments) if code == 3 else command(*arguments)

    assert given.exit_code == code
    assert given.stdout == ""


def test_the_version_is_told() -> None:
    """On a line of its own, with the program's name."""
    result = CliRunner().invoke(app, ["--version"])

    assert (result.exit_code, result.stdout) == (0, f"mockalog {__version__}\n")


def test_without_an_address_the_local_server_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the variables of `mockalog serve`."""
    monkeypatch.setenv("MOCKALOG_PORT", "1")

    result = CliRunner().invoke(app, ["clock", "show"])

    assert (result.exit_code, "http://127.0.0.1:1:" in result.stderr) == (3, True)


def test_an_admin_token_is_needed_where_the_server_has_one() -> None:
    """It comes from a flag or a variable."""
    with Mockalog(admin_token="s3cret") as mockalog:
        refused = CliRunner().invoke(app, ["clock", "show", "--url", mockalog.url])
        variables = {"MOCKALOG_ADMIN_TOKEN": "s3cret", "MOCKALOG_URL": mockalog.url}
        shown = CliRunner().invoke(app, ["clock", "show"], env=variables)

    assert (refused.exit_code, shown.exit_code) == (1, 0)


def test_on_a_terminal_a_bar_shows_that_something_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Elsewhere nothing is drawn."""
    with busy():
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with busy():
        pass
    assert "0:00:00" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("as_json", "lines"), [(True, '{"a": "é"}\n{"a": 2}\n'), (False, "é\n2\n")]
)
def test_what_comes_bit_by_bit_is_a_line_each(
    as_json: bool, lines: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until there is no more."""
    show(iter([{"a": "é"}, {"a": 2}]), as_json=as_json)

    assert capsys.readouterr().out == lines


def test_json_is_what_a_program_reads(command: Command) -> None:
    """The exported document itself, and a status where there is nothing to tell."""
    assert said(command, "reset") == {"status": "done"}
    document = said(command, "state", "export")
    assert document["mockalog"] == 1
    assert json.loads(command("state", "export").stdout) == document
