"""Several servers on one PostgreSQL database are one emulator.

The tests of the package `mockalog.testing` hold, although each request goes to another server than
the request before.
"""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from mockalog.kernel.journal import servers
from mockalog.testing import Mockalog
from mockalog.testing.controls.errors import IncompleteWarning
from mockalog.testing.emulators.server import Server
from tests.balancer import balanced
from tests.testing.controls.test_controls import TestControls
from tests.testing.plugin.test_plugin import (
    test_each_test_has_its_own_sandbox,
    test_the_contracts_example,
    test_the_marker_sets_the_initial_state,
    test_two_tests_may_register_one_credential,
)

# The plugin's and the controls' own tests, collected here once more.
__all__ = [
    "TestControls",
    "test_each_test_has_its_own_sandbox",
    "test_the_contracts_example",
    "test_the_marker_sets_the_initial_state",
    "test_two_tests_may_register_one_credential",
]

pytest_plugins = ["pytester"]

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}


@pytest.fixture(scope="module")
def url(new_postgres_url: Callable[[], str]) -> str:
    """The URL of the servers' database."""
    return new_postgres_url()


@pytest.fixture(scope="module")
def pair(url: str) -> Iterator[tuple[Mockalog, Mockalog]]:
    """Two servers."""
    with Mockalog(database_url=url, migrate=True) as first, Mockalog(database_url=url) as second:
        yield first, second


@pytest.fixture(scope="module")
def balancer(pair: tuple[Mockalog, Mockalog]) -> Iterator[str]:
    """The URL of a load balancer of both servers."""
    with balanced(*(server.url for server in pair)) as balancer:
        yield balancer


@pytest.fixture(scope="module")
def in_process(balancer: str) -> Iterator[Mockalog]:
    """The emulator of `TestControls`: here it is not in this process."""
    with Mockalog(balancer) as mockalog:
        yield mockalog


@pytest.fixture
def token() -> str:
    """A token that no other test has."""
    return uuid.uuid4().hex


