"""The token endpoint and the tokens it issues (docs/vendors/attraqt.md#2-authentication)."""

import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

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

# Changes of claims after which an assertion is not for this realm, or is not unique.
BAD_PURPOSES: list[dict[str, Any]] = [
    {"jti": None},
    {"jti": ""},
    {"jti": 7},
    {"aud": None},
    {"aud": []},
    {"aud": {}},
    {"aud": ["https://elsewhere", 7]},
    {"aud": f"https://iam.attraqt.io{PATH}".replace("acme", "other")},
    {"aud": "https://iam.attraqt.io/auth/realms/acme2"},
    {"aud": "https://iam.attraqt.io/auth/realms"},
]

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
        """The answer has Keycloak's fields in Keycloak's order, and is not cached.

        A service account does not have the scope `openid` by itself (amendment attraqt A3).
        """
        answer = anyone.post(PATH, data=GRANT, auth=(client_id, "secret"))

        assert answer.status_code == 200
        token = answer.json()["access_token"]
        assert answer.text == (
            f'{{"access_token":"{token}","expires_in":300,"refresh_expires_in":0,'
            '"token_type":"Bearer","not-before-policy":0,"scope":"profile email"}'
        )
        assert answer.headers["cache-control"] == "no-store"

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
        """Its instants are the virtual clock's; two tokens of one instant differ.

        It is signed with the server's key (amendment attraqt A3).
        """
        tokens = [
            anyone.post(PATH, data=GRANT, auth=(client_id, "s")).json()["access_token"]
            for _ in range(2)
        ]

        assert tokens[0] != tokens[1]
        header = jwt.get_unverified_header(tokens[0])
        assert (header["alg"], header["typ"], bool(header["kid"])) == ("RS256", "JWT", True)
        payload = jwt.decode(tokens[0], options={"verify_signature": False})
        uuid.UUID(payload.pop("jti"))
        assert payload == {
            "exp": NOW + 300,
            "iat": NOW,
            "iss": "http://mockalog.test/attraqt/auth/realms/acme",
            "aud": "account",
            "sub": client_id,
            "typ": "Bearer",
            "azp": client_id,
            "scope": "profile email",
            "clientId": client_id,
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
            *BAD_PURPOSES,
        ],
    )
    def test_an_invalid_assertion_is_refused_even_in_open_mode(
        self, anyone: httpx.Client, client_id: str, changes: dict[str, Any]
    ) -> None:
        """It names one client twice, this realm and itself, and is valid at the virtual time.

        (amendment attraqt A4)
        """
        answer = anyone.post(PATH, data=assertion(claims(client_id, **changes)))

        assert oauth_error(answer) == (401, "invalid_client")

    @pytest.mark.parametrize("claim", ["exp", "nbf"])
    def test_the_error_names_the_claim_that_is_no_number(
        self, anyone: httpx.Client, client_id: str, claim: str
    ) -> None:
        """A client may send either (amendment attraqt A4)."""
        answer = anyone.post(PATH, data=assertion(claims(client_id, **{claim: "soon"})))

        described = answer.json()["error_description"]
        assert described == f"The assertion needs {claim} as a number"

    def test_an_assertion_of_another_client_is_refused(
        self, anyone: httpx.Client, client_id: str
    ) -> None:
        """If the form names a client."""
        form = {**assertion(claims(client_id)), "client_id": "somebody"}

        assert oauth_error(anyone.post(PATH, data=form)) == (401, "invalid_client")

    @pytest.mark.parametrize(
        ("sent", "granted"),
        [
            ("", "profile email"),
            (" ", "profile email"),
            ("email", "email"),
            ("openid  email openid", "openid email"),
            ("offline_access", "offline_access"),
        ],
    )
    def test_a_known_scope_comes_back(
        self, anyone: httpx.Client, client_id: str, sent: str, granted: str
    ) -> None:
        """Each part once, in the answer and in the token (amendment attraqt A3)."""
        answer = anyone.post(PATH, data={**GRANT, "scope": sent}, auth=(client_id, "s")).json()

        payload = jwt.decode(answer["access_token"], options={"verify_signature": False})
        assert answer["scope"] == payload["scope"] == granted

    @pytest.mark.parametrize("scope", ["nope", "openid nope", "OPENID", "openid,email", "a\tb"])
    def test_an_unknown_scope_is_refused(
        self, anyone: httpx.Client, client_id: str, scope: str
    ) -> None:
        """With the text of the client (amendment attraqt A3)."""
        answer = anyone.post(PATH, data={**GRANT, "scope": scope}, auth=(client_id, "s"))

        assert oauth_error(answer) == (400, "invalid_scope")
        assert answer.json()["error_description"] == f"Invalid scopes: {scope}"

    def test_the_eleventh_token_in_a_second_is_refused(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """In OAuth's words (amendment attraqt A3); the next second has a new limit."""
        ask = partial(anyone.post, PATH, data=GRANT, auth=(client_id, "s"))
        assert [ask().status_code for _ in range(10)] == [200] * 10

        assert oauth_error(ask()) == (429, "temporarily_unavailable")

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
        [
            PATH,
            f"http://127.0.0.1:8003{PATH}/",
            ["https://elsewhere", f"https://iam{PATH}"],
            "https://iam.attraqt.io/auth/realms/acme",
            ["http://127.0.0.1:8003/auth/realms/acme/"],
            f"https://iam{PATH}/introspect",
        ],
    )
    def test_the_audience_is_this_realm_at_any_address(
        self, strict: Emulation, anyone: httpx.Client, client_id: str, audience: object
    ) -> None:
        """Its issuer or its endpoint, one of several, under any host (amendment attraqt A4)."""
        known = register(strict, client_id, client_id, public_key=public(RSA_KEY))
        form = assertion(claims(client_id, aud=audience))

        for client in (known, anyone):
            assert client.post(PATH, data=form).status_code == 200

    @pytest.mark.parametrize(
        "changes",
        [
            {"exp": NOW},
            {"nbf": NOW + 1},
            *BAD_PURPOSES,
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

    def test_an_assertion_works_once(
        self, strict: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """Its `jti` is unique, in both modes (amendment attraqt A4)."""
        known = register(strict, client_id, client_id, public_key=public(RSA_KEY))
        form = assertion(claims(client_id))

        for client in (known, anyone):
            assert client.post(PATH, data=form).status_code == 200
            assert oauth_error(client.post(PATH, data=form)) == (401, "invalid_client")
            assert client.post(PATH, data=assertion(claims(client_id))).status_code == 200

    def test_an_issued_token_is_no_client(self, strict: Emulation, client_id: str) -> None:
        """It opens calls; a new token needs the client's own secret or assertion."""
        anyone = register(strict, client_id, f"{client_id}:s")
        token = anyone.post(PATH, data=GRANT, auth=(client_id, "s")).json()["access_token"]

        answer = strict.client("/attraqt", token).post(PATH, data=GRANT)

        assert oauth_error(answer) == (401, "invalid_client")


class TestReplays:
    """The memory of used assertions (amendment attraqt A4)."""

    def test_of_fifty_equal_assertions_one_is_accepted(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str
    ) -> None:
        """Also if they come at once."""
        emulation.sandbox(emulation.client(token=client_id)).settings["rate_limits"] = "off"
        form = assertion(claims(client_id))
        wanted = [anyone.build_request("POST", PATH, data=form) for _ in range(50)]

        answers = emulation.at_once(anyone, wanted)

        assert sorted(answer.status_code for answer in answers) == [200, *[401] * 49]

    def test_a_jti_is_its_clients_own(self, anyone: httpx.Client, client_id: str) -> None:
        """Another client may use the same, also one whose id ends as that `jti` begins."""
        for name, jti in ((client_id, "a b"), (f"{client_id} a", "b"), (f"{client_id}2", "a b")):
            answer = anyone.post(PATH, data=assertion(claims(name, jti=jti, exp=2**40)))
            assert answer.status_code == 200, answer.text

    @pytest.mark.parametrize("end", [NOW + 60, NOW + 60.5, 1e308])
    def test_a_jti_is_free_again_after_the_life_of_its_assertion(
        self, emulation: Emulation, anyone: httpx.Client, client_id: str, end: float
    ) -> None:
        """And its row is gone with the next assertion, so the memory stays small."""
        used = claims(client_id, exp=end)
        assert anyone.post(PATH, data=assertion(used)).status_code == 200

        advance(emulation, emulation.client(token=client_id), 61)
        again = anyone.post(PATH, data=assertion({**used, "exp": NOW + 500}))

        assert again.status_code == (401 if end > NOW + 500 else 200)

    def test_a_refused_assertion_is_not_used_up(self, anyone: httpx.Client, client_id: str) -> None:
        """A client that corrects its scope may send it again."""
        form = assertion(claims(client_id))

        refused = anyone.post(PATH, data={**form, "scope": "nope"})
        taken = anyone.post(PATH, data=form)

        assert (refused.status_code, taken.status_code) == (400, 200)


ENCODED = [
    (("my%2Dservice", "s%2D1"), ("my-service", "s-1")),
    (("my+service", "s+1"), ("my service", "s 1")),
    (("a%2Bb%20c", "%3A%2F%25"), ("a+b c", ":/%")),
    (("a%3Ab", "s"), ("a:b", "s")),
    (("%C3%A9", "%E2%82%AC"), ("\u00e9", "\u20ac")),
]
# No escape, or none that is UTF-8: such a pair is not encoded.
RAW = [("100%", "s+1"), ("a+b", "50% off"), ("a%zz", "s"), ("%FF", "s"), ("a", "%C3")]


class TestBasic:
    """HTTP Basic as RFC 6749, section 2.3.1 encodes it (amendment attraqt A2)."""

    @pytest.mark.parametrize(("sent", "meant"), ENCODED)
    def test_open_mode_decodes(
        self, anyone: httpx.Client, sent: tuple[str, str], meant: tuple[str, str]
    ) -> None:
        """It is the client of the form with the same id."""
        basic = anyone.post(PATH, data=GRANT, auth=_utf8(sent))
        form = anyone.post(PATH, data={**GRANT, "client_id": meant[0], "client_secret": meant[1]})

        assert [_subject(answer) for answer in (basic, form)] == [meant[0]] * 2

    @pytest.mark.parametrize("pair", RAW)
    def test_a_pair_that_is_not_encoded_is_taken_as_it_is(
        self, strict: Emulation, anyone: httpx.Client, pair: tuple[str, str]
    ) -> None:
        """A malformed escape, and one of other bytes than UTF-8."""
        known = register(strict, uuid.uuid4().hex, ":".join(pair))

        for client in (anyone, known):
            assert _subject(client.post(PATH, data=GRANT, auth=_utf8(pair))) == pair[0]

    @pytest.mark.parametrize(("sent", "meant"), ENCODED)
    def test_strict_mode_tries_the_raw_pair_first(
        self, strict: Emulation, sent: tuple[str, str], meant: tuple[str, str]
    ) -> None:
        """Then the decoded one; each is the registration of its own client."""
        anyone = strict.client("/attraqt", headers={"Authorization": ""})
        strict.server().credentials.add("attraqt", ":".join(meant))
        assert _subject(anyone.post(PATH, data=GRANT, auth=_utf8(sent))) == meant[0]
        assert _subject(anyone.post(PATH, data=GRANT, auth=_utf8((quote(meant[0]), sent[1]))))

        strict.server().credentials.add("attraqt", ":".join(sent))

        assert _subject(anyone.post(PATH, data=GRANT, auth=_utf8(sent))) == sent[0]

    @pytest.mark.parametrize("pair", [("%75ndefined", "s"), ("a", "%6Eull"), ("%", "undefined")])
    def test_an_encoded_placeholder_is_none_either(
        self, strict: Emulation, anyone: httpx.Client, pair: tuple[str, str]
    ) -> None:
        """In both modes (amendment attraqt A10)."""
        known = register(strict, uuid.uuid4().hex, ":".join(pair))

        for client in (anyone, known):
            answer = client.post(PATH, data=GRANT, auth=pair)
            assert oauth_error(answer) == (401, "invalid_client")


def _utf8(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    return pair[0].encode(), pair[1].encode()


def _subject(answer: httpx.Response) -> str:
    """Return the client of an issued token."""
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]
    return str(jwt.decode(token, options={"verify_signature": False})["sub"])
