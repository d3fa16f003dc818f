"""The sandbox that a command acts on, or the whole server."""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner, Result

from mockalog.cli import app
from mockalog.testing import Mockalog

# The commands that act on no sandbox of a server.
OTHERS = {"env", "exec", "health", "migrate", "openapi", "serve"}


def run(server: Mockalog, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
    """Run a command on a server."""
    return CliRunner().invoke(app, [*arguments, "--url", server.url], env=env)


def commands() -> dict[tuple[str, ...], click.Command]:
    """Return every command of a sandbox by the words that call it."""
    root = typer.main.get_command(app)
    found: dict[tuple[str, ...], click.Command] = {}
    for name, command in getattr(root, "commands").items():  # noqa: B009 - Typer's own click
        for inner, one in getattr(command, "commands", {}).items():
            found[name, inner] = one
        if not hasattr(command, "commands") and name not in OTHERS:
            found[name,] = command
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_command_needs_a_sandbox_or_the_whole_server(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """Otherwise it makes no call: one line tells the ways, and the exit code is 2."""
    values = {"file": str(tmp_path / "a.json"), "seconds": "1", "fault_id": "1"}
    needed = [
        values.get(one.name or "", "1")
        for one in commands()[words].params
        if one.param_type_name == "argument" and one.required
    ]
    for variables in ({}, {"MOCKALOG_TOKEN": ""}):
        result = CliRunner().invoke(app, [*words, *needed], env=variables)

        assert (result.exit_code, result.stdout) == (2, ""), inspect.cleandoc(result.output)
        assert result.stderr.count("\n") == 1
        for way in ("MOCKALOG_TOKEN", "--token", "--sandbox", "--all"):
            assert way in result.stderr


def test_the_token_of_the_environment_selects_the_sandbox(server: Mockalog) -> None:
    """As after `eval "$(mockalog env)"`; stderr says so, and stdout is the result alone."""
    mine, other = server.sandbox(), server.sandbox()
    variables = {"MOCKALOG_TOKEN": mine.token}
    for sandbox in (mine, other):
        sandbox.clock.freeze("2025-03-01T12:00:00Z")

    result = run(server, "reset", "--json", env=variables)

    assert (result.exit_code, json.loads(result.stdout)) == (0, {"status": "done"})
    assert result.stderr == "mockalog: acting on the sandbox of MOCKALOG_TOKEN\n"
    assert (mine.clock.show()["mode"], other.clock.show()["mode"]) == ("real", "frozen")


def test_all_means_the_whole_server(server: Mockalog) -> None:
    """Also with a token in the environment; stderr says so."""
    variables = {"MOCKALOG_TOKEN": server.sandbox().token}

    result = run(server, "credentials", "list", "--all", "--json", env=variables)

    assert (result.exit_code, result.stderr) == (0, "mockalog: acting on the whole server\n")
    assert isinstance(json.loads(result.stdout), list)


@pytest.mark.parametrize("option", ["--token", "--sandbox"])
def test_an_option_goes_before_the_environment(server: Mockalog, option: str) -> None:
    """An option that spells the sandbox out needs no repetition."""
    meant, other = server.sandbox(), server.sandbox()
    meant.clock.freeze("2025-03-01T12:00:00Z")
    value = meant.token if option == "--token" else meant.name

    result = run(server, "clock", "show", option, value, env={"MOCKALOG_TOKEN": other.token})

    assert (result.exit_code, "frozen" in result.stdout, result.stderr) == (0, True, "")


@pytest.mark.parametrize("option", ["--token", "--sandbox"])
def test_all_excludes_a_sandbox(server: Mockalog, option: str) -> None:
    """It is wrong usage."""
    result = run(server, "reset", "--all", option, "t")

    assert (result.exit_code, result.stderr) == (
        2,
        "mockalog: --all goes neither with --sandbox nor with --token\n",
    )


def test_an_empty_token_is_wrong_usage(server: Mockalog) -> None:
    """`--token "$UNSET"` must not mean another sandbox, nor the whole server."""
    variables = {"MOCKALOG_TOKEN": server.sandbox().token}

    assert run(server, "reset", "--token", "", env=variables).exit_code == 2


def test_env_stays_in_the_sandbox_of_the_environment(server: Mockalog) -> None:
    """A second `env`, such as of another vendor, has the same token."""
    arguments = ("env", "braze", "--json")

    first, second = (
        json.loads(run(server, *arguments, env=variables).stdout)["MOCKALOG_TOKEN"]
        for variables in ({"MOCKALOG_TOKEN": "mine"}, {"MOCKALOG_TOKEN": ""})
    )

    assert first == "mine"
    assert len(second) == 32
