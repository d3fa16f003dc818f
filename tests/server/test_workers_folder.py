"""The folders in which workers meet."""

import tempfile
from pathlib import Path

import pytest

from mockalog.server.workers_folder import remove_dead_folders, workers_folder


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_folder_is_for_its_user_and_ends_with_the_server() -> None:
    """It exists for the time of the block."""
    with workers_folder() as folder:
        assert Path(folder).stat().st_mode & 0o777 == 0o700

    assert not Path(folder).exists()


def test_a_start_removes_the_folders_of_dead_servers(tmp_path: Path) -> None:
    """Those of living ones and those of other programs stay."""
    dead = tmp_path / "mockalog-dead"
    dead.mkdir()
    (dead / "lock").touch()
    (dead / "1.sock").touch()
    other = tmp_path / "mockalog-other"
    other.mkdir()
    with workers_folder() as alive:
        remove_dead_folders()

        assert (dead.exists(), other.exists(), Path(alive).exists()) == (False, True, True)
