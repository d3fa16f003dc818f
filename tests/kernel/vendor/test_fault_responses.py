"""Responses of faults: the vendor's own bodies and headers."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from mockalog.kernel.database.models import faults
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.vendors import VENDORS
from tests.arming import Arm, statuses
from tests.emulation import Emulation


class TestFormerIds:
    """Error ids of older versions."""

    def test_a_fault_with_a_former_error_id_answers_500(
        self, emulation: Emulation, arm: Arm, braze: httpx.Client
    ) -> None:
        """An older version armed it in a persistent database."""
        armed = arm(error="catalog-not-found")
        assert armed["status"] == 404
        statement = update(faults).values(error="gone")

        async def age() -> None:
            async with emulation.runtime.database.transaction() as connection:
                await connection.run(statement, {})

        emulation.run(age)

        assert statuses(braze, 2) == [500, 200]


class TestAnswers:
    """A failure has the vendor's own body and headers."""

    @pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
    def test_every_error_id_can_be_armed(self, emulation: Emulation, vendor: Vendor) -> None:
        """The answer has the armed status, and the id if the vendor's body has ids."""
        client = emulation.client(f"/{vendor.name}")
        control = emulation.control(client)
        control.patch("/settings", json={"rate_limits": "off"})
        operation = next(o for o in vendor.api.router.operations if o.credential is None)
        for error in vendor.api.faults.by_id:
            armed = control.post("/faults", json={"vendor": vendor.name, "error": error}).json()

            path = operation.path.replace("{", "").replace("}", "")
            answer = client.request(operation.verbs[0], path, json={})

            assert answer.status_code == armed["status"] >= 400
            assert "x-mockalog" in answer.headers
            if vendor.name != "squared":
                assert error in answer.text

    STATUSES: tuple[tuple[str, int, Any], ...] = (
        ("braze", 400, {"id": "arbitrary-error"}),
        ("braze", 401, {"message": "Invalid API key: "}),
        ("braze", 403, {"message": "Access Denied"}),
        ("braze", 404, {"message": "Invalid URL"}),
        ("braze", 413, {"message": "Request Entity Too Large"}),
        ("braze", 429, {"message": "Rate limit exceeded"}),
        ("braze", 500, {"message": "Internal Server Error"}),
        ("braze", 502, {"message": "Bad Gateway"}),
        ("braze", 503, {"message": "Service Unavailable"}),
        ("braze", 504, {"message": "Gateway Timeout"}),
        ("attraqt", 400, {"code": 3}),
        ("attraqt", 401, {"code": 16}),
        ("attraqt", 403, {"code": 7}),
        ("attraqt", 404, {"code": 5}),
        ("attraqt", 409, {"code": 10}),
        ("attraqt", 429, {"code": 8}),
        ("attraqt", 500, {"code": 13}),
        ("attraqt", 503, {"code": 14}),
        ("attraqt", 504, {"code": 13}),
        ("squared", 400, {"title": "Bad Request"}),
        ("squared", 401, {"detail": "Unauthorized"}),
        ("squared", 403, {"detail": "You are not authorized to do this action"}),
        ("squared", 404, {"detail": "Not found"}),
        ("squared", 413, {"status": 413}),
        ("squared", 422, {"detail": "Unprocessable Entity"}),
        ("squared", 424, {"detail": "Failed Dependency"}),
        ("squared", 429, {"error": "Too many requests. Please try again later."}),
        ("squared", 500, {"detail": "Internal Server Error"}),
        ("squared", 502, {"detail": "Bad Gateway"}),
        ("squared", 503, {"detail": "Service Unavailable"}),
        ("squared", 504, {"detail": "Gateway Timeout"}),
        ("attraqt", 502, {"message": "INTERNAL: Internal error"}),
    )

    @pytest.mark.parametrize("dialect", ["docs", "server"])
    def test_a_status_alone_has_the_vendors_body(self, emulation: Emulation, dialect: str) -> None:
        """In both dialects of Squared."""
        client = emulation.client(headers={"Accept": "application/json"})
        control = emulation.control(client)
        control.patch("/settings", json={"squared.dialect": dialect, "rate_limits": "off"})
        paths = {"braze": "/braze/catalogs", "attraqt": "/attraqt/catalogs"}
        for vendor, status, words in self.STATUSES:
            control.post("/faults", json={"vendor": vendor, "status": status})

            answer = client.get(paths.get(vendor, "/squared/api/v1/connectors"))

            body = answer.json()
            body = {**body, **(body["errors"][0] if "errors" in body else {})}
            assert answer.status_code == status
            [(name, expected)] = words.items()
            assert str(body[name]).startswith(str(expected)), (vendor, status, body)

    def test_a_429_shows_an_exhausted_limit(
        self, emulation: Emulation, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """If the call has a limit; `Retry-After` leads to its next window."""
        control.put("/clock", json={"mode": "frozen", "now": "2025-03-01T09:00:18Z"})
        arm(status=429)

        limited = braze.get("/catalogs").headers

        assert (limited["x-ratelimit-remaining"], limited["retry-after"]) == ("0", "42")
        assert braze.get("/catalogs").headers["x-ratelimit-remaining"] == "48"
        client = emulation.client("/attraqt")
        wanted = {"vendor": "attraqt", "status": 429}
        emulation.control(client).post("/faults", json=wanted)
        assert client.get("/catalogs").json()["message"].startswith("RESOURCE_EXHAUSTED")

    @pytest.mark.parametrize("limits", ["vendor", "off"])
    def test_a_429_has_the_armed_retry_after(self, emulation: Emulation, limits: str) -> None:
        """With every limit and vendor; 0 lets a client retry at once."""
        client = emulation.client()
        control = emulation.control(client)
        control.patch("/settings", json={"rate_limits": limits})
        control.put("/clock", json={"mode": "frozen", "now": "2025-03-01T09:00:18Z"})
        calls = {"braze": ("GET", "/braze/catalogs"), "squared": ("POST", "/squared/api/v1/signup")}
        for vendor, (method, path) in calls.items():
            for wait in (0, 7):
                wanted = {"vendor": vendor, "status": 429, "retry_after": wait}
                armed = control.post("/faults", json=wanted).json()
                limited = client.request(method, path)

                assert armed["retry_after"] == wait
                assert (limited.status_code, limited.headers["retry-after"]) == (429, str(wait))
        assert client.get("/braze/catalogs").headers["x-ratelimit-remaining"] != "0"

    def test_the_reset_header_agrees_with_retry_after(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """Both headers show the same instant."""
        control.put("/clock", json={"mode": "frozen", "now": "2025-03-01T09:00:18Z"})
        arm(status=429, retry_after=5)

        limited = braze.get("/catalogs").headers

        assert int(limited["x-ratelimit-reset"]) == 1740819618 + 5

    def test_brazes_error_has_the_values_of_the_path(self, arm: Arm, braze: httpx.Client) -> None:
        """Parameters and values agree if possible."""
        arm(error="item-not-found")

        [error] = braze.get("/catalogs/shop/items/a").json()["errors"]

        assert (error["parameters"], error["parameter_values"]) == (["item_id"], ["a"])

    def test_the_token_endpoint_fails_with_an_oauth_error(self, emulation: Emulation) -> None:
        """As its own errors."""
        client = emulation.client("/attraqt", token="")
        operation = next(
            o
            for v in VENDORS
            if v.name == "attraqt"
            for o in v.api.router.operations
            if o.credential
        )
        sandbox = {"X-Mockalog-Sandbox": "oauth"}
        wanted = {"vendor": "attraqt", "operation": operation.name, "status": 401}
        emulation.control(headers=sandbox).post("/faults", json=wanted)
        path = operation.path.replace("{", "").replace("}", "")
        form = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}

        answer = client.post(path, data=form, headers=sandbox)

        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
