"""The call of other servers; `tests/server/test_several_servers.py` has what they make of it."""

from collections.abc import Iterator

import httpx
import pytest

from mockalog.kernel.journal.servers import JOURNAL_PATH
from tests.emulation import HOST, emulate

SECRET = "known-to-servers"


@pytest.fixture(scope="module")
def server() -> Iterator[httpx.Client]:
    """A client that knows the secret of a server."""
    with emulate(server_secret=SECRET) as emulation:
        yield emulation.control(headers={"X-Mockalog-Server": SECRET})


def ask(server: httpx.Client, content: bytes, content_type: str) -> httpx.Response:
    """Send a request to the server."""
    headers = {"Content-Type": content_type}
    return server.post(HOST + JOURNAL_PATH, content=content, headers=headers)


def test_a_list_of_no_exchanges_has_only_its_end(server: httpx.Client) -> None:
    """One JSON object per line."""
    answer = ask(server, b'{"do": "list"}', "application/json")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    assert [*answer.json()] == ["end"]


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"do": "list"}', "text/plain", 415),
        (b'{"do": "read"}', "application/json", 400),
        (b'{"do": "list", "sandbox_id": "1"}', "application/json", 400),
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
    ],
)
def test_a_malformed_request_is_refused(
    server: httpx.Client, content: bytes, content_type: str, status: int
) -> None:
    """As at every control call."""
    assert ask(server, content, content_type).status_code == status
