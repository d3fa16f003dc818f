"""Permissions of access tokens, and each row of the table of errors.

Sources: docs/vendors/attraqt.md#12-error-body and docs/vendors/attraqt.md#2-authentication.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog.vendors.attraqt.router import router
from tests.emulation import Emulation, emulate
from tests.vendors.attraqt.factories import OF_PRODUCT, item, make_active_catalog, make_catalog
from tests.vendors.attraqt.requests import error, send, stored
from tests.vendors.attraqt.steering import (
    advance,
    change_settings,
    delay_activation,
    freeze,
    limit_rates,
)
from tests.vendors.attraqt.test_tenancy import OPERATIONS

PATH = "/auth/realms/{}/protocol/openid-connect/token"
TENANCY = {"tenant": "acme", "environment": "live1"}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def issue(client: httpx.Client, realm: str, secret: str = "s") -> httpx.Client:
    """Exchange the credential of a client for an access token of a realm."""
    name = client.headers["Authorization"].removeprefix("Bearer ")
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    answer = client.post(PATH.format(realm), data=form)
    assert answer.status_code == 200, answer.text
    issued = httpx.Client(transport=client._transport, base_url=client.base_url, params=TENANCY)
    issued.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return issued


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulation]:
    """An app that accepts registered clients only."""
    with emulate(auth="strict") as emulation:
        yield emulation


class TestIssuedTokens:
    """Access tokens of the token endpoint."""

    def test_a_stream_continues_with_the_next_token(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """After five minutes of the virtual clock every operation refuses the old one."""
        freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
        first = issue(attraqt, "acme")
        make_catalog(first)
        send(first, item("A1"))
        advance(emulation, attraqt, 299)
        send(first, item("A2"))
        advance(emulation, attraqt, 1)

        refused = [
            first.post("/items", json=[item("A3")]),
            first.patch("/items", json=[item("A1")]),
            first.post("/items/delete", json=[item("A1")]),
            first.get("/feedback/catalog-version"),
        ]
        second = issue(attraqt, "acme")
        send(second, item("A4"))

        assert {error(answer) for answer in refused} == {(401, 16, "UNAUTHENTICATED")}
        assert list(stored(emulation, attraqt)) == ["A1", "A2", "A4"]

    def test_another_tenants_token_is_forbidden_everywhere(self, attraqt: httpx.Client) -> None:
        """The check comes before body and path."""
        authenticate_unknown = issue(attraqt, "other")

        for method, path, _ in OPERATIONS:
            answer = authenticate_unknown.request(method, path, content=b"{")
            assert error(answer) == (403, 7, "PERMISSION_DENIED"), (method, path)

    @pytest.mark.parametrize("right", ["READ", "WRITE"])
    def test_a_token_has_the_permissions_of_its_client(self, strict: Emulation, right: str) -> None:
        """READ for every GET, WRITE for everything else."""
        everything = {o.permission for o in router.operations if o.permission is not None}
        client = strict.client("/attraqt")
        name = client.headers["Authorization"].removeprefix("Bearer ")
        permissions = sorted(p for p in everything if p.endswith(f":{right}"))
        strict.server().credentials.add("attraqt", f"{name}:s", permissions=permissions)
        holder = issue(client, "acme")

        for method, path, _ in OPERATIONS:
            answer = holder.request(method, path)
            allowed = (method == "GET") == (right == "READ")
            assert (answer.status_code != 403) == allowed, (method, path)


def expire(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    """Use a token that is five minutes old."""
    freeze(emulation, client, "2025-03-01T09:00:00Z")
    holder = issue(client, "acme")
    advance(emulation, client, 300)
    return holder.get("/catalogs")


def delete_while_activating(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    """Delete an ACTIVATING catalog."""
    delay_activation(emulation, client, 60)
    make_active_catalog(client)
    return client.delete("/catalogs/1")


def fail_fredhopper(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    """Create a catalog while the Fredhopper side fails."""
    make_catalog(client)
    change_settings(emulation, client, fhr_fails=True)
    return client.post("/catalogs", json=OF_PRODUCT)


def exceed(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    """Send more item messages than the limit of a second."""
    freeze(emulation, client, "2025-03-01T09:00:00Z")
    limit_rates(emulation, client, "tiny")
    for _ in range(2):
        assert client.post("/items", json=[]).status_code == 200
    return client.post("/items", json=[])


def fill(emulation: Emulation, client: httpx.Client) -> httpx.Response:
    """Create one catalog more than allowed."""
    make_catalog(client)
    make_catalog(client)
    return client.post("/catalogs", json=OF_PRODUCT)


def test_forbidden_calls_do_not_count_against_a_limit(
    emulation: Emulation, attraqt: httpx.Client
) -> None:
    """Those for another tenant than the token's do not count for that tenant."""
    freeze(emulation, attraqt, "2025-03-01T09:00:00Z")
    authenticate_unknown, owner = issue(attraqt, "evil"), issue(attraqt, "acme")
    limit_rates(emulation, attraqt, "tiny")

    refused = [authenticate_unknown.post("/items", json=[]).status_code for _ in range(5)]

    assert refused == [403] * 5
    assert owner.post("/items", json=[]).status_code == 200


