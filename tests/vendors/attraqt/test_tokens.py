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
from tests.vendors.attraqt.making import advance, error, freeze, make_catalog

PATH = "/auth/realms/acme/protocol/openid-connect/token"
GRANT = {"grant_type": "client_credentials"}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TENANCY = {"tenant": "acme", "environment": "live1"}

# The instant at which the clocks of these tests stand still, as JWT counts: 2025-03-01T09:00:00Z.
NOW = 1740819600

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def public(key: Any) -> str:
    """Return the public half of a key as PEM."""
    pem: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def claims(client_id: str, **changes: Any) -> dict[str, Any]:
    """Return what a good assertion says but for the changes; None takes a claim out."""
    good = {
        "iss": client_id,
        "sub": client_id,
        "aud": f"https://iam.attraqt.io{PATH}",
        "jti": uuid.uuid4().hex,
        "exp": NOW + 60,
    }
    return {key: value for key, value in {**good, **changes}.items() if value is not None}


def assertion(said: dict[str, Any], key: Any = RSA_KEY, algorithm: str = "RS256") -> dict[str, str]:
    """Return the form of a client that signs what it says."""
    signed = jwt.encode(said, key, algorithm=algorithm)
    return {**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


def oauth_error(answer: httpx.Response) -> tuple[int, str]:
    """Return status and error of a refusal, after a look at its shape."""
    assert list(answer.json()) == ["error", "error_description"]
    assert answer.json()["error_description"]
    return answer.status_code, answer.json()["error"]


@pytest.fixture
def client_id() -> str:
    """A client that nobody else is, so that it has a sandbox of its own."""
    return f"client-{uuid.uuid4().hex}"


@pytest.fixture
def anyone(emulation: Emulation, client_id: str) -> httpx.Client:
    """A client without a token, the clock of its client id stopped."""
    freeze(emulation, emulation.client(token=client_id), "2025-03-01T09:00:00Z")
    return emulation.client("/attraqt", headers={"Authorization": ""})


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulation]:
    """An app that takes registered clients only."""
    with emulate(auth="strict") as emulation:
        yield emulation


