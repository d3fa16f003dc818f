"""The realm as Keycloak has it (amendment attraqt A3).

Source: docs/vendors/attraqt.md#22-realm.
"""

import base64
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from sqlalchemy import select

from mockalog.kernel.errors import UnreadableRequestError
from mockalog.kernel.formats.json import loads
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.vendors.attraqt.errors import envelope
from mockalog.vendors.attraqt.models import assertions, signing_keys
from mockalog.vendors.attraqt.router import oauth_error as oauth_error_of
from tests.emulation import Emulation, emulate
from tests.queries import query_of
from tests.vendors.attraqt.factories import make_catalog
from tests.vendors.attraqt.steering import advance, freeze

REALM = "/auth/realms/acme"
PROTOCOL = f"{REALM}/protocol/openid-connect"
TOKEN = f"{PROTOCOL}/token"
INTROSPECTION = f"{TOKEN}/introspect"
USERINFO = f"{PROTOCOL}/userinfo"
CONFIGURATION = f"{REALM}/.well-known/openid-configuration"
KEYS = f"{PROTOCOL}/certs"
DOCUMENTS = [REALM, CONFIGURATION, KEYS]

Ask = Callable[..., httpx.Response]


@pytest.fixture
def anyone(emulation: Emulation) -> httpx.Client:
    """A client without a credential."""
    return emulation.client("/attraqt", headers={"Authorization": ""})


@pytest.fixture
def client_id() -> str:
    """An unused client id, so that its sandbox is new."""
    return f"client-{uuid.uuid4().hex}"


def token_of(client: httpx.Client, name: str, scope: str = "openid", path: str = TOKEN) -> str:
    """Return an access token of a client in open mode."""
    form = {"grant_type": "client_credentials", "scope": scope}
    answer = client.post(path, data=form, auth=(name, "s"))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def oauth_error(answer: httpx.Response) -> tuple[int, str]:
    """Return status and error of an OAuth error of the right shape."""
    assert list(answer.json()) == ["error", "error_description"]
    assert answer.json()["error_description"]
    return answer.status_code, answer.json()["error"]


def key_id(emulation: Emulation) -> str:
    """Return the id of the server's key."""
    keys = emulation.client("/attraqt", headers={"Authorization": ""}).get(KEYS).json()["keys"]
    return str(keys[0]["kid"])


def rows(emulation: Emulation, table: Any) -> list[Any]:
    """Return the rows of a table."""

    async def read() -> list[Any]:
        async with emulation.runtime.database.transaction() as connection:
            return list(await connection.all(query_of(select(table)), {}))

    found: list[Any] = emulation.run(read)
    return found


