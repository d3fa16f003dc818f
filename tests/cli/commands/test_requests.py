"""`mockalog requests`."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockalog.testing import Mockalog
from tests.cli.conftest import Command


def test_requests_prints_the_journal(command: Command, server: Mockalog, tmp_path: Path) -> None:
    """As lines, as JSON and as HAR; unmatched requests have their reason."""
    sandbox = server.sandbox()
    token = sandbox.token
    sandbox.braze.client.get("/catalogs")
    sandbox.braze.client.get("/catalogues")
    har = tmp_path / "a.har"

    lines = command("requests", "--limit", "1", "--operation", "list_catalogs", token=token)
    unmatched = command("requests", "--unmatched", token=token)
    everything = command("requests", "--json", token=token)
    command("requests", "--har", str(har), token=token)
    printed = command("requests", "--har", "-", token=token)
    cleared = command("requests", "--clear", token=token)

    assert lines.stdout.split()[1:] == ["braze", "list_catalogs", "GET", "/catalogs", "200"]
    assert "list_catalogs" in unmatched.stdout
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
    """Wait for the next line and return it."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_follow_prints_present_and_new_requests_until_ctrl_c(server: Mockalog) -> None:
    """With --json each request is an object on one line; filters apply."""
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


def test_follow_prints_unmatched_requests_with_their_reason(server: Mockalog) -> None:
    """A closed pipe ends the command without an error."""
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

    assert "GET  /catalogues  404  braze does not have this path  list_catalogs" in line
    assert (code, errors) == (0, "")


@pytest.mark.parametrize("other", [("--clear",), ("--har", "a.har")])
def test_follow_excludes_clear_and_har(command: Command, other: tuple[str, ...]) -> None:
    """It is wrong usage."""
    result = command("requests", "--follow", *other)

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("filtered", [("--vendor", "braze"), ("--unmatched",)])
def test_clear_excludes_filters(command: Command, filtered: tuple[str, ...]) -> None:
    """It is wrong usage, and nothing is deleted."""
    result = command("requests", "--clear", *filtered)

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
