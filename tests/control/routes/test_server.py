"""Health, info, reset, and the access to control calls."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog import __version__
from mockalog.testing import Mockalog
from mockalog.testing.emulators.in_process import InProcess
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate

JSON = "application/json"
PROBLEM = "application/problem+json"
SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}


def shops(client: httpx.Client) -> int:
    """Return the number of catalogs that a Braze client sees."""
    return len(client.get("/catalogs").json()["catalogs"])


@pytest.fixture(scope="module")
def on_sqlite() -> Iterator[Emulation]:
    """A server on any database."""
    with emulate() as emulation:
        yield emulation


@pytest.mark.parametrize(("call", "status"), [("/health", "ok"), ("/ready", "ready")])
def test_health_and_readiness_need_no_credential(
    emulation: Emulation, call: str, status: str
) -> None:
    """On every address."""
    answer = emulation.control().get(call)

    assert (answer.status_code, answer.json()) == (200, {"status": status})


@pytest.mark.parametrize("call", ["/health", "/ready", "/info", "/nope"])
def test_head_is_answered_as_get_without_the_body(emulation: Emulation, call: str) -> None:
    """Load balancers send HEAD."""
    control = emulation.control()

    head, get = control.head(call), control.get(call)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers == get.headers


@pytest.mark.parametrize("call", ["/health/", "/clock/advance/", "/braze/selections/"])
def test_a_slash_at_the_end_is_not_found(emulation: Emulation, call: str) -> None:
    """Many clients follow no redirect, so the error has the right path."""
    answer = emulation.control().post(call)

    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
    assert answer.json()["detail"].endswith(f"call /_mockalog{call.rstrip('/')}")


def test_info(emulation: Emulation) -> None:
    """Version, mode, addresses, operations with permission and bucket."""
    info = emulation.control().get("/info").json()

    assert (info["version"], info["auth"]) == (__version__, "open")
    assert [vendor["name"] for vendor in info["vendors"]] == [v.name for v in VENDORS]
    braze = next(vendor for vendor in info["vendors"] if vendor["name"] == "braze")
    assert braze["url"] == "http://127.0.0.1:8002"
    assert "arbitrary-error" in braze["errors"]
    assert "catalogs.get_items" in braze["permissions"]
    assert braze["operations"][0] == {
        "name": "create_catalog",
        "methods": ["POST"],
        "path": "/catalogs",
        "permission": "catalogs.create",
        "bucket": {"name": "braze.sync-catalogs", "limit": 50, "seconds": 60},
    }


class TestReset:
    """`POST /_mockalog/reset`."""

    @pytest.mark.parametrize("body", [None, {}, {"to": "empty"}, {"to": "baseline"}])
    def test_a_reset_affects_one_sandbox(self, emulation: Emulation, body: Any) -> None:
        """It removes data, clock, settings, limits, jobs and journal together."""
        mine, other = emulation.client("/braze"), emulation.client("/braze")
        control = emulation.control(mine)
        for client in (mine, other):
            client.post("/catalogs", json=SHOP)
        control.patch("/settings", json={"rate_limits": "off"})
        control.put("/clock", json={"mode": "frozen", "now": "2001-01-01T00:00:00Z"})

        answer = control.post("/reset", json=body) if body is not None else control.post("/reset")

        assert answer.status_code == 200
        assert answer.json()["status"] == "reset"
        assert control.get("/requests/count").json() == {"count": 0}
        assert control.get("/settings").json()["rate_limits"] == "vendor"
        assert control.get("/clock").json()["mode"] == "real"
        first = mine.get("/catalogs")
        assert first.json()["catalogs"] == []
        assert first.headers["x-ratelimit-remaining"] == "49"
        assert shops(other) == 1
        assert emulation.control(other).get("/requests/count").json() == {"count": 2}

    def test_without_a_credential_the_whole_server_is_reset(self) -> None:
        """Every sandbox and the template."""
        with emulate() as emulation:
            clients = [emulation.client("/braze") for _ in range(3)]
            for client in clients:
                client.post("/catalogs", json=SHOP)
            server = emulation.control()
            server.patch("/settings", json={"rate_limits": "off"})

            assert server.post("/reset").status_code == 200

            assert [shops(client) for client in clients] == [0, 0, 0]
            assert server.get("/settings").json()["rate_limits"] == "vendor"
            assert server.get("/requests/count").json() == {"count": 3}  # those just made

    def test_a_registered_credential_survives_a_reset(self) -> None:
        """It is part of the test's set-up, not of the sandbox's state."""
        with emulate(auth="strict") as emulation:
            emulation.control().post("/credentials", json={"vendor": "braze", "token": "t"})
            client = emulation.client("/braze", token="t")
            client.post("/catalogs", json=SHOP)

            emulation.control().post("/reset")

            assert shops(client) == 0

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"to": "snapshot:none"}, 404),
            ({"to": "yesterday"}, 400),
            ({"to": None}, 400),
            ({"form": "empty"}, 400),
        ],
    )
    def test_an_invalid_reset_changes_nothing(
        self, emulation: Emulation, body: Any, status: int
    ) -> None:
        """Unknown snapshots, targets and keys are refused."""
        client = emulation.client("/braze")
        client.post("/catalogs", json=SHOP)

        answer = emulation.control(client).post("/reset", json=body)

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert shops(client) == 1


class TestProblems:
    """Errors are problem documents."""

    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("GET", "", None, 404),
            ("GET", "/nope", None, 404),
            ("PUT", "/health", None, 405),
            ("POST", "/credentials", b"{", 400),
            ("POST", "/credentials", b"{}", 400),
            ("POST", "/clock/advance", b'{"seconds": -1}', 400),
            ("POST", "/clock/advance", b'{"seconds": "x"}', 400),
            ("POST", "/clock/advance", b'{"seconds": 1e300}', 400),
            ("POST", "/clock/advance", b'{"seconds": true}', 400),
            ("POST", "/clock/advance", b'{"seconds": "60"}', 400),
            ("POST", "/clock/advance", b'{"seconds": NaN}', 400),
            ("PUT", "/clock", b'{"mode": "frozen", "now": 12345}', 400),
            ("PUT", "/clock", b'{"mode": "frozen", "now": "12345"}', 400),
            ("PUT", "/clock", b'{"mode": "frozen", "now": true}', 400),
            ("PUT", "/clock", b'{"mode": "frozen", "now": "yesterday"}', 400),
            ("PUT", "/clock", b'{"mode": "frozen", "now": "2024-01-01T00:00:00"}', 400),
            ("PUT", "/clock", b'{"now": "1969-12-31T23:59:59Z"}', 400),
            ("PUT", "/clock", b'{"mode": "sideways"}', 400),
            ("PATCH", "/settings", b'{"nope": 1}', 400),
            ("PATCH", "/settings", b'{"braze.async_delay": "1"}', 400),
            ("PATCH", "/settings", b'{"braze.async_delay": true}', 400),
            ("PATCH", "/settings", b'{"braze.async_delay": 1e400}', 400),
            ("PATCH", "/settings", b'{"braze.storage_limit": 1.5}', 400),
            ("PATCH", "/settings", b'{"braze.storage_limit": false}', 400),
            ("PATCH", "/settings", b'{"squared.email_verification": 1}', 400),
            ("PATCH", "/settings", b'{"squared.email_verification": "yes"}', 400),
            ("POST", "/faults", b'{"vendor": "braze", "times": "2"}', 400),
            ("POST", "/faults", b'{"vendor": "braze", "times": true}', 400),
            ("POST", "/faults", b'{"vendor": "braze", "status": "500"}', 400),
            ("POST", "/faults", b'{"vendor": "braze", "drop": 1}', 400),
            ("POST", "/faults", b'{"vendor": "braze", "delay": "1"}', 400),
            ("POST", "/credentials", b'{"vendor": "braze", "token": 5}', 400),
            ("POST", "/credentials", b'{"vendor": "braze", "token": "\\ud800"}', 400),
            ("PATCH", "/settings", b"[]", 400),
            ("DELETE", "/credentials/x", None, 400),
            ("DELETE", "/credentials/999999", None, 404),
            ("DELETE", "/credentials/99999999999999999999999", None, 400),
            ("GET", "/requests?limit=0", None, 400),
            ("GET", "/requests?nope=1", None, 400),
            ("GET", "/requests?since=now", None, 400),
            ("GET", "/requests?since=12345", None, 400),
        ],
    )
    def test_an_error_has_its_reason(
        self, emulation: Emulation, method: str, path: str, body: bytes | None, status: int
    ) -> None:
        """It has neither FastAPI's shape nor a traceback."""
        control = emulation.control(emulation.client())
        headers = {"Content-Type": "application/json"}

        answer = control.request(method, path, content=body, headers=headers)

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert set(problem) == {"type", "title", "status", "detail"}
        assert problem["status"] == status
        assert problem["detail"]

    @pytest.mark.parametrize(
        ("method", "path", "methods"),
        [
            ("PUT", "/faults", "GET, POST, DELETE"),
            ("POST", "/clock", "GET, PUT"),
            ("GET", "/snapshots/kept", "PUT, DELETE"),
            ("BREW", "/health", "GET"),
        ],
    )
    def test_a_wrong_method_lists_the_right_ones(
        self, emulation: Emulation, method: str, path: str, methods: str
    ) -> None:
        """In the detail and in `Allow`."""
        answer = emulation.control().request(method, path)

        assert (answer.status_code, answer.headers["allow"]) == (405, methods)
        said = f"{method} /_mockalog{path} is not a control call: this path takes {methods}"
        assert answer.json()["detail"] == said

    @pytest.mark.parametrize("call", ["/clock/advance", "/reset", "/credentials", "/faults"])
    @pytest.mark.parametrize(
        ("content_type", "body", "status", "reason"),
        [
            ("text/plain", b"{}", 415, "application/json; it has text/plain"),
            ("application/xml", b"{}", 415, "application/json; it has application/xml"),
            (JSON, b"[" * 100_000, 400, "the body is not JSON: it is nested too deeply"),
            (JSON, b'{"a":' * 100_000, 400, "the body is not JSON: it is nested too deeply"),
            (JSON, b'{"a": "\xff"}', 400, "the body is not JSON: 'utf-8' codec can't decode"),
            (JSON, b'{"a"', 400, "the body is not JSON: Expecting ':' delimiter (character 4)"),
            (JSON, b"[1]", 400, "body: Input should be a valid dictionary"),
            ("application/merge-patch+json", b"{}{}", 400, "not JSON: Extra data (character 2)"),
        ],
    )
    def test_an_invalid_body_has_its_reason(
        self,
        on_sqlite: Emulation,
        call: str,
        content_type: str | None,
        body: bytes,
        status: int,
        reason: str,
    ) -> None:
        """Type, depth, encoding, or the place of a JSON error."""
        headers = {} if content_type is None else {"Content-Type": content_type}

        answer = on_sqlite.control().post(call, content=body, headers=headers)

        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
        assert reason in answer.json()["detail"]

    @pytest.mark.parametrize(
        "content_type", [None, "", "application/x-www-form-urlencoded; charset=utf-8"]
    )
    def test_a_default_content_type_is_read_as_json(
        self, on_sqlite: Emulation, content_type: str | None
    ) -> None:
        """curl sends a form's by default, and other clients none."""
        headers = {} if content_type is None else {"Content-Type": content_type}

        answer = on_sqlite.control().post("/reset", content=b'{"to": "empty"}', headers=headers)

        assert answer.json() == {"status": "reset", "to": "empty"}

    @pytest.mark.parametrize(
        ("method", "call"),
        [
            ("POST", "/reset?to=empty"),
            ("DELETE", "/faults?vendor=braze"),
            ("DELETE", "/requests?vendor=braze"),
        ],
    )
    def test_an_unread_query_is_refused(self, on_sqlite: Emulation, method: str, call: str) -> None:
        """Only reads of the journal, control routes and probes may have one."""
        control = on_sqlite.control(headers={"X-Mockalog-Sandbox": "asked"})

        refused = control.request(method, call)

        assert refused.status_code == 400
        assert "take a query" in refused.json()["detail"]
        for taken in (
            "/ready?probe=1",
            "/requests?limit=1",
            "/jobs?limit=1",
            "/squared/outbox?x=1",
        ):
            assert control.get(taken).status_code == 200

    def test_an_internal_error_is_a_problem(self, caplog: pytest.LogCaptureFixture) -> None:
        """The traceback is in the log."""
        with emulate() as emulation:
            object.__setattr__(emulation.runtime, "setting_registry", None)

            answer = emulation.control().get("/settings")

        assert answer.status_code == 500
        assert "itself failed" in answer.json()["detail"]
        assert "AttributeError" in caplog.text

    def test_the_connection_survives_an_internal_error(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The next call uses it; the log has each error once."""
        with Mockalog(auth="open") as mockalog, httpx.Client(base_url=mockalog.url) as client:
            emulator = mockalog._emulator
            assert isinstance(emulator, InProcess)
            object.__setattr__(emulator.runtime, "setting_registry", None)

            calls = ("/settings", "/health", "/settings")
            answers = [client.get(f"/_mockalog{call}") for call in calls]

        assert [answer.status_code for answer in answers] == [500, 200, 500]
        assert answers[0].headers["content-type"] == PROBLEM
        assert "Traceback" not in answers[0].text
        assert [record.name for record in caplog.records] == ["mockalog.control.calls.problems"] * 2


class TestAdmin:
    """`MOCKALOG_ADMIN_TOKEN`."""

    @pytest.mark.parametrize("given", [{}, {"X-Mockalog-Admin": "no"}, {"X-Mockalog-Admin": "é"}])
    def test_control_calls_need_the_admin_token(self, given: dict[str, str]) -> None:
        """Health and readiness do not."""
        with emulate(admin_token="s3cret") as emulation:
            control = emulation.control()
            headers = [(name.encode(), value.encode()) for name, value in given.items()]

            assert control.get("/info", headers=headers).status_code == 401
            assert control.get("/ready").status_code == 200

    def test_the_admin_token_opens_control_calls(self) -> None:
        """Vendor calls never need it."""
        with emulate(admin_token="s3cret") as emulation:
            assert emulation.control(headers={"X-Mockalog-Admin": "s3cret"}).get("/info").is_success
            assert emulation.client("/braze").get("/catalogs").is_success


class TestCertificate:
    """`GET /_mockalog/ca.pem`."""

    def test_a_server_with_tls_returns_its_authority(self) -> None:
        """Without a token: it is not secret."""
        with emulate(ca_certificate="PEM", admin_token="s3cret") as emulation:
            answer = emulation.control().get("/ca.pem")

        assert answer.headers["content-type"] == "application/x-pem-file"
        assert answer.text == "PEM"

    def test_a_server_without_tls_has_no_authority(self, on_sqlite: Emulation) -> None:
        """The error says how to start it with TLS."""
        answer = on_sqlite.control().get("/ca.pem")

        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        assert "--tls" in answer.json()["detail"]
