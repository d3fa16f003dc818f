"""A strict server keeps sandboxes apart: names, registrations and journals."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate
from tests.kernel.factories import SHOP, names

READS = {
    "braze": "/catalogs",
    "squared": "/api/v1/workspaces",
    "attraqt": "/catalogs?tenant=acme&environment=live1",
}
ACCOUNT = {"name": "U", "email": "u@x.io", "password": "Secret1!", "company_name": "X"}
ACCOUNT["password_confirmation"] = ACCOUNT["password"]
# Squared's operations before a login, each with the status of an unknown account.
PUBLIC: list[tuple[str, str, dict[str, Any], int]] = [
    ("POST", "/signup", {"json": ACCOUNT}, 401),
    ("POST", "/login", {"json": ACCOUNT}, 401),
    ("POST", "/forgot_password", {"json": ACCOUNT}, 404),
    ("POST", "/resend_verification", {"json": ACCOUNT}, 422),
    ("POST", "/reset_password", {"json": {**ACCOUNT, "reset_password_token": "r"}}, 422),
    ("GET", "/verify_user", {"params": {"confirmation_token": "c"}}, 422),
]


class Scene:
    """A server with the sandboxes `ours` and `theirs` of one test, and a token for each.

    Names in tests are short: the server knows them with the test's own prefix.
    """

    def __init__(self, emulation: Emulation) -> None:
        self.emulation = emulation
        self._prefix = uuid4().hex
        for name in ("ours", "theirs"):
            for vendor in VENDORS:
                self.add(vendor.name, f"{name}-key", name)
        self.client("braze", "theirs-key").post("/catalogs", json=SHOP).raise_for_status()

    def named(self, name: str) -> str:
        """Return the server's name of a token or a sandbox; the template has only one."""
        return name if name in ("", "*") else f"{self._prefix}-{name}"

    def add(self, vendor: str, token: str, sandbox: str) -> int:
        """Register a token from the whole server; return its id."""
        credentials = self.emulation.server().credentials
        return credentials.add(vendor, self.named(token), sandbox=self.named(sandbox))["id"]

    def client(self, vendor: str, token: str | None, sandbox: str | None = None) -> httpx.Client:
        """Return a vendor's client with a token and a named sandbox, each only if given."""
        client = self.emulation.client(f"/{vendor}")
        del client.headers["Authorization"]
        client.headers.update(self.headers(token, sandbox))
        return client

    def control(self, token: str | None, sandbox: str | None = None) -> httpx.Client:
        """Return a client of the control plane with a token and a named sandbox."""
        return self.emulation.control(headers=self.headers(token, sandbox))

    def headers(self, token: str | None, sandbox: str | None) -> dict[str, str]:
        """Return the headers of a token and of a named sandbox, each only if given."""
        headers = {} if token is None else {"Authorization": f"Bearer {self.named(token)}"}
        named = {} if sandbox is None else {"X-Mockalog-Sandbox": self.named(sandbox)}
        return {**headers, **named}

    def register(
        self, caller: httpx.Client, token: str, sandbox: str | None = None
    ) -> httpx.Response:
        """Register a token of Braze."""
        named = {} if sandbox is None else {"sandbox": self.named(sandbox)}
        body = {"vendor": "braze", "token": self.named(token), **named}
        return caller.post("/credentials", json=body)

    def catalogs(self, token: str) -> list[str]:
        """Return the catalogs that a token sees."""
        return names(self.client("braze", token))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def strict_server(request: pytest.FixtureRequest) -> Iterator[Emulation]:
    """A strict server on each kind of database."""
    is_sqlite = request.param == "sqlite"
    url = "sqlite://" if is_sqlite else request.getfixturevalue("new_postgres_url")()
    with emulate(auth="strict", database_url=url, migrate=True) as emulation:
        yield emulation


@pytest.fixture
def strict(strict_server: Emulation) -> Scene:
    """Two sandboxes of the strict server."""
    return Scene(strict_server)


