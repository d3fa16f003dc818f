"""The token endpoint and the tokens it issues (docs/vendors/attraqt.md#2-authentication)."""

import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.emulation import Emulation, emulate
from tests.vendors.attraqt.factories import make_catalog
from tests.vendors.attraqt.requests import error
from tests.vendors.attraqt.steering import advance, freeze

PATH = "/auth/realms/acme/protocol/openid-connect/token"
GRANT = {"grant_type": "client_credentials"}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TENANCY = {"tenant": "acme", "environment": "live1"}

# The time of the frozen clocks, in seconds: 2025-03-01T09:00:00Z.
NOW = 1740819600

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def public(key: Any) -> str:
    """Return the public half of a key as PEM."""
    pem: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def claims(client_id: str, **changes: Any) -> dict[str, Any]:
    """Return valid claims with changes; None removes a claim."""
    good = {
        "iss": client_id,
        "sub": client_id,
        "aud": f"https://iam.attraqt.io{PATH}",
        "jti": uuid.uuid4().hex,
        "exp": NOW + 60,
    }
    return {key: value for key, value in {**good, **changes}.items() if value is not None}


def assertion(
    payload: dict[str, Any], key: Any = RSA_KEY, algorithm: str = "RS256"
) -> dict[str, str]:
    """Return the form of a client with a signed assertion."""
    signed = jwt.encode(payload, key, algorithm=algorithm)
    return {**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


def oauth_error(answer: httpx.Response) -> tuple[int, str]:
    """Return status and error of an OAuth error of the right shape."""
    assert list(answer.json()) == ["error", "error_description"]
    assert answer.json()["error_description"]
    return answer.status_code, answer.json()["error"]


@pytest.fixture
def client_id() -> str:
    """An unused client id, so that its sandbox is new."""
    return f"client-{uuid.uuid4().hex}"


@pytest.fixture
def anyone(emulation: Emulation, client_id: str) -> httpx.Client:
    """A client without a token; the clock of the sandbox of `client_id` is frozen."""
    freeze(emulation, emulation.client(token=client_id), "2025-03-01T09:00:00Z")
    return emulation.client("/attraqt", headers={"Authorization": ""})


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulation]:
    """An app that accepts registered clients only."""
    with emulate(auth="strict") as emulation:
        yield emulation


def register(strict: Emulation, client_id: str, token: str, **changes: Any) -> httpx.Client:
    """Register a client in a sandbox with a frozen clock; return one without a token."""
    body = {"vendor": "attraqt", "token": token, "sandbox": client_id, **changes}
    assert strict.control().post("/credentials", json=body).status_code == 201
    freeze(strict, strict.client(token=token), "2025-03-01T09:00:00Z")
    return strict.client("/attraqt", headers={"Authorization": ""})


