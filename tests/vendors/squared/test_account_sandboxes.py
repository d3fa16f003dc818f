"""The sandbox of a signup, a login and the like: docs/vendors/squared.md#5-accounts.

The vendor's own pages send `Authorization: Bearer undefined` there (amendment squared A1).
"""

from uuid import uuid4

import httpx
import pytest

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.testing import Mockalog
from tests.emulation import Emulation, emulate
from tests.vendors.squared.factories import DESTINATION, PASSWORD, account_body, make_account
from tests.vendors.squared.requests import CONNECTORS, kind_b, login
from tests.vendors.squared.steering import list_mails, register_credential, sandbox_of

WRONG = kind_b(401, "Invalid login credentials, please try again")
UNAUTHORIZED = kind_b(401, "Unauthorized")
NEW = "Another2?"

# Values of `Authorization` that name no sandbox; None: the header is absent.
MEANINGLESS = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer undefined",
    "bearer undefined",
    "Bearer  undefined ",
    "Bearer null",
    "Bearer None",
    "Bearer NaN",
    "Bearer [object Object]",
    "Bearer false",
    "Basic dXNlcjpwYXNz",
    "undefined",
]


def page(emulation: Emulation, authorization: str | None = "Bearer undefined") -> httpx.Client:
    """Return a client that sends what the vendor's pages send before a login."""
    client = emulation.client("/squared")
    del client.headers["Authorization"]
    if authorization is not None:
        client.headers["Authorization"] = authorization
    return client


def sandbox_name(emulation: Emulation, token: str) -> str:
    """Return the name of the sandbox that a token opens."""
    shown = emulation.control(emulation.client(token=token)).get("/info").json()
    return str(shown["sandbox"])


def has_sandbox(emulation: Emulation, name: str) -> bool:
    """Return whether a sandbox exists; the server may have more of them than a page."""
    listed = emulation.server().sandboxes.list(after=name[:-1], limit=1)
    return [one["name"] for one in listed] == [name]


def token_of(response: httpx.Response) -> str:
    """Return the token of a login."""
    assert response.status_code == 200, response.text
    return str(response.json()["data"]["id"])


@pytest.mark.parametrize("dialect", ["docs", "server"])
@pytest.mark.parametrize("authorization", MEANINGLESS)
def test_six_operations_go_by_the_email(
    emulation: Emulation, email: str, authorization: str | None, dialect: str
) -> None:
    """Signup, login, forgot, reset, verify and resend, all in the email's own sandbox."""
    sandbox = sandbox_of(emulation, email)
    sandbox.settings.update({"squared.dialect": dialect, "squared.email_verification": True})
    client = page(emulation, authorization)

    make_account(client, email)
    client.post("/api/v1/resend_verification", json={"email": email}).raise_for_status()
    confirmation = {"confirmation_token": list_mails(emulation, email)[-1]["token"]}
    client.get("/api/v1/verify_user", params=confirmation).raise_for_status()
    client.post("/api/v1/forgot_password", json={"email": email}).raise_for_status()
    reset = {"password": NEW, "password_confirmation": NEW}
    reset["reset_password_token"] = list_mails(emulation, email)[-1]["token"]
    client.post("/api/v1/reset_password", json=reset).raise_for_status()

    token = token_of(login(client, email, NEW))
    assert sandbox_name(emulation, token) == digest(email)
    operations = [one["operation"] for one in sandbox.requests.list()]
    assert set(operations) == {
        *("signup", "resend_verification", "verify_user"),
        *("forgot_password", "reset_password", "login"),
    }
    assert len(operations) == 6


@pytest.mark.parametrize("suffix", ["", ".json", "/"])
def test_a_user_of_the_pages_logs_in_by_curl(emulation: Emulation, email: str, suffix: str) -> None:
    """And a user of a script logs in on the pages: with, without and with any header."""
    headers = ["Bearer undefined", None, f"Bearer {uuid4().hex}"]
    make_account(page(emulation), email)
    for authorization in headers:
        body = {"email": email, "password": PASSWORD}
        answer = page(emulation, authorization).post(f"/api/v1/login{suffix}", json=body)
        assert sandbox_name(emulation, token_of(answer)) == digest(email)
    make_account(page(emulation, None), f"b{email}")
    assert login(page(emulation), f"b{email}").status_code == 200


@pytest.mark.parametrize("email", [" m@x.io", "m@x.io ", "m@x.io\n"])
def test_blanks_are_no_part_of_an_email(emulation: Emulation, email: str) -> None:
    """Kind A, before any sandbox is looked for."""
    response = login(page(emulation), email)
    errors = {"email": ["has invalid email format"]}
    assert (response.status_code, response.json()) == (400, {"errors": errors})


