"""`mockalog openapi`: documents without a server."""

import json

import pytest
from openapi_spec_validator import validate
from typer.testing import CliRunner, Result

from mockalog.cli import app


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(app, ["openapi", *arguments])


@pytest.mark.parametrize(
    ("arguments", "servers"),
    [
        ((), ["http://127.0.0.1:8000/_mockalog"]),
        (("braze",), ["http://127.0.0.1:8000/braze", "http://127.0.0.1:8002"]),
    ],
)
def test_a_document_is_printed(arguments: tuple[str, ...], servers: list[str]) -> None:
    """The document is a vendor's or the control plane's, with the addresses of the settings."""
    done = run(*arguments)

    assert done.exit_code == 0
    document = json.loads(done.stdout)
    validate(document)
    assert [server["url"] for server in document["servers"]] == servers


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody",), "vendor 'nobody' does not exist; use one of: attraqt, braze, squared"),
        (("braze", "--dialect", "nope"), "Braze does not have the dialect 'nope': it has only one"),
        (("--dialect", "docs"), "--dialect goes with a vendor"),
    ],
)
def test_wrong_usage_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    """The line lists the known names."""
    done = run(*arguments)

    assert (done.exit_code, done.stderr) == (2, f"mockalog: {said}\n")
