"""The app's start: the database first, and a failure is told."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mockalog.app import create_app
from mockalog.kernel.database.interfaces import DatabaseConfigurationError
from mockalog.settings import Settings
from tests.emulation import emulate


def start(url: str) -> None:
    """Start an app on a database and stop it again."""
    with emulate(database_url=url):
        pass


def test_a_start_on_an_unusable_database_fails_and_says_why(tmp_path: Path) -> None:
    """The server that runs the app is told, and nothing is served."""
    with pytest.raises(DatabaseConfigurationError, match="unable to open database file"):
        start(f"sqlite:///{tmp_path}/none/a.db")


def test_the_server_hears_of_a_start_that_fails(tmp_path: Path) -> None:
    """By the ASGI lifespan protocol; the reason is raised as well."""
    settings: dict[str, Any] = {"database_url": f"sqlite:///{tmp_path}/none/a.db"}
    app, sent = create_app(Settings(**settings)), list[Any]()

    async def receive() -> dict[str, Any]:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(DatabaseConfigurationError):
        asyncio.run(app({"type": "lifespan"}, receive, send))

    [message] = sent
    assert message["type"] == "lifespan.startup.failed"
    assert "unable to open database file" in message["message"]


def test_a_file_is_migrated_at_the_start(tmp_path: Path) -> None:
    """Twice is no problem."""
    for _ in range(2):
        start(f"sqlite:///{tmp_path}/a.db")

    assert (tmp_path / "a.db").stat().st_size > 0


def test_a_seed_file_with_a_likely_typo_leaves_a_warning_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The server starts, since the permission may exist (amendment braze A1)."""
    file = tmp_path / "seed.yaml"
    credential = "{vendor: braze, token: t, permissions: [catalogs.list]}"
    file.write_text(f"mockalog: 1\ncredentials: [{credential}]")

    with emulate(seed=[str(file)]) as emulation:
        (listed,) = emulation.control().get("/credentials").json()["credentials"]

    assert listed["permissions"] == ["catalogs.list"]
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "braze permission 'catalogs.list'" in record.getMessage()
