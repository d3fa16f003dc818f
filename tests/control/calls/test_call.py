"""The sandbox of a control call: its headers, and their refusals."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog.control.calls.vendor_routes import vendor_router_of
from mockalog.control.routes import router
from mockalog.kernel.vendor.route import Route
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate

ROUTES = [
    *(route for route in router.operations if "headers" in route.declaration),
    *(route for vendor in VENDORS for route in vendor_router_of(vendor).operations),
]
# Headers that a script sends if a variable is unset, or if its author takes another scheme.
WITHOUT_TOKEN = [
    "",
    " ",
    "Bearer",
    "Bearer ",
    "bearer",
    "t",
    "Token t",
    "Basic dDp0",
    "Digest t",
    "Bearer undefined",
    "Bearer null",
    "Bearer None",
    "Bearer NaN",
    "Bearer [object Object]",
    "bearer  undefined ",
]


@pytest.fixture(scope="module")
def world() -> Iterator[Emulation]:
    """A server in which one sandbox has a frozen clock."""
    with emulate() as emulation:
        emulation.sandbox(emulation.client(token="t")).clock.freeze("2025-03-01")
        yield emulation


def refused(answer: httpx.Response) -> str:
    """Return the text of a problem of status 400."""
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


def send(emulation: Emulation, route: Route, headers: Any) -> httpx.Response:
    """Make a control call; every parameter of its path is 1."""
    path = route.path
    for segment in path.split("/"):
        if segment.startswith("{"):
            path = path.replace(segment, "1")
    return control(emulation, headers).request(route.verbs[0], path)


def control(emulation: Emulation, headers: Any) -> httpx.Client:
    """Return a client of the control plane; of repeated headers it sends each."""
    client = emulation.control()
    client.headers = httpx.Headers(headers)
    return client


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_header_without_a_token_is_not_the_whole_server(world: Emulation, route: Route) -> None:
    """Only the absent header is; the refusal tells how to write it, and nothing happens."""
    for authorization in WITHOUT_TOKEN:
        detail = refused(send(world, route, {"Authorization": authorization}))

        assert "send `Bearer <token>`, or no such header for the whole server" in detail
    assert world.sandbox(world.client(token="t")).clock.show()["mode"] == "frozen"


def test_the_refusal_names_a_placeholder_and_hides_a_secret(world: Emulation) -> None:
    """A credential of another scheme may be a real one."""
    placeholder = world.control(headers={"Authorization": "Bearer undefined"}).post("/reset")
    secret = world.control(headers={"Authorization": "s3cret"}).post("/reset")

    assert "'undefined' is the text of an unset variable" in refused(placeholder)
    assert "s3cret" not in refused(secret)


@pytest.mark.parametrize("name", ["", " ", "\t "])
def test_a_blank_name_is_not_the_whole_server(world: Emulation, name: str) -> None:
    """Nor the sandbox of the credential."""
    for headers in ({}, {"Authorization": "Bearer t"}):
        answer = world.control(headers={**headers, "X-Mockalog-Sandbox": name}).post("/reset")

        assert refused(answer) == "X-Mockalog-Sandbox: the name is empty"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("header", ["Authorization", "X-Mockalog-Sandbox"])
def test_a_repeated_header_is_ambiguous(world: Emulation, route: Route, header: str) -> None:
    """Also if both values are equal."""
    for second in ("Bearer t", "Bearer u"):
        answer = send(world, route, [(header, "Bearer t"), (header, second)])

        assert refused(answer) == f"{header} came more than once: send it once"


@pytest.mark.parametrize("joined", ["Bearer t, Bearer u", "Bearer t,bearer t", "Basic t, Bearer t"])
def test_joined_headers_are_repeated_ones(world: Emulation, joined: str) -> None:
    """Proxies and `fetch` join them by commas; a comma inside a token is none of them."""
    assert "more than once" in refused(control(world, {"Authorization": joined}).post("/reset"))
    answer = control(world, {"Authorization": "Bearer a,b, bearer"}).post("/reset")
    assert answer.status_code == 200


def test_a_repeated_admin_token_is_ambiguous() -> None:
    """Also if one of them is right."""
    with emulate(admin_token="s3cret") as emulation:
        for given in (("s3cret", "wrong"), ("wrong", "s3cret"), ("s3cret", "s3cret")):
            headers = [("X-Mockalog-Admin", value) for value in given]

            answer = control(emulation, headers).get("/info")

            assert "X-Mockalog-Admin came more than once" in refused(answer)