def test_two_browsers_see_different_workspaces(emulation: Emulation) -> None:
    """With different emails, at once; each sees only its own connector."""
    emails = [f"{uuid4().hex}@example.com" for _ in range(8)]
    client = page(emulation)
    signups = [
        client.build_request("POST", "/api/v1/signup", json=account_body(one)) for one in emails
    ]
    assert {answer.status_code for answer in emulation.at_once(client, signups)} == {201}
    logins = [
        client.build_request("POST", "/api/v1/login", json=account_body(one)) for one in emails
    ]
    tokens = [token_of(answer) for answer in emulation.at_once(client, logins)]
    browsers = [emulation.client("/squared", token) for token in tokens]
    for name, browser in zip(emails, browsers, strict=True):
        body = {"connector": {**DESTINATION, "name": name}}
        browser.post(CONNECTORS, json=body).raise_for_status()
    for name, browser in zip(emails, browsers, strict=True):
        found = browser.get(CONNECTORS).json()["data"]
        assert [one["attributes"]["name"] for one in found] == [name]
        me = browser.get("/api/v1/users/me").json()["data"]
        assert me["attributes"]["email"] == name


def test_a_known_token_selects_the_sandbox(emulation: Emulation, email: str) -> None:
    """Registered, issued by a login, or one that has opened its sandbox in open mode."""
    registered, used = uuid4().hex, uuid4().hex
    register_credential(emulation, token=registered, sandbox=f"s-{registered}")
    emulation.client("/squared", used).get(CONNECTORS).raise_for_status()
    for token, name in ((registered, f"s-{registered}"), (used, digest(used))):
        client = emulation.client("/squared", token)
        make_account(client, email)
        issued = token_of(login(client, email))
        assert sandbox_name(emulation, issued) == name
        again = emulation.client("/squared", issued)
        assert sandbox_name(emulation, token_of(login(again, email))) == name
        # The token of the first login has ended, and still says whose it was.
        assert sandbox_name(emulation, token_of(login(again, email))) == name
    assert login(page(emulation), email).json() == WRONG


def test_an_unknown_token_opens_no_sandbox(emulation: Emulation, email: str) -> None:
    """Neither does a refused request make it known."""
    token = uuid4().hex
    client = emulation.client("/squared", token)
    assert client.post("/api/v1/login", json={}).status_code == 400
    json_ = {"Content-Type": "application/json"}
    assert client.post("/api/v1/signup", content=b"{", headers=json_).status_code == 400
    make_account(client, email)
    assert sandbox_name(emulation, token_of(login(client, email))) == digest(email)
    assert has_sandbox(emulation, digest(email))
    assert not has_sandbox(emulation, digest(token))
    assert sandbox_of(emulation, email).requests.count() == 2


@pytest.mark.parametrize("kind", ["undefined", "unknown", "known"])
def test_a_named_sandbox_comes_before_the_email(
    emulation: Emulation, email: str, kind: str
) -> None:
    """One email has an account in the named sandbox and one elsewhere.

    The name replaces the sandbox of a known token too, as in every other call.
    """
    name, token = uuid4().hex, "undefined" if kind == "undefined" else uuid4().hex
    if kind == "known":
        register_credential(emulation, token=token, sandbox=f"s-{token}")
    client = page(emulation, f"Bearer {token}")
    make_account(client, email)
    client.headers["X-Mockalog-Sandbox"] = name
    assert login(client, email).json() == WRONG
    make_account(client, email)
    assert client.post("/api/v1/login", json={}).status_code == 400
    assert sandbox_name(emulation, token_of(login(client, email))) == name
    named = emulation.control(headers={"X-Mockalog-Sandbox": name})
    # The refused request is there, too.
    assert named.get("/requests/count").json() == {"count": 4}


def test_two_authorization_headers_are_refused(emulation: Emulation, email: str) -> None:
    """Neither can be preferred."""
    headers = [("Authorization", "Bearer undefined"), ("Authorization", "Bearer a")]
    headers.append(("Accept", "application/json"))
    response = page(emulation, None).post(
        "/api/v1/signup", json=account_body(email), headers=headers
    )
    assert (response.status_code, response.json()) == (400, {"status": 400, "error": "Bad Request"})


@pytest.mark.parametrize("text", ["undefined", "null", "None", "NaN", "[object Object]"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/api/v1/logout"),
        ("GET", "/api/v1/users/me"),
        ("GET", "/api/v1/workspaces"),
        ("GET", CONNECTORS),
        ("GET", "/enterprise/api/v1/roles"),
    ],
)
def test_everywhere_else_a_placeholder_is_no_token(
    emulation: Emulation, method: str, path: str, text: str
) -> None:
    """401 in every mode."""
    response = page(emulation, f"Bearer {text}").request(method, path)
    assert (response.status_code, response.json()) == (401, UNAUTHORIZED)


SEEDED = {"name": "Mia", "email": "mia@example.com", "password": PASSWORD}


