"""`mockalog credentials …`."""

from typer.testing import CliRunner

from mockalog.cli import app
from mockalog.testing import Mockalog
from tests.cli.conftest import Command
from tests.cli.factories import said


def test_credentials_are_added_listed_and_removed(command: Command, server: Mockalog) -> None:
    """The list does not show the token."""
    add = ("credentials", "add", "braze", "my-key", "--permission", "catalogs.get")
    added = said(command, *add, "--opens", "mine")
    assert (added["permissions"], added["sandbox"]) == (["catalogs.get"], "mine")
    server_wide = ["--all", "--url", server.url]
    listed = CliRunner().invoke(app, ["credentials", "list", *server_wide])
    assert "catalogs.get" in listed.stdout
    assert "my-key" not in listed.stdout
    remove = ["credentials", "rm", str(added["id"])]
    # It opens another sandbox than the command's.
    assert command(*remove).exit_code == 1
    assert CliRunner().invoke(app, [*remove, *server_wide]).exit_code == 0
    assert CliRunner().invoke(app, [*remove, *server_wide]).exit_code == 1
