"""The gate: whose pages, which hosts, which token, how large a body."""

import asyncio
from contextlib import nullcontext
from typing import Any

import httpx
import pytest

from mockalog.control.app import ControlApp
from mockalog.control.calls.route import ControlRoute
from mockalog.kernel.vendor.app import DROP
from mockalog.settings import load_settings
from mockalog.vendors import BY_NAME, VENDORS
from tests.emulation import Emulation, emulate

# Every kind of control call: known and unknown, a vendor's own, documentation.
CALLS = [
    ("GET", ""),
    ("GET", "/info"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("GET", "/no/such/call"),
    ("POST", "/reset"),
    ("DELETE", "/requests"),
    ("POST", "/faults"),
    *[("GET", f"/{vendor.name}/nothing") for vendor in VENDORS],
]


def ask(emulation: Emulation, method: str, path: str, **headers: str) -> httpx.Response:
    """Make a control call with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return emulation.control(headers=named).request(method, path)


def is_problem(answer: httpx.Response) -> bool:
    """Return whether the answer is a problem document."""
    return answer.headers["content-type"] == "application/problem+json"


@pytest.fixture(scope="module")
def guarded() -> Any:
    """A server with an admin token."""
    with emulate(admin_token="s3cret") as emulation:
        yield emulation


@pytest.fixture(scope="module")
def unguarded() -> Any:
    """A server without an admin token, and with a small limit for bodies."""
    with emulate(control_bytes=1000, public_url="https://mock.corp.com/api") as emulation:
        yield emulation


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_no_control_call_is_answered_without_the_admin_token(
    guarded: Emulation, method: str, path: str
) -> None:
    """The error is 401, also for unknown paths and wrong methods."""
    for token in ("", "wrong", "s3cre"):
        answer = ask(guarded, method, path, x_mockalog_admin=token)
        assert (answer.status_code, is_problem(answer)) == (401, True)

    assert ask(guarded, method, path, x_mockalog_admin="s3cret").status_code != 401


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_health_and_readiness_need_no_token(guarded: Emulation, path: str) -> None:
    """A container's health check has none, and its host may have any name."""
    assert ask(guarded, "GET", path, host="probe.corp.com").status_code == 200


FOREIGN = [
    {"origin": "http://evil.com"},
    {"origin": "null"},
    {"origin": "https://mockalog.test"},
    {"origin": "http://mockalog.test:81"},
    {"origin": "http://mockalog.test.evil.com"},
    {"sec_fetch_site": "cross-site"},
]
OWN = [
    {},
    {"origin": "http://mockalog.test"},
    {"origin": "http://MOCKALOG.test"},
    {"origin": "https://mock.corp.com"},
    {"sec_fetch_site": "same-origin"},
    {"sec_fetch_site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(("method", "path"), [*CALLS, ("GET", "/health")])
def test_pages_of_other_sites_are_refused(
    unguarded: Emulation, method: str, path: str, headers: dict[str, str]
) -> None:
    """For every path."""
    answer = ask(unguarded, method, path, **headers)

    assert (answer.status_code, is_problem(answer)) == (403, True)


@pytest.mark.parametrize("headers", OWN)
def test_own_pages_and_programs_are_accepted(unguarded: Emulation, headers: dict[str, str]) -> None:
    """Programs send no origin."""
    assert ask(unguarded, "GET", "/info", **headers).status_code == 200


HOSTS = [
    ("evil.com", 403),
    ("evil.com:8000", 403),
    ("127.0.0.1.evil.com", 403),
    ("localhost.evil.com", 403),
    ("[evil.com", 403),
    ("mock.corp.com", 200),
    ("localhost:8000", 200),
    ("127.0.0.1:8000", 200),
    ("192.168.1.7", 200),
    ("[::1]:8000", 200),
    ("mockalog:8000", 200),
    ("braze.localhost", 200),
    ("host.docker.internal:8000", 200),
    ("mockalog.ci.svc.cluster.local", 200),
    ("rest.iad-03.braze.com", 200),
    ("items.attraqt.io", 200),
    ("", 200),
]


@pytest.mark.parametrize(("host", "status"), HOSTS)
def test_a_public_host_is_refused(unguarded: Emulation, host: str, status: int) -> None:
    """DNS rebinding: the host of an attacker's page resolves to this machine."""
    assert ask(unguarded, "GET", "/info", host=host).status_code == status


def test_with_an_admin_token_any_host_is_accepted(guarded: Emulation) -> None:
    """No page knows the token."""
    answer = ask(guarded, "GET", "/info", x_mockalog_admin="s3cret", host="mock.elsewhere.com")

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/settings", "/faults", "/braze/catalogs/x/fields/y", "/nope"])
def test_a_body_beyond_the_limit_is_refused_unread(unguarded: Emulation, path: str) -> None:
    """For control routes too."""
    answer = unguarded.control().patch(path, content=b" " * 1001)

    assert (answer.status_code, is_problem(answer)) == (413, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/info"),
        ("POST", "/reset"),
        ("GET", "/settings"),
        ("DELETE", "/faults"),
        ("GET", "/braze/selections/a/b/items"),
    ],
)
@pytest.mark.parametrize(
    ("name", "reason"),
    [("*", "'*' is the template of new sandboxes"), ("", "the name is empty")],
)
def test_an_invalid_sandbox_name_is_refused(
    unguarded: Emulation, method: str, path: str, name: str, reason: str
) -> None:
    """Neither the template's name nor an empty name means the whole server."""
    answer = ask(unguarded, method, path, x_mockalog_sandbox=name, authorization="Bearer t")

    assert (answer.status_code, is_problem(answer)) == (400, True)
    assert reason in answer.json()["detail"]


@pytest.mark.parametrize("auth", ["open", "strict"])
def test_vendor_calls_ignore_an_invalid_sandbox_name(auth: str) -> None:
    """The credential selects the sandbox."""
    catalog = {"name": "mine", "fields": [{"name": "id", "type": "string"}]}
    with emulate(auth=auth) as emulation:
        for token in ("t", "other"):
            registered = {"vendor": "braze", "token": token}
            emulation.control().post("/credentials", json=registered)
        named = emulation.client("/braze", "t", headers={"X-Mockalog-Sandbox": "*"})

        assert named.post("/catalogs", json={"catalogs": [catalog]}).status_code == 201

        counts = [
            len(emulation.client("/braze", token).get("/catalogs").json()["catalogs"])
            for token in ("t", "other")
        ]
        assert counts == [1, 0]


def test_a_part_of_a_body_is_refused(unguarded: Emulation) -> None:
    """The client disconnected."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"{}", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []
    scope = {
        "type": "http",
        "scheme": "http",
        "method": "POST",
        "path": "/_mockalog/reset",
        "query_string": b"",
        "headers": [],
    }

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def tell() -> None:
        await unguarded._app(scope, receive, send)

    unguarded.run(tell)

    assert sent[0]["status"] == 400


@pytest.mark.parametrize("is_served", [True, False])
def test_a_waiting_call_gets_a_503_at_the_stop(
    guarded: Emulation, is_served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a socket. In process the caller itself cancels, and gets no answer."""
    sent: list[Any] = []

    async def scene() -> None:
        begun = asyncio.Event()

        async def wait(*_: object) -> None:
            begun.set()
            await asyncio.Event().wait()

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/_mockalog/health", "scheme": "http"}
        state = {DROP: None} if is_served else {}
        asked = {**scope, "headers": [], "query_string": b"", "state": state}
        monkeypatch.setattr(ControlRoute, "handle", wait)
        call = asyncio.create_task(
            ControlApp(guarded.runtime, load_settings(), BY_NAME)(asked, receive, send)
        )
        await begun.wait()
        call.cancel()
        with nullcontext() if is_served else pytest.raises(asyncio.CancelledError):
            await call

    guarded.run(scene)

    statuses = [message["status"] for message in sent if "status" in message]
    assert statuses == ([503] if is_served else [])


def test_no_second_answer_follows_a_begun_answer(guarded: Emulation) -> None:
    """The server handles a connection that breaks."""
    begun: list[Any] = []
    scope = {"type": "http", "method": "GET", "path": "/_mockalog/health", "scheme": "http"}

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        begun.append(message)
        raise ConnectionError

    async def scene() -> None:
        await ControlApp(guarded.runtime, load_settings(), BY_NAME)(
            {**scope, "headers": [], "query_string": b""}, receive, send
        )

    with pytest.raises(ConnectionError):
        guarded.run(scene)
    assert len(begun) == 1
