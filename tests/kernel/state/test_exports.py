"""Exports of sandboxes that change meanwhile."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog.kernel.sandboxes import generations
from tests.emulation import Emulation


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the export finds out: whether a sandbox is still the one that it reads."""
    answers: list[bool] = []
    rest: Iterator[bool] = iter(answers)

    async def is_current(*_: Any) -> bool:
        return next(rest, True)

    monkeypatch.setattr(generations, "is_current", is_current)
    return answers


@pytest.mark.parametrize("found", [[False], [True, False]])
def test_a_sandbox_that_is_reset_meanwhile_is_read_again(
    control: httpx.Client, answers: list[bool], found: list[bool]
) -> None:
    """Before its rows or behind them."""
    control.put("/clock", json={"mode": "frozen", "now": "2025-03-01T00:00:00Z"})
    answers += found

    state = control.get("/state").json()

    assert state["clock"] == {"mode": "frozen", "now": "2025-03-01T00:00:00.000000Z"}


def test_a_sandbox_that_is_gone_meanwhile_is_left_out(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the whole server's state."""

    async def nothing(*_: Any) -> None:
        return None

    emulation.client("/braze").get("/catalogs")
    monkeypatch.setattr(generations, "read", nothing)

    assert emulation.control().get("/state").json() == {"mockalog": 1, "sandboxes": {}}