def register(strict: Emulation, client_id: str, token: str, **changes: Any) -> httpx.Client:
    """Register a client in a sandbox whose clock is stopped; return one without a token."""
    body = {"vendor": "attraqt", "token": token, "sandbox": client_id, **changes}
    control = strict.control()
    control.headers["X-Mockalog-Sandbox"] = client_id
    assert control.post("/credentials", json=body).status_code == 201
    clock = {"mode": "frozen", "now": "2025-03-01T09:00:00Z"}
    assert control.put("/clock", json=clock).status_code == 200
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
        """Empty extra fields are tolerated (python-keycloak), a scope comes back."""
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
        """In open mode nobody knows the key, so the signature proves nothing."""
        form = {**assertion(claims(client_id)), **dict.fromkeys(named, client_id)}

        answer = anyone.post(PATH, data=form)

        assert answer.status_code == 200

    def test_a_token_says_what_keycloaks_say(self, anyone: httpx.Client, client_id: str) -> None:
        """Its instants are the virtual clock's; two of one instant differ."""
        tokens = [
            anyone.post(PATH, data=GRANT, auth=(client_id, "s")).json()["access_token"]
            for _ in range(2)
        ]

        assert tokens[0] != tokens[1]
        said = jwt.decode(tokens[0], options={"verify_signature": False})
        uuid.UUID(said.pop("jti"))
        assert said == {
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
    def test_what_is_missing_is_told_in_oauths_words(
        self, anyone: httpx.Client, form: dict[str, str], expected: tuple[int, str]
    ) -> None:
        """The grant is looked at before the client (Keycloak's order)."""
        assert oauth_error(anyone.post(PATH, data=form)) == expected

    def test_a_json_body_is_no_form(self, anyone: httpx.Client, client_id: str) -> None:
        """It says nothing of a grant."""
        answer = anyone.post(PATH, json=GRANT, auth=(client_id, "s"))

        assert oauth_error(answer) == (400, "invalid_request")

    @pytest.mark.parametrize(
        "basic", ["Basic", "Basic !", "Basic /w==", "Basic YQ==", "Basic Og=="]
    )
    def test_basic_that_names_nobody_is_no_client(self, anyone: httpx.Client, basic: str) -> None:
        """Not base64, not UTF-8, no secret, neither."""
        answer = anyone.post(PATH, data=GRANT, headers={"Authorization": basic})

        assert oauth_error(answer) == (401, "invalid_client")

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
    def test_a_wrong_assertion_is_refused_even_in_open_mode(
        self, anyone: httpx.Client, client_id: str, changes: dict[str, Any]
    ) -> None:
        """It must name one client twice and be of this time: the virtual clock's."""
        answer = anyone.post(PATH, data=assertion(claims(client_id, **changes)))

        assert oauth_error(answer) == (401, "invalid_client")

    def test_an_assertion_of_another_client_is_refused(
        self, anyone: httpx.Client, client_id: str
    ) -> None:
        """If the form names one at all."""
        form = {**assertion(claims(client_id)), "client_id": "somebody"}

        assert oauth_error(anyone.post(PATH, data=form)) == (401, "invalid_client")

    @pytest.mark.parametrize("realm", ["a%00", "t" * 101])
    def test_a_realm_that_no_tenant_has_does_not_exist(
        self, anyone: httpx.Client, client_id: str, realm: str
    ) -> None:
        """Every other one does (inferred)."""
        answer = anyone.post(PATH.replace("acme", realm), data=GRANT, auth=(client_id, "s"))

        assert (answer.status_code, answer.text) == (404, '{"error":"Realm does not exist"}')

    def test_the_eleventh_token_in_a_second_is_too_much(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """The next second is new."""
        ask = partial(anyone.post, PATH, data=GRANT, auth=(client_id, "s"))
        assert [ask().status_code for _ in range(10)] == [200] * 10

        assert error(ask()) == (429, 8, "RESOURCE_EXHAUSTED")

        advance(emulation, emulation.client(token=client_id), 1)
        assert ask().status_code == 200


class TestUse:
    """What an issued token opens."""

    def test_a_token_opens_the_sandbox_of_its_client(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """Every token of one client, whichever way it was asked for, and the client id itself."""
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
        """403 for another one, even before a missing environment; 400 for none."""
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
        """Whichever way it proves itself."""
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
    def test_a_private_key_proves_who_it_is(
        self, strict: Emulation, client_id: str, key: Any, algorithm: str
    ) -> None:
        """By whichever algorithm its key can."""
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
        """One of several is enough; the client may know another host."""
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
    def test_a_signed_assertion_must_be_of_this_time_and_place(
        self, strict: Emulation, client_id: str, changes: dict[str, Any]
    ) -> None:
        """The signature is good; the rest is not."""
        anyone = register(strict, client_id, client_id, public_key=public(RSA_KEY))

        answer = anyone.post(PATH, data=assertion(claims(client_id, **changes)))

        assert oauth_error(answer) == (401, "invalid_client")

    def test_another_key_proves_nothing(self, strict: Emulation, client_id: str) -> None:
        """Neither does a kind that does not fit, nor the public key as a shared secret."""
        anyone = register(strict, client_id, client_id, public_key=public(EC_KEY))
        said = claims(client_id)

        for form in (
            assertion(said, ec.generate_private_key(ec.SECP256R1()), "ES256"),
            assertion(said, RSA_KEY),
            assertion(said, "k" * 64, "HS256"),
            assertion(said, "", "none"),
        ):
            assert oauth_error(anyone.post(PATH, data=form)) == (401, "invalid_client")

    @pytest.mark.parametrize("changes", [{}, {"public_key": "no key at all"}])
    def test_without_a_good_registered_key_no_assertion_is_taken(
        self, strict: Emulation, client_id: str, changes: dict[str, str]
    ) -> None:
        """There is nothing to verify it with."""
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
        """It opens calls; another token takes the client's own proof."""
        anyone = register(strict, client_id, f"{client_id}:s")
        token = anyone.post(PATH, data=GRANT, auth=(client_id, "s")).json()["access_token"]

        answer = strict.client("/attraqt", token).post(PATH, data=GRANT)

        assert oauth_error(answer) == (401, "invalid_client")
