"""Turns: long work gives way to other calls."""

import asyncio

import httpx
import pytest

from mockalog.control.journal import turns
from mockalog.control.journal.turns import in_turns
from mockalog.control.routes import journal
from tests.emulation import HOST, Emulation


async def turns_beside(work: asyncio.Task[object]) -> int:
    """Return how often other code runs before the work ends."""
    count = 0
    while not work.done():
        await asyncio.sleep(0)
        count += 1
    return count


@pytest.mark.parametrize(("seconds", "count"), [(0.5, 10), (0.25, 5), (0.01, 0)])
def test_other_code_runs_after_each_turn(
    monkeypatch: pytest.MonkeyPatch, seconds: float, count: int
) -> None:
    """A turn ends with the item that reaches its end."""
    now = 0.0
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.5)
    monkeypatch.setattr("time.perf_counter", lambda: now)

    async def work() -> None:
        nonlocal now
        async for _ in in_turns(range(10)):
            now += seconds

    async def scene() -> int:
        # The task begins and ends in a turn of its own.
        return await turns_beside(asyncio.ensure_future(work())) - 1

    assert asyncio.run(scene()) == count


@pytest.mark.parametrize(
    "path",
    ["", "/har", "/wait", "/unmatched", "/count?path=/a*", "?vendor=braze", "?path=/catalogs*"],
)
@pytest.mark.parametrize("large", [0, 10**9], ids=["in a thread", "in the loop"])
def test_other_calls_run_while_the_journal_is_read(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch, path: str, large: int
) -> None:
    """For each exchange, if each takes a turn."""
    braze = emulation.client("/braze")
    for number in range(20):
        braze.get(f"/catalogs/{number}/nope/x", headers={"X-Api-Key": f"s3cret-{number}"})
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)
    monkeypatch.setattr(journal, "LARGE", large)

    async def scene() -> tuple[int, httpx.Response]:
        transport = httpx.ASGITransport(emulation._app)
        headers = {"Authorization": braze.headers["Authorization"]}
        async with httpx.AsyncClient(transport=transport, headers=headers) as client:
            reading = asyncio.create_task(client.get(f"{HOST}/_mockalog/requests{path}"))
            return await turns_beside(reading), await reading

    count, answer = emulation.run(scene)

    assert answer.status_code == 200
    assert count > 20
    assert "s3cret" not in answer.text
