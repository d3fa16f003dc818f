"""The app's start: the database first, and a failure is told."""

from pathlib import Path

import pytest

from mockalog.kernel.database import DatabaseProblem
from tests.emulation import emulate


def start(url: str) -> None:
    """Start an app on a database and stop it again."""
    with emulate(database_url=url):
        pass


def test_a_start_on_an_unusable_database_fails_and_says_why(tmp_path: Path) -> None:
    """The server that runs the app is told, and nothing is served."""
    with pytest.raises(DatabaseProblem, match="unable to open database file"):
        start(f"sqlite:///{tmp_path}/none/a.db")


def test_a_file_is_migrated_at_the_start(tmp_path: Path) -> None:
    """Twice is no problem."""
    for _ in range(2):
        start(f"sqlite:///{tmp_path}/a.db")

    assert (tmp_path / "a.db").stat().st_size > 0