class TestVendorCalls:
    """The name in a vendor's call."""

    @pytest.mark.parametrize("vendor", READS)
    def test_another_credentials_sandbox_is_closed(self, strict: Scene, vendor: str) -> None:
        """Its own sandbox and one without an owner are open, also as the first call."""
        for token in ("ours-key", "unknown"):
            answer = strict.client(vendor, token, "theirs").get(READS[vendor])
            assert answer.status_code == 401, answer.text
        for sandbox in ("ours", "nobodys", "*", ""):
            answer = strict.client(vendor, "ours-key", sandbox).get(READS[vendor])
            assert answer.status_code == 200, answer.text

    def test_a_refused_call_is_not_in_the_other_journal(self, strict: Scene) -> None:
        """It is in the journal of the credential's own sandbox, if there is one."""
        before = strict.control(None).get("/requests/count").json()["count"]
        for token in ("ours-key", "unknown", None):
            for path in ("/catalogs", "/nope"):
                strict.client("braze", token, "theirs").get(path)

        counts = [
            strict.control(token).get("/requests/count").json()["count"]
            for token in ("theirs-key", "ours-key", None)
        ]
        assert counts == [1, 2, before + 6]

    @pytest.mark.parametrize(("method", "path", "options", "status"), PUBLIC)
    def test_an_operation_before_a_login_needs_a_credential_too(
        self, strict: Scene, method: str, path: str, options: dict[str, Any], status: int
    ) -> None:
        """Otherwise a signup would give a token of any sandbox."""
        for token in ("ours-key", "unknown", None):
            outsider = strict.client("squared", token, "theirs")

            answer = outsider.request(method, f"/api/v1{path}", **options)

            assert answer.status_code == status, answer.text
        assert strict.control("theirs-key").get("/squared/outbox").json() == {"mails": []}

    @pytest.mark.parametrize(
        ("token", "sandbox"), [("theirs-key", "theirs"), (None, "mail"), (None, "nobodys")]
    )
    def test_a_signup_may_name_an_own_sandbox(
        self, strict: Scene, token: str | None, sandbox: str
    ) -> None:
        """That of the header's token, that of a registered email, or one without an owner."""
        email = strict.named("u@x.io")
        strict.add("squared", "u@x.io", "mail")
        caller = strict.client("squared", token, sandbox)

        account = {**ACCOUNT, "email": email}
        assert caller.post("/api/v1/signup", json=account).status_code == 201
        assert caller.post("/api/v1/login", json=account).status_code == 200

    def test_an_issued_token_makes_no_owner(self, strict: Scene) -> None:
        """It may name its own sandbox, and so may the clients that named the sandbox before."""
        first = strict.client("squared", "ours-key", "shared")
        first.post("/api/v1/signup", json=ACCOUNT).raise_for_status()
        issued = first.post("/api/v1/login", json=ACCOUNT).json()["data"]["id"]
        member = strict.client("squared", None)
        member.headers["Authorization"] = f"Bearer {issued}"

        for sandbox, status in ((None, 200), ("shared", 200), ("theirs", 401)):
            headers = strict.headers(None, sandbox)
            answer = member.get("/api/v1/users/me", headers=headers)
            assert answer.status_code == status, (sandbox, answer.text)
        assert first.get("/api/v1/workspaces").status_code == 200

    def test_a_registration_makes_an_owner_at_once(self, strict: Scene) -> None:
        """Callers that named the sandbox before lose it; a removal gives it back."""
        before = strict.client("braze", "ours-key", "free")
        assert before.get("/catalogs").status_code == 200

        owner = strict.add("braze", "free-key", "free")

        assert before.get("/catalogs").status_code == 401
        assert strict.client("braze", "free-key", "free").get("/catalogs").status_code == 200
        strict.emulation.server().credentials.remove(owner)
        assert before.get("/catalogs").status_code == 200


CALLS = [
    ("GET", "/info"),
    ("POST", "/reset"),
    ("GET", "/state"),
    ("GET", "/requests"),
    ("DELETE", "/requests"),
    ("GET", "/credentials"),
    ("GET", "/braze/selections/shop/x/items"),
]


class TestControlCalls:
    """The name in a control call."""

    @pytest.mark.parametrize("token", ["ours-key", "unknown", None])
    def test_another_credentials_sandbox_is_closed(self, strict: Scene, token: str | None) -> None:
        """The refusal names the two remedies."""
        for method, path in CALLS:
            answer = strict.control(token, "theirs").request(method, path)

            assert answer.status_code == 403, answer.text
            detail = answer.json()["detail"]
            assert f"{strict.named('theirs')!r} belongs to another credential: send" in detail
            assert "MOCKALOG_ADMIN_TOKEN" in detail
        assert strict.catalogs("theirs-key") == ["shop"]

    @pytest.mark.parametrize(
        ("token", "sandbox"), [("ours-key", "ours"), ("ours-key", "nobodys"), (None, "nobodys")]
    )
    def test_an_own_sandbox_can_be_named(
        self, strict: Scene, token: str | None, sandbox: str
    ) -> None:
        """And one without an owner, also without a credential."""
        shown = strict.control(token, sandbox).get("/info").json()

        assert shown["sandbox"] == strict.named(sandbox)

    def test_an_open_server_keeps_nothing_apart(self, emulation: Emulation) -> None:
        """Names are for clients that cannot vary their credential."""
        scene = Scene(emulation)

        assert names(scene.client("braze", "ours-key", "theirs")) == ["shop"]
        assert scene.control("ours-key", "theirs").post("/reset").status_code == 200
        assert scene.catalogs("theirs-key") == []


