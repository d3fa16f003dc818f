"""Tests of the folders of published clients; no registry is asked."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.clients import installation
from tests.clients.installation import Npm, UnavailableError, installed

PACKAGES = Npm({"jose": "1.0.0"})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all clients, which is not there yet."""
    monkeypatch.setattr(installation, "FOLDER", tmp_path / "clients")
    monkeypatch.setattr(installation, "_failures", {})
    return tmp_path / "clients"


def record_installs(monkeypatch: pytest.MonkeyPatch, failure: str | None = None) -> list[Path]:
    """Install nothing; return the list of the folders that were to be filled."""
    folders: list[Path] = []

    def install(packages: Npm, into: Path) -> None:
        folders.append(into)
        if failure is not None:
            raise UnavailableError(failure)

    monkeypatch.setattr(Npm, "install", install)
    return folders


def test_a_client_is_installed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version replaces it, with all that its folder had."""
    folders = record_installs(monkeypatch)

    assert installed("jose", PACKAGES) == folder / "jose"
    (folder / "jose" / "old").touch()
    installed("jose", PACKAGES)
    assert folders == [folder / "jose"]
    installed("jose", Npm({"jose": "2.0.0"}))
    assert len(folders) == 2
    assert not (folder / "jose" / "old").exists()


def test_a_failed_installation_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that hangs would cost minutes in each test."""
    folders = record_installs(monkeypatch, "npm is not installed")

    for _ in range(3):
        with pytest.raises(UnavailableError, match="npm is not installed"):
            installed("jose", PACKAGES)
    assert len(folders) == 1


def test_a_folder_is_filled_by_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others wait, and find the client installed."""
    folders, start = record_installs(monkeypatch), Barrier(4)

    def install(_: int) -> Path:
        start.wait()
        return installed("jose", PACKAGES)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(install, range(4)))) == 1
    assert len(folders) == 1