class TestDocuments:
    """The realm, its OpenID configuration and its JWKS."""

    def test_the_configuration_names_the_endpoints(self, anyone: httpx.Client) -> None:
        """Those that there are, and the one of users' logins, which httpx-oauth requires."""
        known = anyone.get(CONFIGURATION).json()

        issuer = f"http://mockalog.test/attraqt{REALM}"
        endpoints = {name: url for name, url in known.items() if str(url).startswith("http")}
        assert endpoints == {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/protocol/openid-connect/auth",
            "token_endpoint": f"{issuer}/protocol/openid-connect/token",
            "introspection_endpoint": f"{issuer}/protocol/openid-connect/token/introspect",
            "userinfo_endpoint": f"{issuer}/protocol/openid-connect/userinfo",
            "jwks_uri": f"{issuer}/protocol/openid-connect/certs",
        }
        assert known["grant_types_supported"] == ["client_credentials"]
        assert "private_key_jwt" in known["token_endpoint_auth_methods_supported"]
        assert "openid" in known["scopes_supported"]

    @pytest.mark.parametrize(
        ("headers", "base"),
        [
            ({"Host": "iam.attraqt.io"}, "http://iam.attraqt.io/attraqt"),
            ({"Host": "mock:8443", "X-Forwarded-Proto": "https"}, "https://mock:8443/attraqt"),
            (
                {"X-Forwarded-Host": "a.example", "X-Forwarded-Prefix": "/mock"},
                "http://a.example/mock/attraqt",
            ),
        ],
    )
    def test_urls_are_those_of_the_caller(
        self, anyone: httpx.Client, client_id: str, headers: dict[str, str], base: str
    ) -> None:
        """In the documents and in tokens, because clients compare the issuer."""
        anyone.headers.update(headers)
        prefix = "" if headers.get("Host") == "iam.attraqt.io" else "/attraqt"
        base = base.removesuffix("/attraqt") + prefix
        anyone.base_url = httpx.URL("http://mockalog.test" + prefix)

        issuers = [
            anyone.get(CONFIGURATION).json()["issuer"],
            anyone.get(REALM).json()["token-service"].removesuffix("/protocol/openid-connect"),
            jwt.decode(token_of(anyone, client_id), options={"verify_signature": False})["iss"],
        ]

        assert issuers == [base + REALM] * 3

    @pytest.mark.parametrize("realm", ["a b", "café", "a/b", 'say "hi"', "fas:live"])
    def test_any_name_of_a_tenant_is_a_realm(
        self, anyone: httpx.Client, client_id: str, realm: str
    ) -> None:
        """The client can follow its URLs, which are spelled as the client spells them."""
        path = f"/auth/realms/{quote(realm, safe='')}"

        known = anyone.get(f"{path}/.well-known/openid-configuration").json()
        token = token_of(anyone, client_id, path=known["token_endpoint"])
        found = anyone.get(path).json()

        assert known["issuer"] == f"http://mockalog.test/attraqt{path}"
        assert known["issuer"] == jwt.decode(token, options={"verify_signature": False})["iss"]
        assert found["realm"] == realm
        seen = anyone.get(known["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"})
        assert seen.json()["sub"] == client_id
        refused = anyone.get(known["userinfo_endpoint"])
        assert oauth_error(refused) == (401, "invalid_token")

    def test_the_keys_verify_a_token(self, anyone: httpx.Client, client_id: str) -> None:
        """By the id in the header, and by the public key of the realm."""
        token = token_of(anyone, client_id)
        [key] = anyone.get(KEYS).json()["keys"]
        found = anyone.get(REALM).json()

        public: Any = load_der_public_key(base64.b64decode(found["public_key"]))
        assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
        assert jwt.get_unverified_header(token)["kid"] == key["kid"]
        for candidate in (jwt.PyJWK(key), public):
            claims = jwt.decode(token, candidate, algorithms=["RS256"], audience="account")
            assert claims["azp"] == client_id
        assert (found["realm"], found["tokens-not-before"]) == ("acme", 0)

    @pytest.mark.parametrize("path", DOCUMENTS)
    def test_a_document_needs_no_credential(
        self, emulation: Emulation, anyone: httpx.Client, path: str
    ) -> None:
        """It opens no sandbox, is answered to HEAD, and is read again after a change."""
        token = uuid.uuid4().hex
        for sent in ("", f"Basic {token}", f"Bearer {token}", "Bearer undefined"):
            headers = {"Authorization": sent} if sent else {}
            answer = anyone.get(path, headers=headers)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
        head = anyone.head(path)

        assert (head.status_code, head.content) == (200, b"")
        name = digest(token)
        listed = emulation.server().sandboxes.list(after=name[:-1], limit=1)
        assert name not in [one["name"] for one in listed]

    def test_strict_mode_shows_them_too(self) -> None:
        """A client reads them before it has a token, and may send a credential or a name."""
        with emulate(auth="strict") as emulation:
            client = emulation.client("/attraqt")
            client.headers["X-Mockalog-Sandbox"] = "mine"
            emulation.server().credentials.add("attraqt", "owner", sandbox="mine")

            assert [client.get(path).status_code for path in DOCUMENTS] == [200] * 3

    def test_a_sandbox_sees_the_calls_that_name_it(
        self, emulation: Emulation, anyone: httpx.Client, attraqt: httpx.Client
    ) -> None:
        """By its known token or its name; other calls are in the journal of the server."""
        attraqt.get("/catalogs")  # opens the sandbox
        attraqt.get(KEYS)
        anyone.get(KEYS)

        assert emulation.sandbox(attraqt).requests.count(operation="get_keys") == 1
        assert emulation.server().requests.count(operation="get_keys") >= 2

    def test_faults_apply(
        self, emulation: Emulation, anyone: httpx.Client, attraqt: httpx.Client
    ) -> None:
        """Those of the sandbox to the calls that name it, those of the server to all."""
        own, of_server = emulation.sandbox(attraqt).attraqt, emulation.server()
        own.fail_next("get_keys", status=503)
        assert [anyone.get(KEYS).status_code, attraqt.get(KEYS).status_code] == [200, 503]

        fault = {"vendor": "attraqt", "operation": "get_realm", "status": 503, "times": 2}
        assert emulation.control().post("/faults", json=fault).status_code == 201
        assert oauth_error(anyone.get(REALM)) == (503, "temporarily_unavailable")
        assert oauth_error(attraqt.get(REALM)) == (503, "temporarily_unavailable")
        assert anyone.get(REALM).status_code == 200
        of_server.faults.clear()


