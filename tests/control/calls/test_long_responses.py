"""Long responses: complete JSON in pieces."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from mockalog.control.calls import long_responses
from mockalog.control.calls.long_responses import LongResponse, long_list
from tests.emulation import Emulation


def listed(count: int) -> LongResponse:
    """Return a response with so many entries."""

    async def entries() -> AsyncIterator[Mapping[str, object]]:
        for number in range(count):
            yield {"n": number}

    return asyncio.run(long_list(b'{"all":[', entries(), b"]}"))


@pytest.mark.parametrize("count", [0, 1, 2, 50])
@pytest.mark.parametrize("size", [1, 20, 10**6])
def test_the_pieces_are_one_json_document(
    monkeypatch: pytest.MonkeyPatch, count: int, size: int
) -> None:
    """Whatever their size."""
    monkeypatch.setattr(long_responses, "PIECE", size)

    response = listed(count)

    assert json.loads(response.body) == {"all": [{"n": number} for number in range(count)]}
    assert len(response.pieces) > 1 or size == 10**6 or count < 2


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_client_gets_one_response(
    emulation: Emulation, braze: httpx.Client, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """With the length of all pieces."""
    for _ in range(9):
        braze.get("/catalogs")
    control = emulation.control(braze)
    whole = control.get("/requests")
    monkeypatch.setattr(long_responses, "PIECE", 100)

    answer = control.request(method, "/requests")

    assert answer.headers == whole.headers
    assert answer.headers["content-length"] == str(len(whole.content))
    assert answer.content == (whole.content if method == "GET" else b"")
