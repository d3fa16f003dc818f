"""Served emulators for the published clients."""

from collections.abc import Iterator

import pytest

from mockalog.testing import Mockalog, Sandbox


@pytest.fixture(scope="session")
def served_emulator() -> Iterator[Mockalog]:
    """An emulator that listens on ports of this machine."""
    with Mockalog() as mockalog:
        yield mockalog


@pytest.fixture
def served(served_emulator: Mockalog) -> Sandbox:
    """A new sandbox of it."""
    return served_emulator.sandbox()