class TestKey:
    """The key that signs tokens: one for the server, as long as its database."""

    def test_a_restart_on_a_file_keeps_it(self, tmp_path: Path, client_id: str) -> None:
        """A token from before is still valid and active."""
        url = f"sqlite:///{tmp_path}/a.db"
        with emulate(database_url=url) as emulation:
            assert rows(emulation, signing_keys) == []  # no start pays for it
            token = token_of(emulation.client("/attraqt"), client_id)
            first = key_id(emulation)

        with emulate(database_url=url) as emulation:
            client = emulation.client("/attraqt")
            active = client.post(INTROSPECTION, data={"token": token}, auth=("other", "s"))
            assert (key_id(emulation), active.json()["active"]) == (first, True)

    def test_two_servers_on_one_database_agree(self, database_url: str, tmp_path: Path) -> None:
        """Also if both need it first at the same instant."""
        url = f"sqlite:///{tmp_path}/a.db" if database_url == "sqlite://" else database_url
        with emulate(database_url=url, migrate=True) as one, emulate(database_url=url) as two:
            found = {key_id(one), key_id(two), key_id(one)}

        assert len(found) == 1

    def test_fifty_first_calls_agree(self) -> None:
        """Each may have made a key, and one is kept."""
        with emulate() as emulation:
            client = emulation.client("/attraqt")
            wanted = [client.build_request("GET", KEYS) for _ in range(50)]
            found = {answer.text for answer in emulation.at_once(client, wanted)}

        assert len(found) == 1

    def test_nothing_that_resets_the_server_changes_it(self, client_id: str) -> None:
        """Neither a reset, an import, a restore nor the end of a sandbox; no document has it."""
        with emulate() as emulation:
            server, client = emulation.server(), emulation.client("/attraqt")
            token_of(client, client_id)
            first = key_id(emulation)
            state = emulation.control().get("/state")
            emulation.control().put("/snapshots/s")
            for method, path, body in (
                ("POST", "/reset", {"to": "empty"}),
                ("POST", "/seed", {"mockalog": 1}),
                ("POST", "/reset", {"to": "baseline"}),
                ("PUT", "/state", state.json()),
                ("POST", "/snapshots/s/restore", None),
            ):
                answer = emulation.control().request(method, path, json=body)
                assert answer.status_code < 300, answer.text
            for sandbox in server.sandboxes.list():
                server.sandboxes.remove(sandbox["name"])

            assert key_id(emulation) == first
            assert "PRIVATE KEY" not in state.text
            assert len(rows(emulation, signing_keys)) == 1

    def test_two_servers_in_memory_have_their_own(self) -> None:
        """A token of one is not active at the other."""
        with emulate() as one, emulate() as two:
            assert key_id(one) != key_id(two)
            token = token_of(one.client("/attraqt"), "a")
            answer = two.client("/attraqt").post(
                INTROSPECTION, data={"token": token}, auth=("a", "s")
            )
            assert answer.json() == {"active": False}


