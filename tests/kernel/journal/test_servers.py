"""The servers on one database: their rows, their addresses and their signs of life.

`tests/server/test_several_servers.py` has the effects that a test sees.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from mockalog.addresses import peer_url
from mockalog.kernel.database.interfaces import Database, DatabaseUnavailableError
from mockalog.kernel.database.open import open_database
from mockalog.kernel.journal import servers
from mockalog.kernel.journal.messages import AbsentError, JournalRequest
from mockalog.kernel.journal.servers import Registration, Servers
from mockalog.settings import Settings
from mockalog.testing import Mockalog

COUNT = "SELECT count(*) FROM servers"


@pytest.fixture(scope="module")
def url(new_postgres_url: Callable[[], str]) -> str:
    """The URL of a migrated database."""
    url = new_postgres_url()
    with Mockalog(in_process=True, database_url=url, migrate=True):
        pass
    return url


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with psycopg.connect(url) as database:
        return database.execute(query).fetchall()


def with_database(url: str, test: Callable[[Database], Awaitable[None]]) -> None:
    """Run a test with an open database."""

    async def run() -> None:
        database = open_database(url)
        await database.start()
        try:
            await test(database)
        finally:
            await database.close()

    asyncio.run(run())


@asynccontextmanager
async def registered(database: Database, url: str) -> AsyncIterator[Servers]:
    """Register a server with a secret that no other one knows, for the time of the block."""
    own = Servers(database, Registration(url, "wrong"))
    await own.start()
    try:
        yield own
    finally:
        await own.close()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "10.0.0.1", "port": 80, "tls": True}, "https://10.0.0.1:80"),
        ({"host": "fd00::1"}, "http://[fd00::1]:8000"),
        ({"host": "0.0.0.0"}, "http://*:8000"),
        ({"host": "::", "tls": True}, "https://*:8000"),
        ({"host": "0.0.0.0", "peer_url": "http://pod-1:80/"}, "http://pod-1:80"),
    ],
)
def test_the_url_at_which_others_reach_a_server(settings: dict[str, Any], expected: str) -> None:
    """A server that listens on every address leaves the host to the database."""
    assert peer_url(Settings(**settings)) == expected


def test_a_server_on_every_address_registers_the_one_that_the_database_sees(url: str) -> None:
    """Through a Unix socket that is the loopback address. No number is given twice."""

    async def test(database: Database) -> None:
        numbers = []
        for _ in range(2):
            own = Servers(database, Registration("http://*:8000", "s"))
            numbers.append(await own.start())
            [(registered,)] = rows(url, "SELECT url FROM servers")
            await own.close()
            assert registered == "http://127.0.0.1:8000"
        assert numbers[0] < numbers[1]

    with_database(url, test)
    assert rows(url, COUNT) == [(0,)]


def test_a_server_is_no_other_server_of_its_own_workers(url: str) -> None:
    """Each worker has a row, and all have one address."""

    async def test(database: Database) -> None:
        async with (
            registered(database, "http://a:1") as worker,
            registered(database, "http://a:1"),
            registered(database, "http://b:1") as other,
        ):
            assert [server.name for server in await worker.others()] == ["http://b:1"]
            assert [server.name for server in await other.others()] == ["http://a:1"]

    with_database(url, test)


def test_a_server_gives_signs_of_life(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after an outage of the database."""
    monkeypatch.setattr(servers, "HEARTBEAT_SECONDS", 0)

    async def test(database: Database) -> None:
        renewed = asyncio.Event()
        outcomes = iter([DatabaseUnavailableError("away"), None])

        async def renew() -> None:
            if (failure := next(outcomes)) is not None:
                raise failure
            renewed.set()
            await asyncio.Event().wait()

        own = Servers(database, Registration("http://a:1", "s"))
        monkeypatch.setattr(own, "renew", renew)
        await own.start()
        await renewed.wait()
        await own.close()

    with_database(url, test)


def test_a_server_leaves_without_its_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its row ends by itself. A server that never began has nothing to leave."""

    async def test(database: Database) -> None:
        await Servers(database, Registration("http://a:1", "s")).close()
        own = Servers(database, Registration("http://a:1", "s"))
        await own.start()

        def away() -> None:
            raise DatabaseUnavailableError("away")

        with monkeypatch.context() as outage:
            outage.setattr(database, "transaction", away)
            await own.close()
        assert rows(url, "DELETE FROM servers RETURNING url") == [("http://a:1",)]

    with_database(url, test)


def test_servers_with_tls_trust_each_others_authority(url: str) -> None:
    """Each has an authority of its own. Its certificate need not name the address."""
    with (
        Mockalog(database_url=url, tls=True, host="0.0.0.0") as first,
        Mockalog(database_url=url, tls=True) as second,
    ):
        for mockalog in (first, second):
            mockalog.sandbox("shared").braze.client.get("/catalogs")
        for mockalog in (first, second):
            assert mockalog.sandbox("shared").requests.count() == 2


def test_a_refused_request_is_no_reply(url: str) -> None:
    """A server with another secret at the same address, for example."""

    async def test(database: Database) -> None:
        with Mockalog() as other:
            async with registered(database, "http://a:1") as own, registered(database, other.url):
                [peer] = await own.others()
                with pytest.raises(AbsentError, match="401"):
                    await peer.ask(JournalRequest("list", None))

    with_database(url, test)


def test_an_empty_response_is_no_reply(url: str) -> None:
    """A server of another kind at the same address, for example."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        writer.close()
        await writer.wait_closed()
        ended.set()

    ended = asyncio.Event()

    async def test(database: Database) -> None:
        listening = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        async with (
            listening,
            registered(database, "http://a:1") as own,
            registered(database, f"http://127.0.0.1:{port}"),
        ):
            [peer] = await own.others()
            with pytest.raises(AbsentError, match="cut"):
                await peer.ask(JournalRequest("list", None))
            await ended.wait()

    with_database(url, test)


def test_the_client_library_is_imported_in_a_thread(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the first other server, because a server that is alone needs none."""
    imported: list[str] = []

    async def note(modules: Iterable[str]) -> None:
        imported.extend(modules)

    monkeypatch.setattr(servers, "missing", list)
    monkeypatch.setattr(servers, "import_in_thread", note)

    async def test(database: Database) -> None:
        async with registered(database, "http://a:1") as own:
            assert await own.others() == []
            assert imported == []
            async with registered(database, "http://b:1"):
                await own.others()
        assert imported == ["httpx"]

    with_database(url, test)


def test_the_connections_to_a_server_that_has_left_are_closed(url: str) -> None:
    """Otherwise each server that comes and goes would leave some."""

    async def test(database: Database) -> None:
        async with registered(database, "http://127.0.0.1:1") as own:
            async with registered(database, "http://127.0.0.1:2"):
                [other] = await own.others()
            assert await own.others() == []
            assert other._client.is_closed

    with_database(url, test)