@pytest.mark.parametrize("authorization", ["Bearer undefined", None, "Bearer unknown"])
def test_a_seeded_user_logs_in_by_the_calls_of_the_pages(authorization: str | None) -> None:
    """The seed is in the template of the sandbox that the email opens."""
    with emulate(database_url="sqlite://") as emulation:
        emulation.server().seed({"squared": {"users": [SEEDED]}})
        client = page(emulation, authorization)
        client.headers["Authorization"] = f"Bearer {token_of(login(client, SEEDED['email']))}"
        me = client.get("/api/v1/users/me", headers={"Workspace-Id": "2"}).json()["data"]
        assert me["attributes"]["email"] == SEEDED["email"]
        assert [one["id"] for one in client.get("/api/v1/workspaces").json()["data"]] == ["2"]


def test_a_reset_of_the_server_sets_the_dialect_back() -> None:
    """Also in the sandbox of the vendor's pages (docs/vendors/squared.md#0-sources)."""
    with emulate(database_url="sqlite://") as emulation:
        client, server = page(emulation), emulation.server()
        server.settings["squared.dialect"] = "server"
        make_account(client, "m@x.io")
        assert sandbox_of(emulation, "m@x.io").settings["squared.dialect"] == "server"
        server.reset()
        assert sandbox_of(emulation, "m@x.io").settings["squared.dialect"] == "docs"


def test_a_user_of_a_test_logs_in_by_the_calls_of_the_pages() -> None:
    """`squared.user` and a seed's `credentials` register the email for the test's sandbox."""
    with Mockalog(in_process=True) as mockalog:
        one, other = mockalog.sandbox().squared, mockalog.sandbox().squared
        one.user("one@x.io")
        user = {**SEEDED, "email": "other@x.io"}
        credential = {"vendor": "squared", "token": "other@x.io"}
        other.seed({"credentials": [credential], "squared": {"users": [user]}})
        headers = {"Authorization": "Bearer undefined"}
        with httpx.Client(transport=mockalog.transport, base_url=one.url, headers=headers) as ui:
            for email in ("one@x.io", "other@x.io"):
                token_of(login(ui, email))
        assert [handle.requests.count(operation="login") for handle in (one, other)] == [2, 1]


@pytest.mark.parametrize("authorization", ["Bearer undefined", None, "Bearer unknown"])
def test_a_strict_server_goes_by_a_registered_email(authorization: str | None) -> None:
    """A meaningless bearer refuses nothing there either."""
    with emulate(database_url="sqlite://", auth="strict") as strict:
        client = page(strict, authorization)
        refused = client.post("/api/v1/signup", json=account_body("m@x.io"))
        assert (refused.status_code, refused.json()) == (401, UNAUTHORIZED)
        assert login(client, "m@x.io").json() == WRONG
        register_credential(strict, token="m@x.io", sandbox="mine")
        make_account(client, "m@x.io")
        assert sandbox_name(strict, token_of(login(client, "m@x.io"))) == "mine"


@pytest.mark.parametrize("made", ["signup", "seed"])
def test_a_user_of_one_sandbox_logs_in_by_the_calls_of_the_pages(made: str, email: str) -> None:
    """It is found by its email, without a registration (amendment squared A1)."""
    with emulate(database_url="sqlite://") as emulation:
        client = emulation.client("/squared", token="own")
        client.get("/api/v1/workspaces").raise_for_status()  # opens the sandbox
        if made == "signup":
            make_account(client, email)
        else:
            user = {"name": "Mia", "email": email, "password": PASSWORD}
            emulation.sandbox(client).seed({"squared": {"users": [user]}})

        for ui in (page(emulation), page(emulation, None)):
            assert sandbox_name(emulation, token_of(login(ui, email))) == digest("own")
            ui.post("/api/v1/forgot_password", json={"email": email}).raise_for_status()
        assert len(emulation.sandbox(client).squared.mails()) == 2


def test_a_user_of_two_sandboxes_is_in_neither_of_them(email: str) -> None:
    """Only a token or a name tells which is meant, until the email has an account of its own."""
    with emulate(database_url="sqlite://") as emulation:
        for token in ("one", "other"):
            client = emulation.client("/squared", token=token)
            client.get("/api/v1/workspaces").raise_for_status()  # opens the sandbox
            make_account(client, email)
        ui = page(emulation)
        assert login(ui, email).json() == WRONG

        make_account(ui, email)

        assert sandbox_name(emulation, token_of(login(ui, email))) == digest(email)


def test_a_strict_server_searches_no_user(email: str) -> None:
    """There an email is a credential, which must be registered."""
    with emulate(database_url="sqlite://", auth="strict") as emulation:
        register_credential(emulation, "own")
        make_account(emulation.client("/squared", token="own"), email)

        assert login(page(emulation), email).json() == WRONG
