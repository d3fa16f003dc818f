"""The refusals that every call has in its document, and those that few calls have."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog.control import clock
from mockalog.kernel.vendor.route import Route
from tests.control.calls import CALLS, GUARDED, name_of, path_of
from tests.emulation import Emulation, emulate

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Emulation]:
    """A server with an admin token."""
    with emulate(admin_token="s3cret") as emulation:
        yield emulation


@pytest.fixture(scope="module")
def small() -> Iterator[Emulation]:
    """A server that takes small bodies only."""
    with emulate(control_bytes=100) as emulation:
        yield emulation


def ask(emulation: Emulation, route: Route, **options: Any) -> httpx.Response:
    """Make a call of the route."""
    return emulation.control().request(route.verbs[0], path_of(route), **options)


@pytest.mark.parametrize("route", CALLS, ids=name_of)
def test_no_call_is_made_for_a_page_of_another_origin(small: Emulation, route: Route) -> None:
    """Not even one that asks for no token."""
    answer = ask(small, route, headers={"Origin": "http://elsewhere.com"})

    assert (answer.status_code, answer.headers["content-type"]) == (403, PROBLEM)


@pytest.mark.parametrize("route", CALLS, ids=name_of)
def test_no_call_takes_a_body_beyond_the_limit(small: Emulation, route: Route) -> None:
    """A reading one neither."""
    answer = ask(small, route, content=b" " * 101)

    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_every_call_but_the_open_ones_needs_the_admin_token(
    guarded: Emulation, route: Route
) -> None:
    """If the server has one."""
    assert ask(guarded, route).status_code == 401


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_a_sandbox_without_a_name_and_a_query_without_a_sense_are_refused(
    small: Emulation, route: Route
) -> None:
    """A call that acts on no sandbox shows the second."""
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
    """A form is read as JSON; anything else is meant as it is said."""
    headers = {"Content-Type": "text/plain"}
    answer = small.control().request(method, call, content=b"{}", headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (415, PROBLEM)


@pytest.mark.parametrize(
    ("call", "body"), [("/clock/advance", {"seconds": 9}), ("/clock/settle", {})]
)
def test_a_clock_stands_still_after_too_many_jobs(
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
