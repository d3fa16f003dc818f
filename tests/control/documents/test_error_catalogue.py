"""The errors of the document: those of every call, and those of a few."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog.control.documents.error_catalogue import TAGS
from mockalog.control.routes import clock, router
from mockalog.kernel.vendor.route import Route
from tests.control.requests import CALLS, GUARDED, name_of, path_of
from tests.emulation import Emulation, emulate

PROBLEM = "application/problem+json"
SECRET = "known-to-servers"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Emulation]:
    """A server with an admin token."""
    with emulate(admin_token="s3cret") as emulation:
        yield emulation


@pytest.fixture(scope="module")
def small() -> Iterator[Emulation]:
    """A server with a small limit for bodies."""
    with emulate(control_bytes=100, server_secret=SECRET) as emulation:
        yield emulation


def ask(emulation: Emulation, route: Route, **options: Any) -> httpx.Response:
    """Make a call of the route, with the secret of the server `small`."""
    control = emulation.control(headers={"X-Mockalog-Server": SECRET})
    return control.request(route.verbs[0], path_of(route), **options)


@pytest.mark.parametrize("route", router.operations, ids=name_of)
def test_every_call_declares_its_answers_and_a_described_group(route: Route) -> None:
    """The group is the heading of the call on the page."""
    assert route.declaration["responses"]
    assert route.declaration["tag"] in TAGS


@pytest.mark.parametrize("route", CALLS, ids=name_of)
def test_every_call_refuses_pages_of_another_origin(small: Emulation, route: Route) -> None:
    """The open calls too."""
    answer = ask(small, route, headers={"Origin": "http://elsewhere.com"})

    assert (answer.status_code, answer.headers["content-type"]) == (403, PROBLEM)


@pytest.mark.parametrize("route", CALLS, ids=name_of)
def test_every_call_refuses_a_body_beyond_the_limit(small: Emulation, route: Route) -> None:
    """GET too."""
    answer = ask(small, route, content=b" " * 101)

    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_every_call_but_the_open_ones_needs_the_admin_token(
    guarded: Emulation, route: Route
) -> None:
    """If the server has one."""
    assert ask(guarded, route).status_code == 401


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_an_empty_sandbox_name_and_an_unread_query_are_refused(
    small: Emulation, route: Route
) -> None:
    """A call without a sandbox shows the second."""
    acts_on_sandbox = "headers" in route.declaration
    said = {"headers": {"X-Mockalog-Sandbox": ""}} if acts_on_sandbox else {"params": {"nope": "1"}}

    assert ask(small, route, **said).status_code == 400


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("POST", "/reset"),
        ("POST", "/credentials"),
        ("PATCH", "/settings"),
        ("PUT", "/clock"),
        ("POST", "/clock/advance"),
        ("POST", "/faults"),
    ],
)
def test_a_body_of_another_type_than_json_is_refused(
    small: Emulation, method: str, call: str
) -> None:
    """A form's content type counts as none, since curl sends it by default."""
    headers = {"Content-Type": "text/plain"}
    answer = small.control().request(method, call, content=b"{}", headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (415, PROBLEM)


@pytest.mark.parametrize(
    ("call", "body"), [("/clock/advance", {"seconds": 9}), ("/clock/settle", {})]
)
def test_a_clock_stops_after_too_many_jobs(
    monkeypatch: pytest.MonkeyPatch, call: str, body: dict[str, Any]
) -> None:
    """The next call goes on from there."""
    monkeypatch.setattr(clock, "MAX_JOBS", 2)
    shop = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}
    with emulate() as emulation:
        client = emulation.client("/braze")
        control = emulation.control(client)
        control.patch("/settings", json={"braze.async_delay": 5})
        control.put("/clock", json={"mode": "frozen"})
        assert client.post("/catalogs", json=shop).status_code == 201
        for item in ("a", "b", "c"):
            client.post("/catalogs/shop/items", json={"items": [{"id": item}]})

        refused = control.post(call, json=body)
        again = control.post(call, json=body)

    assert refused.status_code == 409
    assert "call again" in refused.json()["detail"]
    assert again.status_code == 200
