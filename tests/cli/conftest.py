"""A real server for the commands, and the commands run in this process."""

from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from mockalog.cli import app
from mockalog.testing import Mockalog

Command = Callable[..., Result]


@pytest.fixture(scope="session")
def server() -> Iterator[Mockalog]:
    """A server for all commands."""
    with Mockalog(auth="open") as mockalog:
        yield mockalog


@pytest.fixture
def command(server: Mockalog) -> Command:
    """Return a function that runs a command on the test's own sandbox."""
    token = server.sandbox().token

    def run(*arguments: str, token: str = token) -> Result:
        address = ("--url", server.url, "--token", token)
        return CliRunner().invoke(app, [*arguments, *address])

    return run
