"""OAuth and OpenID Connect libraries against Attraqt's realm, each in a process of its own."""

import signal
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from mockalog.testing import Mockalog
from tests.clients.published import (
    AUTHLIB,
    JOSE,
    KEYCLOAK,
    OPENID_CLIENT,
    REQUESTS_OAUTHLIB,
    SIMPLE_OAUTH2,
    Client,
)
from tests.serving import served

pytestmark = pytest.mark.clients

# Libraries that form-encode Basic credentials send this as `my%2Dservice`.
CLIENT = ("my-service", "s-1")
TENANCY = "tenant=acme&environment=live1"
SCHEMA = {"name": "product", "attributes": [{"name": "title", "type": "TEXT"}]}
CATALOG = {"catalogItemSchemas": [{"name": "product", "version": 1}]}


class Realm(NamedTuple):
    """Attraqt's address, the path of its authority, and a token that it has issued."""

    url: str
    ca: str | None
    token: str

    @property
    def issuer(self) -> str:
        """The issuer of every token of the realm."""
        return f"{self.url}/auth/realms/acme"

    def run(self, client: Client) -> Any:
        """Run a client's program against the realm."""
        return client.run(self.url, *CLIENT, self.token, ca=self.ca)


def realm_at(url: str, ca: str | None = None) -> Realm:
    """Fetch a token, and create one catalog with it."""
    with httpx.Client(base_url=url, verify=ssl.create_default_context(cafile=ca)) as session:
        grant = {"grant_type": "client_credentials"}
        path = "/auth/realms/acme/protocol/openid-connect/token"
        token = session.post(path, data=grant, auth=CLIENT).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        # The clients fetch more than ten tokens in a second.
        session.patch("/_mockalog/settings", json={"rate_limits": "off"}).raise_for_status()
        for path, body in (("/item-schemas", SCHEMA), ("/catalogs", CATALOG)):
            session.post(f"{path}?{TENANCY}", json=body).raise_for_status()
    return Realm(url, ca, token)


@contextmanager
def in_process(folder: Path) -> Iterator[Realm]:
    """Serve from a thread of this process."""
    with Mockalog() as mockalog:
        yield realm_at(mockalog.attraqt.url)


@contextmanager
def over_tls(folder: Path) -> Iterator[Realm]:
    """Serve with certificates of an authority made at the start."""
    with Mockalog(tls=True) as mockalog:
        authority = folder / "ca.pem"
        authority.write_text(mockalog.ca_certificate or "")
        yield realm_at(mockalog.attraqt.url, str(authority))


@contextmanager
def two_workers(folder: Path) -> Iterator[Realm]:
    """Serve from two processes, of which each may get the next request."""
    database = f"sqlite:///{folder}/mockalog.db"
    with served("--workers", "2", "--database-url", database) as (_, urls):
        yield realm_at(urls["attraqt"])


@contextmanager
def restarted(folder: Path) -> Iterator[Realm]:
    """Serve a file after another server issued the token and was killed."""
    file = ("--database-url", f"sqlite:///{folder}/mockalog.db")
    with served(*file) as (server, urls):
        realm = realm_at(urls["attraqt"])
        server.send_signal(signal.SIGKILL)
        server.wait()
    port = realm.url.rpartition(":")[2]
    with served(*file, "--attraqt-port", port):
        yield realm


@pytest.fixture(scope="module", params=[in_process, over_tls, two_workers, restarted])
def realm(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Realm]:
    """The realm of an emulator that runs in each way."""
    with request.param(tmp_path_factory.mktemp("realm")) as realm:
        yield realm


def test_python_keycloak(realm: Realm) -> None:
    """Discovery, keys, introspection, user information, and errors in OAuth's form (A3)."""
    seen = realm.run(KEYCLOAK)

    assert seen["well_known"]["issuer"] == realm.issuer
    assert len(seen["kids"]) == 1
    assert seen["token"]["token_type"] == "Bearer"
    for name in ("claims", "earlier_claims"):
        assert seen[name]["iss"] == realm.issuer
        assert seen[name]["azp"] == CLIENT[0]
    for name in ("introspected", "introspected_earlier"):
        assert seen[name]["active"] is True
    assert seen["introspected_foreign"] == {"active": False}
    assert seen["userinfo"]["sub"] == seen["claims"]["sub"]
    assert seen["userinfo_without_scope"][0] == 403
    assert seen["wrong_grant"][0] == 400
    assert seen["wrong_scope"][1]["error"] == "invalid_scope"
    assert seen["wrong_realm"] == [404, {"error": "Realm does not exist"}]


def test_authlib(realm: Realm) -> None:
    """By discovery: tokens whose signature the published keys prove, and introspection."""
    seen = realm.run(AUTHLIB)

    assert seen["issuer"] == realm.issuer
    for name in ("basic", "post"):
        assert seen[name]["catalogs"] == 1
        assert seen[name]["claims"]["iss"] == realm.issuer
    assert seen["earlier_claims"]["clientId"] == CLIENT[0]
    assert seen["introspected"]["active"] is True
    assert seen["wrong_scope"] == "invalid_scope"


def test_requests_oauthlib(realm: Realm) -> None:
    """Basic and form open the same sandbox, and an earlier token still does."""
    assert realm.run(REQUESTS_OAUTHLIB) == {
        "basic": ["Bearer", 1],
        "form": ["Bearer", 1],
        "earlier": 1,
        "wrong_scope": ["invalid_scope", 400],
    }


def test_openid_client(realm: Realm) -> None:
    """By discovery; it form-encodes Basic credentials, which open the same sandbox (A2)."""
    seen = realm.run(OPENID_CLIENT)

    assert seen["issuer"] == realm.issuer
    for name in ("basic", "post"):
        assert seen[name] == {"type": "bearer", "expires": 300, "catalogs": 1}
    assert seen["introspected"]["active"] is True
    assert seen["wrongScope"] == {"error": "invalid_scope", "status": 400}


def test_jose(realm: Realm) -> None:
    """Its remote key set proves new and earlier tokens, and no forged one."""
    seen = realm.run(JOSE)

    for name in ("fresh", "earlier"):
        assert seen[name]["payload"]["iss"] == realm.issuer
        assert seen[name]["header"] == {"alg": "RS256", "kid": seen["kid"], "typ": "JWT"}
    assert seen["forged"] == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"


def test_simple_oauth2(realm: Realm) -> None:
    """It form-encodes Basic credentials, which open the same sandbox as the form (A2)."""
    assert realm.run(SIMPLE_OAUTH2) == {
        "header": {"type": "Bearer", "catalogs": 1},
        "body": {"type": "Bearer", "catalogs": 1},
        "wrongScope": "invalid_scope",
    }
