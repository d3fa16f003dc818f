"""Queries in the background: one at a time, while other calls run."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial

import httpx
import pytest

from mockalog.vendors.squared.service.connectors import source_tables
from mockalog.vendors.squared.sql import background
from tests.emulation import HOST, Emulation

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
TIMEOUT = "ERROR:  canceling statement due to statement timeout\n"


def test_queries_run_one_after_another() -> None:
    """A burst of them takes no more of the machine than one."""
    running: list[str] = []

    def query(name: str) -> list[str]:
        running.append(name)
        seen = list(running)
        running.remove(name)
        return seen

    async def scene() -> list[list[str]]:
        runs = (background.run_alone(partial(query, name), lambda: []) for name in "abc")
        return await asyncio.gather(*runs)

    assert asyncio.run(scene()) == [["a"], ["b"], ["c"]]


def test_a_query_that_waits_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one before it still ends."""
    begun, ended = threading.Event(), threading.Event()

    def long() -> str:
        begun.set()
        ended.wait()
        return "rows"

    async def scene() -> list[str]:
        first = asyncio.create_task(background.run_alone(long, lambda: "refused"))
        await asyncio.to_thread(begun.wait)
        monkeypatch.setattr(background, "MAX_WAIT", 0)
        second = await background.run_alone(lambda: "rows", lambda: "refused")
        ended.set()
        return [await first, second]

    assert asyncio.run(scene()) == ["rows", "refused"]


def test_a_neighbour_is_served_during_an_endless_query(
    emulation: Emulation, squared: httpx.Client, braze: httpx.Client
) -> None:
    """The query ends with the source's own text."""
    connector = {
        "name": "w",
        "connector_type": "source",
        "connector_name": "Postgresql",
        "configuration": {"host": "h"},
    }
    squared.post("/api/v1/connectors", json={"connector": connector}).raise_for_status()
    url = f"{HOST}/squared/api/v1/connectors/1/query_source"
    body = {"query": ENDLESS, "limit": 1}

    async def scene() -> tuple[httpx.Response, int]:
        transport = httpx.ASGITransport(emulation._app)
        async with httpx.AsyncClient(transport=transport, timeout=60) as client:
            token = {"Authorization": squared.headers["Authorization"]}
            running = asyncio.create_task(client.post(url, json=body, headers=token))
            count, neighbour = 0, {"Authorization": braze.headers["Authorization"]}
            while not running.done():
                await client.get(f"{HOST}/braze/catalogs", headers=neighbour)
                count += 1
                await asyncio.sleep(0)
            return await running, count

    answer, count = emulation.run(scene)

    assert TIMEOUT.strip() in answer.text
    assert count > 10


def test_a_refused_query_has_the_sources_text(
    emulation: Emulation, squared: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it had run too long."""

    async def refuse(query: Callable[[], object], refusal: Callable[[], object]) -> object:
        return refusal()

    monkeypatch.setattr(source_tables, "run_alone", refuse)
    connector = {
        "name": "w",
        "connector_type": "source",
        "connector_name": "Snowflake",
        "configuration": {"host": "h"},
    }
    squared.post("/api/v1/connectors", json={"connector": connector}).raise_for_status()

    answer = squared.post(
        "/api/v1/connectors/1/query_source", json={"query": "SELECT 1", "limit": 1}
    )

    assert "Statement reached its statement or warehouse timeout" in answer.text