class TestIntrospection:
    """`POST …/token/introspect` (RFC 7662)."""

    def test_an_active_token_shows_its_claims(self, anyone: httpx.Client, client_id: str) -> None:
        """To any client of the realm, however it authenticates, with Keycloak's additions."""
        token = token_of(anyone, client_id)
        claims = jwt.decode(token, options={"verify_signature": False})

        basic = anyone.post(INTROSPECTION, data={"token": token}, auth=("other", "s"))
        form = {"client_id": "other", "client_secret": "s", "token": token, "token_type_hint": "x"}

        assert basic.json() == {
            **claims,
            "client_id": client_id,
            "username": f"service-account-{client_id}",
            "token_type": "Bearer",
            "active": True,
        }
        assert anyone.post(INTROSPECTION, data=form).json() == basic.json()
        assert basic.headers["cache-control"] == "no-store"

    def test_any_other_token_is_inactive(self, anyone: httpx.Client, client_id: str) -> None:
        """One that was changed, of another realm, a client id, a placeholder or no token."""
        token = token_of(anyone, client_id)
        ask = partial(anyone.post, auth=("other", "s"))
        elsewhere = INTROSPECTION.replace("acme", "beta")
        head, payload, _ = token.split(".")
        foreign = jwt.encode({"azp": client_id}, "k" * 32, algorithm="HS256")

        texts = (f"{head}.{payload}.AAAA", f"{token} ", client_id, foreign, "undefined", "é")
        found = [ask(INTROSPECTION, data={"token": text}).json() for text in texts]
        found.append(ask(elsewhere, data={"token": token}).json())

        assert found == [{"active": False}] * 7

    def test_a_token_ends_by_the_clock_of_its_own_sandbox(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """Whatever the clock of the client that asks."""
        own = emulation.client(token=client_id)
        freeze(emulation, own, "2025-03-01T09:00:00Z")
        token = token_of(anyone, client_id)
        seen = []
        for seconds in (0, 299.9, 0.1):
            advance(emulation, own, seconds)
            answer = anyone.post(INTROSPECTION, data={"token": token}, auth=("other", "s"))
            seen.append(answer.json()["active"])

        assert seen == [True, True, False]

    def test_a_reset_sandbox_keeps_its_tokens(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """Active means that the token opens calls; a deleted sandbox has lost its tokens."""
        token = token_of(anyone, client_id)
        ask = partial(anyone.post, INTROSPECTION, data={"token": token}, auth=("other", "s"))
        sandbox = emulation.sandbox(emulation.client(token=client_id))

        sandbox.reset()
        kept = ask().json()["active"]
        make_catalog(
            emulation.client("/attraqt", token, params={"tenant": "acme", "environment": "e"})
        )
        sandbox.control.call("DELETE", f"/sandboxes/{digest(client_id)}")

        assert (kept, ask().json()["active"]) == (True, False)

    def test_a_known_credential_that_is_no_jwt_is_inactive(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """A state document may have brought it; nor has it an account."""
        token_of(anyone, client_id)
        state = emulation.sandbox(emulation.client(token=client_id)).control.call("GET", "/state")
        [known] = [one for one in state["credentials"] if one["issued"]]
        known["digest"] = digest("opaque")
        emulation.sandbox(emulation.client(token=client_id)).control.call(
            "PUT", "/state", json=state
        )

        answer = anyone.post(INTROSPECTION, data={"token": "opaque"}, auth=("other", "s"))
        account = anyone.get(USERINFO, headers={"Authorization": "Bearer opaque"})

        assert answer.json() == {"active": False}
        assert oauth_error(account) == (401, "invalid_token")

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"auth": ("a", "")},
            {"auth": ("undefined", "s")},
            {"data": {"client_id": "a", "token": "t"}},
            {"data": {"client_assertion": "a", "token": "t"}},
        ],
    )
    def test_the_client_authenticates_itself(
        self, anyone: httpx.Client, options: dict[str, Any]
    ) -> None:
        """In Keycloak's words."""
        answer = anyone.post(INTROSPECTION, **{"data": {"token": "t"}, **options})

        assert oauth_error(answer) == (401, "invalid_request")
        assert answer.json()["error_description"] == "Authentication failed."

    def test_an_assertion_authenticates_once(self, anyone: httpx.Client, client_id: str) -> None:
        """Its `jti` counts at the token endpoint and here together (amendment attraqt A4)."""
        claims = {
            **{"iss": client_id, "sub": client_id, "jti": "1", "exp": 2**40},
            "aud": f"https://iam.attraqt.io{REALM}",
        }
        form = {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(claims, "k" * 32, algorithm="HS256"),
        }
        answer = anyone.post(INTROSPECTION, data={**form, "token": "t"})
        again = anyone.post(INTROSPECTION, data={**form, "token": "t"})

        assert answer.json() == {"active": False}
        assert oauth_error(again) == (401, "invalid_request")

    @pytest.mark.parametrize("form", [{}, {"token": ""}])
    def test_without_a_token_the_request_is_invalid(
        self, anyone: httpx.Client, form: dict[str, str]
    ) -> None:
        """400."""
        answer = anyone.post(INTROSPECTION, data=form, auth=("a", "s"))

        assert oauth_error(answer) == (400, "invalid_request")

    def test_a_strict_server_wants_a_registered_client(self, client_id: str) -> None:
        """With its secret, raw or encoded."""
        with emulate(auth="strict") as emulation:
            emulation.server().credentials.add("attraqt", "my-service:s-1")
            client = emulation.client("/attraqt", headers={"Authorization": ""})
            token = token_of_strict(client)

            for auth in (("my-service", "s-1"), ("my%2Dservice", "s%2D1")):
                answer = client.post(INTROSPECTION, data={"token": token}, auth=auth)
                assert answer.json()["client_id"] == "my-service"
            for auth in (("my-service", "s-2"), (client_id, "s")):
                answer = client.post(INTROSPECTION, data={"token": token}, auth=auth)
                assert oauth_error(answer) == (401, "invalid_request")


