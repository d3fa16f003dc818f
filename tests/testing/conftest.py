"""Fixtures of the tests of `mockalog.testing`."""

from collections.abc import Iterator

import pytest

from mockalog.testing import (
    Mockalog,
)


@pytest.fixture(autouse=True)
def _no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove CI variables: pytest's summary is longer with them."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def in_process() -> Iterator[Mockalog]:
    """An emulator without a socket."""
    with Mockalog(in_process=True) as mockalog:
        yield mockalog


@pytest.fixture(scope="module")
def served() -> Iterator[Mockalog]:
    """An emulator behind sockets."""
    with Mockalog() as mockalog:
        yield mockalog