class TestTable:
    """docs/vendors/attraqt.md#12-error-body, row by row. A 503 comes only from an armed fault."""

    @pytest.mark.parametrize(
        ("method", "path", "body", "expected"),
        [
            ("GET", "/catalogs?tenant=", None, (400, 3)),
            ("GET", "/catalogs?environment=", None, (400, 3)),
            ("POST", "/catalogs", "7", (400, 3)),
            ("POST", "/items", "7", (400, 3)),
            ("POST", "/catalogs/activate/1", None, (400, 9)),
            ("DELETE", "/catalogs/1", None, (400, 9)),
            ("DELETE", "/item-schemas/product/1", None, (400, 9)),
            ("GET", "/catalogs?tenant=other", None, (403, 7)),
            ("DELETE", "/catalogs/7", None, (404, 5)),
            ("POST", "/catalogs/activate/7", None, (404, 5)),
            ("POST", "/items", [item(version=7)], (404, 5)),
            ("GET", "/item-schemas/product/7", None, (404, 5)),
            ("PUT", "/item-schemas/nothing", {}, (404, 5)),
            ("GET", "/category-trees/shop/7", None, (404, 5)),
            ("PUT", "/category-trees/shop", {}, (404, 5)),
            ("POST", f"/batch-imports/items?batch_id={UNKNOWN}", [], (404, 5)),
            ("GET", f"/batch-imports/ingestions/{UNKNOWN}", None, (404, 5)),
            ("GET", f"/feedback/catalog-version/1/updates/{UNKNOWN}", None, (404, 5)),
            ("GET", "/locale", None, (404, 5)),
            ("GET", "/nothing", None, (404, 5)),
        ],
    )
    def test_of_a_client_with_an_active_catalog(
        self,
        attraqt: httpx.Client,
        method: str,
        path: str,
        body: Any,
        expected: tuple[int, int],
    ) -> None:
        """Status and number match."""
        client = issue(attraqt, "acme")
        make_active_catalog(client)
        path, _, query = path.partition("?")
        params = {**TENANCY, **dict(pair.split("=") for pair in query.split("&") if pair)}

        answer = client.request(method, path, json=body, params=params)

        assert error(answer)[:2] == expected

    @pytest.mark.parametrize(
        ("provoke", "expected"),
        [
            (fill, (400, 3, "CATALOG_LIMIT_REACHED")),
            (delete_while_activating, (400, 9, "CATALOG_DELETION_ACTIVE")),
            (expire, (401, 16, "UNAUTHENTICATED")),
            (fail_fredhopper, (409, 10, "CATALOG_FHR_FAILED")),
            (exceed, (429, 8, "RESOURCE_EXHAUSTED")),
        ],
    )
    def test_of_errors_that_need_several_calls(
        self, emulation: Emulation, attraqt: httpx.Client, provoke: Any, expected: Any
    ) -> None:
        """Status and number match."""
        assert error(provoke(emulation, attraqt)) == expected

    @pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Token abc"])
    def test_a_missing_token_is_refused(self, attraqt: httpx.Client, token: str) -> None:
        """A malformed one too."""
        answer = attraqt.get("/catalogs", headers={"Authorization": token})

        assert error(answer) == (401, 16, "UNAUTHENTICATED")