def token_of_strict(client: httpx.Client) -> str:
    """Return a token of the client that the strict server knows."""
    form = {"grant_type": "client_credentials"}
    answer = client.post(TOKEN, data=form, auth=("my-service", "s-1"))
    return str(answer.json()["access_token"])


class TestUserinfo:
    """`GET` and `POST …/userinfo`."""

    @pytest.fixture(params=["GET", "POST", "form"])
    def ask(self, request: pytest.FixtureRequest, anyone: httpx.Client) -> Ask:
        """Return a function that asks with an access token, in one of three ways."""

        def ask(token: str, path: str = USERINFO) -> httpx.Response:
            if request.param == "form":
                return anyone.post(path, data={"access_token": token})
            headers = {"Authorization": f"Bearer {token}"}
            return anyone.request(request.param, path, headers=headers)

        return ask

    def test_it_shows_the_service_account(
        self, ask: Ask, anyone: httpx.Client, client_id: str
    ) -> None:
        """Of a token with the scope `openid`."""
        answer = ask(token_of(anyone, client_id, "email openid"))

        assert answer.json() == {
            "sub": client_id,
            "preferred_username": f"service-account-{client_id}",
        }
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("scope", ["", "profile email"])
    def test_without_openid_it_is_forbidden(
        self, ask: Ask, anyone: httpx.Client, client_id: str, scope: str
    ) -> None:
        """A service account has that scope only if it asks for it."""
        answer = ask(token_of(anyone, client_id, scope))

        assert oauth_error(answer) == (403, "insufficient_scope")
        assert answer.headers["www-authenticate"] == (
            'Bearer realm="acme", error="insufficient_scope", '
            'error_description="Missing openid scope"'
        )

    def test_other_tokens_are_invalid(
        self, ask: Ask, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """None, a client id, one of another realm, an expired one."""
        token = token_of(anyone, client_id)
        elsewhere = ask(token, USERINFO.replace("acme", "beta"))
        others = [ask(text) for text in (client_id, "undefined", f"{token}x")]
        advance(emulation, emulation.client(token=client_id), 300)

        for answer in (elsewhere, *others, ask(token), anyone.get(USERINFO)):
            assert oauth_error(answer) == (401, "invalid_token")
            assert 'error="invalid_token"' in answer.headers["www-authenticate"]


class TestErrors:
    """A realm's errors are OAuth's, not the API's."""

    @pytest.mark.parametrize(
        "realm",
        [
            *("{tenantId}", "${tenantId}", "{{tenant}}", "%7Btenant%7D", "<tenant>", "$TENANT"),
            *(":tenant", "%25s", "undefined", "null", "[object Object]", "a%00", "t" * 101),
        ],
    )
    def test_an_unfilled_template_is_no_realm(self, anyone: httpx.Client, realm: str) -> None:
        """Whatever else is wrong with the call, on each path."""
        calls = [("GET", path) for path in (*DOCUMENTS, USERINFO, TOKEN, f"{REALM}/nope")]
        calls += [("POST", path) for path in (TOKEN, INTROSPECTION, USERINFO)]
        for method, path in calls:
            answer = anyone.request(method, path.replace("acme", realm))
            assert (answer.status_code, answer.text) == (404, '{"error":"Realm does not exist"}')

    def test_a_good_client_of_no_realm(self, anyone: httpx.Client, client_id: str) -> None:
        """It gets no token either, and introspects none."""
        form = {"grant_type": "client_credentials", "token": "t"}
        for path in (TOKEN, INTROSPECTION, USERINFO):
            answer = anyone.post(
                path.replace("acme", "{tenantId}"), data=form, auth=(client_id, "s")
            )
            assert (answer.status_code, answer.text) == (404, '{"error":"Realm does not exist"}')
        token = token_of(anyone, client_id)
        for method in ("GET", "POST"):
            answer = anyone.request(
                method,
                USERINFO.replace("acme", "{tenantId}"),
                headers={"Authorization": f"Bearer {token}"},
            )
            assert answer.status_code == 404

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("GET", TOKEN, "POST"),
            ("HEAD", TOKEN, "POST"),
            ("PUT", f"{TOKEN}/", "POST"),
            ("GET", INTROSPECTION, "POST"),
            ("POST", KEYS, "GET"),
            ("DELETE", USERINFO, "GET, POST"),
            ("PATCH", REALM, "GET"),
            ("OPTIONS", CONFIGURATION, "GET"),
        ],
    )
    def test_another_method_is_405(
        self, anyone: httpx.Client, method: str, path: str, allowed: str
    ) -> None:
        """It names those that there are."""
        answer = anyone.request(method, path)

        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        if method != "HEAD":
            assert oauth_error(answer) == (405, "HTTP 405 Method Not Allowed")

    @pytest.mark.parametrize(
        "path",
        [f"{REALM}/nope", f"{PROTOCOL}/auth", f"{TOKEN}/x", TOKEN.replace("acme", "")],
    )
    def test_an_unknown_path_is_404(self, anyone: httpx.Client, path: str) -> None:
        """The flows of users are not emulated, and an empty name is none."""
        for method in ("GET", "POST"):
            assert oauth_error(anyone.request(method, path)) == (404, "HTTP 404 Not Found")

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ({"status": 401}, (401, "invalid_client")),
            ({"status": 403}, (403, "access_denied")),
            ({"status": 400}, (400, "invalid_request")),
            ({"status": 404}, (404, "HTTP 404 Not Found")),
            ({"status": 409}, (409, "invalid_request")),
            ({"status": 429}, (429, "temporarily_unavailable")),
            ({"status": 500}, (500, "server_error")),
            ({"status": 502}, (502, "temporarily_unavailable")),
            ({"status": 503}, (503, "temporarily_unavailable")),
            ({"status": 504}, (504, "temporarily_unavailable")),
            ({"error": "UNAVAILABLE"}, (503, "temporarily_unavailable")),
            ({"error": "CATALOG_LIMIT_REACHED"}, (400, "invalid_request")),
        ],
    )
    def test_armed_errors_are_worded_alike(
        self,
        emulation: Emulation,
        anyone: httpx.Client,
        client_id: str,
        wanted: dict[str, Any],
        expected: tuple[int, str],
    ) -> None:
        """Also an error of the API's own."""
        emulation.sandbox(emulation.client(token=client_id)).attraqt.fail_next(
            "create_token", **wanted
        )

        form = {"grant_type": "client_credentials"}
        answer = anyone.post(TOKEN, data=form, auth=(client_id, "s"))

        assert oauth_error(answer) == expected
        assert answer.headers["cache-control"] == "no-store"

    def test_a_large_body_is_an_invalid_request(self, anyone: httpx.Client) -> None:
        """The API's bound holds here too."""
        answer = anyone.post(TOKEN, content=b"a" * (4 * 1024 * 1024 + 1))

        assert oauth_error(answer) == (400, "invalid_request")


