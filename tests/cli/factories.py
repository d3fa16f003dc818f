"""The JSON of commands."""

import json
from typing import Any

from tests.cli.conftest import Command


def said(command: Command, *arguments: str) -> Any:
    """Run a command that must succeed, and return its JSON."""
    result = command(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
