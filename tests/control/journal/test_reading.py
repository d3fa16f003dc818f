"""Reading the journal gives way to other calls."""

import asyncio

import httpx
import pytest

from mockalog.control.routes import journal
from mockalog.kernel import turns
from tests.emulation import HOST, Emulation
from tests.kernel.test_turns import turns_beside


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