class TestRegistrations:
    """A registered token on its way to another sandbox."""

    @pytest.mark.parametrize("token", ["ours-key", "unknown", None])
    @pytest.mark.parametrize("sandbox", [None, "elsewhere"])
    def test_it_cannot_be_taken_away(
        self, strict: Scene, token: str | None, sandbox: str | None
    ) -> None:
        """Neither by another credential nor by a call on the whole server."""
        answer = strict.register(strict.control(token), "theirs-key", sandbox)

        assert answer.status_code == 403, answer.text
        assert answer.json()["detail"].startswith("the token opens another sandbox")
        assert strict.catalogs("theirs-key") == ["shop"]

    def test_a_document_cannot_take_it_away(self, strict: Scene) -> None:
        """A seed and a state are refused as well."""
        credentials = [{"vendor": "braze", "token": strict.named("theirs-key")}]
        document = {"mockalog": 1, "credentials": credentials}
        for method, path in (("POST", "/seed"), ("PUT", "/state")):
            answer = strict.control("ours-key").request(method, path, json=document)

            assert answer.status_code == 400, answer.text
        assert strict.catalogs("theirs-key") == ["shop"]

    def test_its_own_sandbox_can_move_it(self, strict: Scene) -> None:
        """To one without an owner; and it can register it again."""
        caller = strict.control("theirs-key")
        assert strict.register(caller, "theirs-key").status_code == 201
        assert strict.register(caller, "theirs-key", "ours").status_code == 403

        assert strict.register(caller, "theirs-key", "elsewhere").status_code == 201

        assert strict.catalogs("theirs-key") == []

    def test_of_two_registrations_at_once_one_opens_its_sandbox(self, strict: Scene) -> None:
        """Neither moves the token of the other."""
        requests = [
            strict.control(None, sandbox).build_request(
                "POST", "/credentials", json={"vendor": "braze", "token": strict.named("new")}
            )
            for sandbox in ("left", "right") * 10
        ]

        answers = strict.emulation.at_once(strict.control(None), requests)

        opened = {one.json()["sandbox"] for one in answers if one.status_code == 201}
        assert len(opened) == 1
        assert {one.status_code for one in answers} == {201, 403}

    def test_a_new_token_opens_no_foreign_sandbox(self, strict: Scene) -> None:
        """A caller without a sandbox may add a second token to one, as a fixture does."""
        assert strict.register(strict.control("ours-key"), "new", "theirs").status_code == 403
        assert strict.client("braze", "new").get("/catalogs").status_code == 401
        assert strict.register(strict.control(None), "second", "theirs").status_code == 201
        assert strict.catalogs("second") == ["shop"]

    def test_an_admin_may_do_everything(self) -> None:
        """The server has an admin token, so every control call comes from an admin."""
        with emulate(auth="strict", admin_token="root") as emulation:
            root = {"X-Mockalog-Admin": "root"}
            admin = emulation.control(headers=root)
            for name in ("ours", "theirs"):
                wanted = {"vendor": "braze", "token": name, "sandbox": f"{name}-sandbox"}
                admin.post("/credentials", json=wanted).raise_for_status()
            named = {"Authorization": "Bearer ours", "X-Mockalog-Sandbox": "theirs-sandbox"}
            as_ours = emulation.control(headers={**root, **named})

            assert as_ours.get("/info").json()["sandbox"] == "theirs-sandbox"
            moved = as_ours.post("/credentials", json={"vendor": "braze", "token": "ours"})
            assert moved.json()["sandbox"] == "theirs-sandbox"
            wanted = {"vendor": "braze", "token": "theirs", "sandbox": "ours-sandbox"}
            assert admin.post("/credentials", json=wanted).json()["sandbox"] == "ours-sandbox"
