"""`reset`, `seed`, `settings`, `snapshot` and `state`."""

import json
from pathlib import Path
from typing import Any

from mockalog.testing import Mockalog
from tests.cli.conftest import Command
from tests.cli.factories import said

SHOP: dict[str, Any] = {"name": "shop", "fields": [{"name": "id", "type": "string"}]}


SEED = {"mockalog": 1, "braze": {"catalogs": [SHOP]}}


def test_settings_are_shown_and_changed(command: Command) -> None:
    """A value is JSON or a plain text."""
    assert said(command, "settings")["rate_limits"] == "vendor"

    changed = said(command, "settings", "rate_limits=off", "braze.async_delay=5")

    assert (changed["rate_limits"], changed["braze.async_delay"]) == ("off", 5)
    assert "rate_limits  off\n" in command("settings").stdout


def test_seed_snapshot_state_and_reset(command: Command, server: Mockalog, tmp_path: Path) -> None:
    """Data is seeded, saved, exported, reset, restored and imported."""
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


def test_an_invalid_seed_is_reported_with_file_line_and_field(
    command: Command, tmp_path: Path
) -> None:
    """A missing file is reported too."""
    seed = tmp_path / "seed.yaml"
    seed.write_text("mockalog: 1\nbraze:\n  catalogs:\n    - nam: shop\n")

    refused = command("seed", str(seed))

    assert refused.exit_code == 1
    assert f"{seed}, line " in refused.stderr
    assert "braze.catalogs[0]" in refused.stderr
    assert "No such file" in command("seed", str(tmp_path / "none.json")).stderr