@pytest.fixture(autouse=True)
def _attached(balancer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin's sessions use the balancer.

    Each is a process: a session in this one removes modules that the servers imported meanwhile.
    """
    monkeypatch.setenv("MOCKALOG_URL", balancer)
    subprocess = pytest.Pytester.runpytest_subprocess
    monkeypatch.setattr(pytest.Pytester, "runpytest_inprocess", subprocess)


def test_the_journal_is_complete_and_in_the_order_of_time(in_process: Mockalog, token: str) -> None:
    """No id occurs twice, and every server returns the same list."""
    braze = in_process.sandbox(token).braze
    for number in range(6):
        braze.client.get(f"/catalogs/shop{number}/items")

    for _ in range(2):
        found = braze.requests.list()
        assert [exchange.path[-7] for exchange in found] == list("012345")
        assert len({exchange["id"] for exchange in found}) == 6
        assert braze.requests.count() == len(braze.requests.har()["log"]["entries"]) == 6
    assert braze.requests.clear() == 6
    assert [braze.requests.count(), braze.requests.count()] == [0, 0]


def test_bytes_that_are_line_ends_in_other_encodings_are_transferred(
    pair: tuple[Mockalog, Mockalog], token: str
) -> None:
    """NEL, the separators of Unicode and control characters, escaped or in Latin-1."""
    first, second = (server.sandbox(token).braze for server in pair)
    body = '{"catalogs": "\u2028\u2029\x85"}'.encode() + b"\x85\x0c\x1c\r\n"
    first.client.post("/catalogs", content=body, headers={"Content-Type": "application/json"})

    [exchange] = second.requests.list()
    assert exchange["request"]["body"] == body.decode(errors="replace")


def test_a_wait_sees_the_requests_of_the_other_server(
    pair: tuple[Mockalog, Mockalog], token: str
) -> None:
    """As soon as they come."""
    first, second = (server.sandbox(token).braze for server in pair)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(first.requests.wait, count=2, timeout=30)
        second.client.get("/catalogs")
        second.client.get("/catalogs")

        assert len(waiting.result()) == 2


def test_limits_are_exact_and_jobs_run_once(in_process: Mockalog, token: str) -> None:
    """Also if the requests come at once."""
    braze = in_process.sandbox(token).braze
    braze.clock.freeze()
    braze.settings["rate_limits"] = "tiny"
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: braze.client.get("/catalogs").status_code, range(16)))
    limit = statuses.count(200)
    assert 0 < limit < 16
    assert statuses.count(429) == 16 - limit

    braze.settings["rate_limits"] = "off"
    braze.client.post("/catalogs", json=SHOP)
    braze.settings["braze.async_delay"] = 60
    items = [{"id": str(number)} for number in range(50)]
    braze.client.post("/catalogs/shop/items", json={"items": items})
    with ThreadPoolExecutor(4) as pool:
        ran = sum(pool.map(lambda _: braze.clock.advance(60), range(4)))
    assert ran == 1
    assert len(braze.client.get("/catalogs/shop/items").json()["items"]) == 50


def test_a_reset_is_seen_by_both(pair: tuple[Mockalog, Mockalog], token: str) -> None:
    """With clock, settings and journal."""
    first, second = (server.sandbox(token).braze for server in pair)
    for braze in (first, second):
        braze.client.post("/catalogs", json=SHOP)
    second.settings["braze.async_delay"] = 5
    second.clock.freeze("2025-03-01")

    first.reset()

    for braze in (first, second):
        assert braze.requests.count() == 0
        assert braze.clock.show()["mode"] == "real"
        assert braze.settings["braze.async_delay"] == 0
    for braze in (first, second):
        assert braze.client.get("/catalogs").json()["catalogs"] == []


def test_only_a_server_of_the_same_database_reads_a_journal_without_redaction(
    pair: tuple[Mockalog, Mockalog],
) -> None:
    """Not without the secret, not with a wrong one, and not from a server of another database."""
    with Mockalog() as alone:
        for server in (*pair, alone):
            for headers in ([], [(b"X-Mockalog-Server", "é".encode())]):
                refused = httpx.post(
                    server.url + servers.JOURNAL_PATH, json={"do": "list"}, headers=headers
                )
                assert refused.status_code == 401
                assert "X-Mockalog-Server" in refused.json()["detail"]


def emulator_of(mockalog: Mockalog) -> Server:
    """Return the server in this process."""
    emulator = mockalog._emulator
    assert isinstance(emulator, Server)
    return emulator


def stop_listening(mockalog: Mockalog) -> None:
    """Close the connections of a server, which then gives no reply."""
    emulator = emulator_of(mockalog)
    emulator.portal.call(emulator._close)


class TestAbsence:
    """A server ends without a word."""

    @pytest.fixture
    def other(self, url: str, pair: tuple[Mockalog, Mockalog]) -> Iterator[Mockalog]:
        """A third server, which has recorded a request."""
        with Mockalog(database_url=url) as other:
            yield other

    def test_answers_name_a_server_that_does_not_reply(
        self, other: Mockalog, pair: tuple[Mockalog, Mockalog], token: str
    ) -> None:
        """The handles warn. Nothing that the server had accepted is lost."""
        sandbox = pair[0].sandbox(token)
        own = other.sandbox(token).braze
        assert own.client.post("/catalogs", json=SHOP).status_code == 201
        assert sandbox.requests.count() == 1
        stop_listening(other)

        with pytest.warns(IncompleteWarning, match=other.url):
            assert sandbox.requests.count() == 0
        for method, path in (("GET", "requests"), ("DELETE", "requests"), ("POST", "reset")):
            answer = httpx.request(method, f"{pair[1].url}/_mockalog/{path}", headers=own.headers)
            assert (answer.status_code, answer.json()["incomplete"]) == (200, [other.url])
        with pytest.raises(TimeoutError, match=f"{other.url} did not reply"):
            sandbox.requests.wait(count=9, timeout=0)

    def test_a_server_that_gives_no_sign_of_life_is_forgotten(
        self, other: Mockalog, pair: tuple[Mockalog, Mockalog], url: str
    ) -> None:
        """It registers again with its next sign of life."""
        journals = emulator_of(other).runtime.journals
        assert journals._servers is not None
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(
                "UPDATE servers SET seen_at = seen_at - 60000000 WHERE url = %s", [other.url]
            )
            stop_listening(other)
            assert "incomplete" not in httpx.get(f"{pair[0].url}/_mockalog/requests").json()

            with Mockalog(database_url=url):
                pass
            count = "SELECT count(*) FROM servers WHERE url = %s"
            assert database.execute(count, [other.url]).fetchone() == (0,)
            emulator_of(other).portal.call(journals._servers.renew)
            assert database.execute(count, [other.url]).fetchone() == (1,)
