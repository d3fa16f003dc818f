"""The hook by which a vendor adds calls of its own under `/_mockalog/<vendor>`."""

import sys
import uuid
from typing import Any

import httpx
import pytest

from mockalog.control.calls.vendor_routes import VendorControlRouter, vendor_router_of
from mockalog.vendors import BY_NAME, VENDORS
from tests.emulation import Emulation, emulate

SHOPS = {
    "catalogs": [
        {
            "name": "shops",
            "fields": [{"name": "id", "type": "string"}, {"name": "Rating", "type": "number"}],
        }
    ]
}
# Two calls of Braze's stand for all.
FIELD = "/braze/catalogs/shops/fields/Rating"
PICKS = "/braze/selections/shops/best/items"


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A Braze client whose sandbox has a catalog."""
    client = emulation.client("/braze")
    assert client.post("/catalogs", json=SHOPS).status_code == 201
    return client


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return a problem document after a check of its shape."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == answer.status_code
    assert isinstance(body["detail"], str)
    return dict(body)


def test_info_lists_control_routes(emulation: Emulation) -> None:
    """Every vendor has the key; Braze has two control routes."""
    vendors = emulation.control().get("/info").json()["vendors"]

    listed = {vendor["name"]: vendor["inspections"] for vendor in vendors}
    assert listed.keys() == {vendor.name for vendor in VENDORS}
    assert listed["braze"] == [
        {
            "name": "list_selected_items",
            "methods": ["GET"],
            "path": "/selections/{catalog_name}/{selection_name}/items",
            "permission": None,
            "bucket": None,
        },
        {
            "name": "mark_field",
            "methods": ["PATCH"],
            "path": "/catalogs/{catalog_name}/fields/{field_name}",
            "permission": None,
            "bucket": None,
        },
    ]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/braze"),
        ("GET", "/braze/"),
        ("GET", "/braze/nope"),
        ("GET", "/braze/catalogs"),
        ("GET", "/braze/selections/shops/best"),
        ("GET", f"{PICKS}/deeper"),
        ("GET", "/squared/anything"),
        ("PATCH", "/attraqt/anything"),
        ("GET", "/nobody/anything"),
    ],
)
def test_an_unknown_control_route_is_not_found(
    emulation: Emulation, client: httpx.Client, method: str, path: str
) -> None:
    """The error has the path."""
    answer = emulation.control(client).request(method, path, json={})

    assert answer.status_code == 404
    assert problem(answer)["detail"].startswith(f"{method} /_mockalog{path} is not a control call")


@pytest.mark.parametrize(
    ("method", "path", "methods"),
    [
        ("POST", PICKS, "GET"),
        ("GET", FIELD, "PATCH"),
        ("HEAD", FIELD, "PATCH"),
        ("OPTIONS", FIELD, "PATCH"),
        ("BREW", FIELD, "PATCH"),
        ("DELETE", "/squared/connectors/1/tables", "GET, PUT"),
    ],
)
def test_a_wrong_method_of_a_control_route_is_refused(
    emulation: Emulation, client: httpx.Client, method: str, path: str, methods: str
) -> None:
    """`Allow` lists the right ones, as for all control calls."""
    answer = emulation.control(client).request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, methods)
    if method != "HEAD":
        assert problem(answer)["detail"].endswith(f"this path takes {methods}")


class TestSandbox:
    """The sandbox of a control route."""

    def test_the_clients_credential_selects_the_sandbox(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """In the header of the vendor's own calls."""
        answer = emulation.control(client).patch(FIELD, json={"is_price": True})

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["is_price"] is True

    def test_a_sandbox_can_be_named_instead(self, emulation: Emulation) -> None:
        """By the header that works for vendor calls too."""
        headers = {"X-Mockalog-Sandbox": uuid.uuid4().hex}
        emulation.client("/braze", headers=headers).post("/catalogs", json=SHOPS)

        answer = emulation.control(headers=headers).patch(FIELD, json={"is_price": True})

        assert answer.status_code == 200

    @pytest.mark.parametrize(("method", "path"), [("PATCH", FIELD), ("GET", PICKS)])
    @pytest.mark.parametrize("headers", [{}, {"X-Mockalog-Sandbox": "*"}])
    def test_a_control_route_needs_a_sandbox(
        self, emulation: Emulation, method: str, path: str, headers: dict[str, str]
    ) -> None:
        """It has no answer for the whole server."""
        answer = emulation.control(headers=headers).request(method, path, json={})

        assert answer.status_code == 400
        assert "X-Mockalog-Sandbox" in problem(answer)["detail"]

    def test_another_client_finds_nothing(self, emulation: Emulation, client: httpx.Client) -> None:
        """Sandboxes are separate."""
        authenticate_unknown = emulation.client("/braze")

        answer = emulation.control(authenticate_unknown).patch(FIELD, json={"is_price": True})

        assert answer.status_code == 404
        assert "catalog-not-found" in problem(answer)["detail"]

    def test_control_routes_are_the_same_on_every_address(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """On each vendor's host too."""
        headers = {"Host": "squared.localhost"}

        answer = emulation.control(client).patch(FIELD, json={"is_price": True}, headers=headers)

        assert answer.status_code == 200


class TestRefusals:
    """A vendor's refusal becomes a problem document with the vendor's error body."""

    @pytest.mark.parametrize("content", [b"{", b"\xff", b'{"is_price": NaN}', b"[" * 5000])
    def test_a_malformed_body_is_a_bad_request(
        self, emulation: Emulation, client: httpx.Client, content: bytes
    ) -> None:
        """With any content type."""
        answer = emulation.control(client).patch(FIELD, content=content)

        assert answer.status_code == 400
        assert problem(answer)["detail"] == '{"message":"Bad Request"}'

    @pytest.mark.parametrize(
        "content", [b"", b"null", b"[]", b'"is_price"', b'{"is_price": 1}', b'{"nope": true}']
    )
    def test_an_invalid_body_is_a_bad_request(
        self, emulation: Emulation, client: httpx.Client, content: bytes
    ) -> None:
        """The detail has the vendor's rule."""
        answer = emulation.control(client).patch(FIELD, content=content)

        assert answer.status_code == 400
        assert '"id":"invalid-fields"' in problem(answer)["detail"]

    @pytest.mark.parametrize(
        ("path", "error_id"),
        [
            ("/braze/catalogs/nope/fields/Rating", "catalog-not-found"),
            ("/braze/catalogs/shops/fields/nope", "invalid-field-name"),
            ("/braze/catalogs/shops/fields/id", "invalid-field-name"),
            ("/braze/catalogs/shops/fields/%F0%9F%8F%AA", "invalid-field-name"),
        ],
    )
    def test_a_missing_thing_is_not_found(
        self, emulation: Emulation, client: httpx.Client, path: str, error_id: str
    ) -> None:
        """With the vendor's error id."""
        answer = emulation.control(client).patch(path, json={"is_price": True})

        assert answer.status_code == 404
        assert f'"id":"{error_id}"' in problem(answer)["detail"]

    @pytest.mark.parametrize("piece", ["%00", "%2F", "%ff", "%", "-1", "a" * 3000])
    def test_no_path_leads_to_a_500(
        self, emulation: Emulation, client: httpx.Client, piece: str
    ) -> None:
        """Odd names are not found, or refused as not storable."""
        control = emulation.control(client)
        for path in (f"/braze/catalogs/{piece}/fields/{piece}", f"/braze/{piece}"):
            answer = control.patch(path, json={"is_price": True})

            assert answer.status_code in (400, 404)
            problem(answer)

    def test_a_refused_call_changes_nothing(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Its transaction is rolled back."""
        before = client.get("/catalogs").json()

        emulation.control(client).patch(FIELD, json={"is_price": True, "nope": True})

        assert client.get("/catalogs").json() == before


class TestAdmin:
    """`MOCKALOG_ADMIN_TOKEN` protects control routes too."""

    @pytest.mark.parametrize(("method", "path"), [("PATCH", FIELD), ("GET", "/braze/nope")])
    def test_the_admin_token_is_checked_first(self, method: str, path: str) -> None:
        """A caller without it learns no paths."""
        with emulate(admin_token="s3cret") as emulation:
            client = emulation.client("/braze")

            answer = emulation.control(client).request(method, path, content=b"{")

        assert answer.status_code == 401
        assert "X-Mockalog-Admin" in problem(answer)["detail"]

    def test_the_admin_token_opens_control_routes(self) -> None:
        """Together with the client's credential."""
        with emulate(admin_token="s3cret") as emulation:
            client = emulation.client("/braze")
            client.post("/catalogs", json=SHOPS)
            control = emulation.control(client, headers={"X-Mockalog-Admin": "s3cret"})

            assert control.patch(FIELD, json={"is_price": True}).status_code == 200


class TestEffects:
    """Effects of a control route besides its answer."""

    def test_a_control_route_uses_no_rate_limit(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """It is no call of the vendor's API."""
        emulation.control(client).put("/clock", json={"mode": "frozen"})
        before = client.get("/catalogs").headers["x-ratelimit-remaining"]

        for _ in range(5):
            emulation.control(client).patch(FIELD, json={"is_price": True})

        after = client.get("/catalogs").headers["x-ratelimit-remaining"]
        assert int(after) == int(before) - 1

    def test_due_jobs_run_before_a_control_route(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """As before a vendor call."""
        client.post("/catalogs/shops/fields", json={"fields": [{"name": "New", "type": "number"}]})

        answer = emulation.control(client).patch(
            "/braze/catalogs/shops/fields/New", json={"is_price": True}
        )

        assert answer.json() == {"name": "New", "token": "1", "type": "number", "is_price": True}

    def test_a_control_route_is_not_in_the_journal(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """The journal holds the vendors' calls."""
        control = emulation.control(client)
        before = control.get("/requests/count").json()

        control.patch(FIELD, json={"is_price": True})

        assert control.get("/requests/count").json() == before

    def test_the_libraries_of_a_control_route_are_imported_in_a_thread(
        self, emulation: Emulation, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As for the vendor's own calls."""
        monkeypatch.delitem(sys.modules, "colorsys", raising=False)
        [_, marking] = vendor_router_of(BY_NAME["braze"]).operations
        monkeypatch.setattr(marking, "imports", ("colorsys",))
        monkeypatch.setattr(
            VendorControlRouter,
            "find",
            lambda *_: (marking, {"catalog_name": "shops", "field_name": "Rating"}),
        )

        for _ in range(2):
            answer = emulation.control(client).patch(FIELD, json={"is_price": True})

            assert answer.status_code == 200
            assert "colorsys" in sys.modules