class TestIssuing:
    """`POST /auth/realms/{tenantId}/protocol/openid-connect/token` in open mode."""

    def test_http_basic(self, anyone: httpx.Client, client_id: str) -> None:
        """The answer has Keycloak's fields in Keycloak's order."""
        answer = anyone.post(PATH, data=GRANT, auth=(client_id, "secret"))

        assert answer.status_code == 200
        token = answer.json()["access_token"]
        assert answer.text == (
            f'{{"access_token":"{token}","expires_in":300,"refresh_expires_in":0,'
            '"token_type":"Bearer","not-before-policy":0,"scope":"openid"}'
        )

    def test_form_fields(self, anyone: httpx.Client, client_id: str) -> None:
        """Empty extra fields are ignored (python-keycloak), and a scope is returned."""
        form = {
            **GRANT,
            "client_id": client_id,
            "client_secret": "s",
            "scope": "openid email",
            "username": "",
            "code": "",
            "client_assertion": "",
        }

        answer = anyone.post(PATH + "/", data=form)

        assert (answer.status_code, answer.json()["scope"]) == (200, "openid email")

    @pytest.mark.parametrize("named", [(), ("client_id",)])
    def test_private_key(
        self, anyone: httpx.Client, client_id: str, named: tuple[str, ...]
    ) -> None:
        """In open mode the key is unknown, so the signature is not verified."""
        form = {**assertion(claims(client_id)), **dict.fromkeys(named, client_id)}

        answer = anyone.post(PATH, data=form)

        assert answer.status_code == 200

    def test_a_token_has_keycloaks_claims(self, anyone: httpx.Client, client_id: str) -> None:
        """Its instants are the virtual clock's; two tokens of one instant differ."""
        tokens = [
            anyone.post(PATH, data=GRANT, auth=(client_id, "s")).json()["access_token"]
            for _ in range(2)
        ]

        assert tokens[0] != tokens[1]
        payload = jwt.decode(tokens[0], options={"verify_signature": False})
        uuid.UUID(payload.pop("jti"))
        assert payload == {
            "exp": NOW + 300,
            "iat": NOW,
            "iss": "http://mockalog.test/attraqt/auth/realms/acme",
            "sub": client_id,
            "typ": "Bearer",
            "azp": client_id,
            "scope": "openid",
        }

    @pytest.mark.parametrize(
        ("form", "expected"),
        [
            ({}, (400, "invalid_request")),
            ({"grant_type": ""}, (400, "invalid_request")),
            ({"grant_type": "password"}, (400, "unsupported_grant_type")),
            (GRANT, (401, "invalid_client")),
            ({**GRANT, "client_id": "a"}, (401, "invalid_client")),
            ({**GRANT, "client_secret": "a"}, (401, "invalid_client")),
            ({**GRANT, "client_assertion": "a"}, (401, "invalid_client")),
            (
                {**GRANT, "client_assertion": "a.b.c", "client_assertion_type": ASSERTION_TYPE},
                (401, "invalid_client"),
            ),
        ],
    )
    def test_a_missing_field_is_an_oauth_error(
        self, anyone: httpx.Client, form: dict[str, str], expected: tuple[int, str]
    ) -> None:
        """The grant is checked before the client (Keycloak's order)."""
        assert oauth_error(anyone.post(PATH, data=form)) == expected

    def test_a_json_body_is_no_form(self, anyone: httpx.Client, client_id: str) -> None:
        """It holds no grant."""
        answer = anyone.post(PATH, json=GRANT, auth=(client_id, "s"))

        assert oauth_error(answer) == (400, "invalid_request")

    @pytest.mark.parametrize(
        "basic", ["Basic", "Basic !", "Basic /w==", "Basic YQ==", "Basic Og=="]
    )
    def test_malformed_basic_is_no_client(self, anyone: httpx.Client, basic: str) -> None:
        """Not base64, not UTF-8, no secret, or empty."""
        answer = anyone.post(PATH, data=GRANT, headers={"Authorization": basic})

        assert oauth_error(answer) == (401, "invalid_client")

    @pytest.mark.parametrize("text", ["undefined", "null", "None", "NaN", "[object Object]"])
    def test_the_text_of_an_unset_variable_is_no_client(
        self, anyone: httpx.Client, client_id: str, text: str
    ) -> None:
        """As an id, as a secret and as the claims of an assertion."""
        ways: list[dict[str, Any]] = [
            {"data": GRANT, "auth": (text, "s")},
            {"data": GRANT, "auth": (client_id, text)},
            {"data": {**GRANT, "client_id": text, "client_secret": "s"}},
            {"data": {**GRANT, "client_id": client_id, "client_secret": text}},
            {"data": assertion(claims(text))},
        ]

        for way in ways:
            assert oauth_error(anyone.post(PATH, **way)) == (401, "invalid_client"), way

    def test_two_credentials_are_an_invalid_request(
        self, anyone: httpx.Client, client_id: str
    ) -> None:
        """In OAuth's words (inferred)."""
        basic = httpx.BasicAuth(client_id, "s")._auth_header
        anyone.headers = httpx.Headers([("Authorization", basic), ("Authorization", basic)])

        answer = anyone.post(PATH, data=GRANT)

        assert oauth_error(answer) == (400, "invalid_request")
        assert answer.json()["error_description"] == "The header Authorization is repeated"

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "somebody"},
            {"sub": "somebody"},
            {"iss": None, "sub": None},
            {"iss": "", "sub": ""},
            {"exp": None},
            {"exp": "soon"},
            {"exp": True},
            {"exp": NOW},
            {"exp": float("nan")},
            {"nbf": NOW + 1},
            {"nbf": "now"},
        ],
    )
    def test_an_invalid_assertion_is_refused_even_in_open_mode(
        self, anyone: httpx.Client, client_id: str, changes: dict[str, Any]
    ) -> None:
        """It must name one client twice, and be valid at the virtual clock's time."""
        answer = anyone.post(PATH, data=assertion(claims(client_id, **changes)))

        assert oauth_error(answer) == (401, "invalid_client")

    def test_an_assertion_of_another_client_is_refused(
        self, anyone: httpx.Client, client_id: str
    ) -> None:
        """If the form names a client."""
        form = {**assertion(claims(client_id)), "client_id": "somebody"}

        assert oauth_error(anyone.post(PATH, data=form)) == (401, "invalid_client")

    @pytest.mark.parametrize("realm", ["a%00", "t" * 101])
    def test_a_realm_with_an_invalid_name_does_not_exist(
        self, anyone: httpx.Client, client_id: str, realm: str
    ) -> None:
        """Every other one exists (inferred)."""
        answer = anyone.post(PATH.replace("acme", realm), data=GRANT, auth=(client_id, "s"))

        assert (answer.status_code, answer.text) == (404, '{"error":"Realm does not exist"}')

    def test_the_eleventh_token_in_a_second_is_refused(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """The next second has a new limit."""
        ask = partial(anyone.post, PATH, data=GRANT, auth=(client_id, "s"))
        assert [ask().status_code for _ in range(10)] == [200] * 10

        assert error(ask()) == (429, 8, "RESOURCE_EXHAUSTED")

        advance(emulation, emulation.client(token=client_id), 1)
        assert ask().status_code == 200


class TestUse:
    """The use of issued tokens."""

    def test_a_token_opens_the_sandbox_of_its_client(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """Every token of one client, however it was issued, and the client id itself."""
        ways: list[dict[str, Any]] = [
            {"data": GRANT, "auth": (client_id, "s")},
            {"data": {**GRANT, "client_id": client_id, "client_secret": "t"}},
            {"data": assertion(claims(client_id))},
        ]
        tokens = [anyone.post(PATH, **way).json()["access_token"] for way in ways]
        make_catalog(emulation.client("/attraqt", tokens[0], params=TENANCY))

        for token in (*tokens, client_id):
            seen = emulation.client("/attraqt", token, params=TENANCY).get("/catalogs").json()
            assert [catalog["version"] for catalog in seen["catalogs"]] == [1]

    def test_a_token_lives_for_five_minutes(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """Of the virtual clock."""
        token = anyone.post(PATH, data=GRANT, auth=(client_id, "s")).json()["access_token"]
        client = emulation.client("/attraqt", token, params=TENANCY)
        advance(emulation, emulation.client(token=client_id), 299.9)
        assert client.get("/catalogs").status_code == 200

        advance(emulation, emulation.client(token=client_id), 0.1)

        assert error(client.get("/catalogs")) == (401, 16, "UNAUTHENTICATED")

    def test_a_token_belongs_to_the_tenant_of_its_realm(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """403 for another tenant, even before a missing environment; 400 without a tenant."""
        token = anyone.post(PATH, data=GRANT, auth=(client_id, "s")).json()["access_token"]
        client = emulation.client("/attraqt", token)

        refused = client.get("/catalogs", params={"tenant": "other"})
        missing = client.get("/catalogs", params={"environment": "live1"})
        taken = client.get("/catalogs", params={"tenant": "acme", "environment": "test1"})

        assert error(refused) == (403, 7, "PERMISSION_DENIED")
        assert error(missing) == (400, 3, "CATALOG_TENANT_ENV")
        assert taken.status_code == 200


class TestStrict:
    """In strict mode only registered clients get tokens."""

    def test_an_unknown_client_is_refused(self, strict: Emulation, client_id: str) -> None:
        """With each way of authentication."""
        anyone = strict.client("/attraqt", headers={"Authorization": ""})
        ways: list[dict[str, Any]] = [
            {"data": GRANT, "auth": (client_id, "s")},
            {"data": {**GRANT, "client_id": client_id, "client_secret": "s"}},
            {"data": assertion(claims(client_id))},
        ]

        for way in ways:
            assert oauth_error(anyone.post(PATH, **way)) == (401, "invalid_client")

    def test_a_secret_must_be_the_registered_one(self, strict: Emulation, client_id: str) -> None:
        """The token has the client's permissions, and no others."""
        anyone = register(strict, client_id, f"{client_id}:s:1", permissions=["catalogs:READ"])

        wrong = anyone.post(PATH, data=GRANT, auth=(client_id, "s:2"))
        right = anyone.post(PATH, data=GRANT, auth=(client_id, "s:1"))

        assert oauth_error(wrong) == (401, "invalid_client")
        client = strict.client("/attraqt", right.json()["access_token"], params=TENANCY)
        assert client.get("/catalogs").status_code == 200
        assert error(client.post("/catalogs", json={})) == (403, 7, "PERMISSION_DENIED")

    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [
            (RSA_KEY, "RS256"),
            (RSA_KEY, "RS384"),
            (RSA_KEY, "RS512"),
            (RSA_KEY, "PS256"),
            (EC_KEY, "ES256"),
        ],
    )
    def test_a_private_key_authenticates_its_client(
        self, strict: Emulation, client_id: str, key: Any, algorithm: str
    ) -> None:
        """By any algorithm of its key."""
        anyone = register(strict, client_id, client_id, public_key=public(key))

        answer = anyone.post(PATH, data=assertion(claims(client_id), key, algorithm))

        assert answer.status_code == 200, answer.text

    @pytest.mark.parametrize(
        "audience",
        [PATH, f"http://127.0.0.1:8003{PATH}/", ["https://elsewhere", f"https://iam{PATH}"]],
    )
    def test_the_audience_is_this_endpoint_at_any_address(
        self, strict: Emulation, client_id: str, audience: object
    ) -> None:
        """One of several is enough; the client may use another host name."""
        anyone = register(strict, client_id, client_id, public_key=public(RSA_KEY))

        answer = anyone.post(PATH, data=assertion(claims(client_id, aud=audience)))

        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "changes",
        [
            {"exp": NOW},
            {"nbf": NOW + 1},
            {"jti": None},
            {"jti": ""},
            {"aud": None},
            {"aud": ["https://elsewhere", 7]},
            {"aud": f"https://iam.attraqt.io{PATH}".replace("acme", "other")},
        ],
    )
    def test_a_signed_assertion_needs_valid_claims(
        self, strict: Emulation, client_id: str, changes: dict[str, Any]
    ) -> None:
        """The signature is valid, but the claims are not."""
        anyone = register(strict, client_id, client_id, public_key=public(RSA_KEY))

        answer = anyone.post(PATH, data=assertion(claims(client_id, **changes)))

        assert oauth_error(answer) == (401, "invalid_client")

    def test_another_key_is_refused(self, strict: Emulation, client_id: str) -> None:
        """Also one of the wrong kind, or the public key as a shared secret."""
        anyone = register(strict, client_id, client_id, public_key=public(EC_KEY))
        payload = claims(client_id)

        for form in (
            assertion(payload, ec.generate_private_key(ec.SECP256R1()), "ES256"),
            assertion(payload, RSA_KEY),
            assertion(payload, "k" * 64, "HS256"),
            assertion(payload, "", "none"),
        ):
            assert oauth_error(anyone.post(PATH, data=form)) == (401, "invalid_client")

    @pytest.mark.parametrize("changes", [{}, {"public_key": "no key at all"}])
    def test_without_a_valid_registered_key_assertions_are_refused(
        self, strict: Emulation, client_id: str, changes: dict[str, str]
    ) -> None:
        """They cannot be verified."""
        anyone = register(strict, client_id, client_id, **changes)

        answer = anyone.post(PATH, data=assertion(claims(client_id)))

        assert oauth_error(answer) == (401, "invalid_client")

    def test_an_assertion_works_once(self, strict: Emulation, client_id: str) -> None:
        """Its `jti` is unique."""
        anyone = register(strict, client_id, client_id, public_key=public(RSA_KEY))
        form = assertion(claims(client_id))

        assert anyone.post(PATH, data=form).status_code == 200
        assert oauth_error(anyone.post(PATH, data=form)) == (401, "invalid_client")
        assert anyone.post(PATH, data=assertion(claims(client_id))).status_code == 200

    def test_an_issued_token_is_no_client(self, strict: Emulation, client_id: str) -> None:
        """It opens calls; a new token needs the client's own secret or assertion."""
        anyone = register(strict, client_id, f"{client_id}:s")
        token = anyone.post(PATH, data=GRANT, auth=(client_id, "s")).json()["access_token"]

        answer = strict.client("/attraqt", token).post(PATH, data=GRANT)

        assert oauth_error(answer) == (401, "invalid_client")