@pytest.mark.parametrize("status", [400, 408, 431])
def test_a_request_that_does_not_arrive_is_an_invalid_request(status: int) -> None:
    """With the reason of the server, if the path is known."""
    scope = {"scheme": "http", "method": "POST", "query_string": b"", "headers": []}
    exchange = Exchange({**scope, "path": TOKEN})

    answer = envelope(
        oauth_error_of(UnreadableRequestError(status, "no byte came"), exchange), exchange
    )

    assert answer.status == status
    assert loads(answer.body) == {"error": "invalid_request", "error_description": "no byte came"}


def test_a_used_assertion_leaves_with_its_sandbox(emulation: Emulation) -> None:
    """No rows of sandboxes that are gone stay behind."""
    client_id = uuid.uuid4().hex
    anyone = emulation.client("/attraqt", headers={"Authorization": ""})
    claims = {"iss": client_id, "sub": client_id, "aud": REALM, "jti": "1", "exp": 2**40}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(claims, "k" * 32, algorithm="HS256"),
    }
    before = {row.sandbox_id for row in rows(emulation, assertions)}
    assert anyone.post(TOKEN, data=form).status_code == 200
    [own] = {row.sandbox_id for row in rows(emulation, assertions)} - before

    emulation.sandbox(emulation.client(token=client_id)).reset()
    emulation.settle()

    assert own not in {row.sandbox_id for row in rows(emulation, assertions)}
    assert anyone.post(TOKEN, data=form).status_code == 200
