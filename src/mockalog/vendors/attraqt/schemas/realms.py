"""The documents of a realm, introspection and userinfo, in the words of Keycloak.

Sources: docs/vendors/attraqt.md#22-realm; OpenID Connect Discovery 1.0; RFC 7662.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Path
from pydantic import ConfigDict, Field

from mockalog.vendors.attraqt.json_columns import MAX_TENANCY
from mockalog.vendors.attraqt.rules import realms
from mockalog.vendors.attraqt.rules.tokens import ALGORITHMS, GRANT, SCOPES
from mockalog.vendors.attraqt.schemas.base import Out, one_of, shown
from mockalog.vendors.attraqt.schemas.tokens import ClientIn

Realm = Annotated[
    str,
    Path(
        description="The tenant; a template that is left unfilled, such as `{tenantId}`, is none.",
        min_length=1,
        max_length=MAX_TENANCY,
        # Pydantic's own `pattern` knows no lookahead.
        json_schema_extra={
            "pattern": r"^(?!(undefined|null|None|NaN|\[object Object\])$)(?![$:])"
            r"[^\x00-\x1f\x7f{}<>%]*$"
        },
        examples=["acme"],
    ),
]

_AS_IT_IS = ConfigDict(alias_generator=None)


class RealmOut(Out):
    """A realm; `public_key` is an RSA key, DER in base64."""

    model_config = _AS_IT_IS

    realm: str
    public_key: str
    token_service: str = Field(alias="token-service", description="The URL of its endpoints.")
    account_service: str = Field(
        alias="account-service", description="Keycloak's page of accounts, which is not emulated."
    )
    tokens_not_before: int = Field(alias="tokens-not-before")


class KeyOut(Out):
    """A public key (RFC 7517)."""

    model_config = _AS_IT_IS

    kid: str
    kty: Annotated[str, one_of(["RSA"])]
    alg: Annotated[str, one_of(["RS256"])]
    use: Annotated[str, one_of(["sig"])]
    n: str
    e: str


class KeysOut(Out):
    """The keys that sign access tokens (JWKS)."""

    model_config = _AS_IT_IS

    keys: list[KeyOut]


class OpenIdConfigurationOut(Out):
    """The OpenID configuration."""

    model_config = _AS_IT_IS

    issuer: str
    authorization_endpoint: str = Field(
        description="It is not emulated, and answers 404: OpenID Connect requires its name."
    )
    token_endpoint: str
    introspection_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    response_types_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    introspection_endpoint_auth_methods_supported: list[str]
    introspection_endpoint_auth_signing_alg_values_supported: list[str]
    claims_supported: list[str]
    claim_types_supported: list[str]
    claims_parameter_supported: bool
    scopes_supported: list[str]
    request_parameter_supported: bool
    request_uri_parameter_supported: bool
    tls_client_certificate_bound_access_tokens: bool


class IntrospectionIn(ClientIn):
    """A client that introspects an access token."""

    model_config = ConfigDict(
        **shown({"client_id": "my-service", "client_secret": "s-1", "token": "eyJ..."})
    )

    token: str
    token_type_hint: str = Field("", description="It is ignored.")


class IntrospectionOut(Out):
    """The claims of an active token; of any other token `active` alone."""

    model_config = _AS_IT_IS

    exp: int = Field(default_factory=int)
    iat: int = Field(default_factory=int)
    jti: str = Field(default_factory=str)
    iss: str = Field(default_factory=str)
    aud: str = Field(default_factory=str)
    sub: str = Field(default_factory=str)
    typ: str = Field(default_factory=str)
    azp: str = Field(default_factory=str)
    scope: str = Field(default_factory=str)
    client: str = Field(default_factory=str, alias="clientId")
    client_id: str = Field(default_factory=str)
    username: str = Field(default_factory=str)
    token_type: str = Field(default_factory=str)
    active: bool


class UserinfoOut(Out):
    """The service account of a client."""

    model_config = _AS_IT_IS

    sub: str
    preferred_username: str


# The claims that introspection shows.
_CLAIMS = ("exp", "iat", "jti", "iss", "aud", "sub", "typ", "azp", "scope", "clientId")

_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")


def realm_out(realm: str, issuer: str, public_key: str) -> dict[str, object]:
    """Return the description of a realm."""
    return {
        "realm": realm,
        "public_key": public_key,
        "token-service": issuer + realms.PROTOCOL,
        "account-service": f"{issuer}/account",
        "tokens-not-before": 0,
    }


def keys_out(key_id: str, modulus: str, exponent: str) -> dict[str, object]:
    """Return the JWKS of one RSA key."""
    key = {"kid": key_id, "kty": "RSA", "alg": "RS256", "use": "sig", "n": modulus, "e": exponent}
    return {"keys": [key]}


def configuration_out(issuer: str) -> dict[str, object]:
    """Return the OpenID configuration of an issuer (inferred, Keycloak).

    OpenID Connect requires an authorization endpoint, without which httpx-oauth fails, and response
    types. `none` is the one of Keycloak's that gives no token.
    """
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + realms.AUTHORIZATION,
        "token_endpoint": issuer + realms.TOKEN,
        "introspection_endpoint": issuer + realms.INTROSPECTION,
        "userinfo_endpoint": issuer + realms.USERINFO,
        "jwks_uri": issuer + realms.KEYS,
        "grant_types_supported": [GRANT],
        "response_types_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": _METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "introspection_endpoint_auth_methods_supported": _METHODS,
        "introspection_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "claims_supported": ["aud", "sub", "iss", "preferred_username"],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": False,
        "scopes_supported": SCOPES,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "tls_client_certificate_bound_access_tokens": False,
    }


def introspection_out(claims: Mapping[str, object] | None) -> dict[str, object]:
    """Return the claims of an active token with Keycloak's additions; None: it is not active."""
    if claims is None:
        return {"active": False}
    return {
        **{name: claims[name] for name in _CLAIMS if name in claims},
        "client_id": claims.get("azp"),
        "username": _username(claims),
        "token_type": "Bearer",
        "active": True,
    }


def userinfo_out(claims: Mapping[str, object]) -> dict[str, object]:
    """Return the service account of a token's client (inferred, Keycloak)."""
    return {"sub": claims.get("sub"), "preferred_username": _username(claims)}


def _username(claims: Mapping[str, object]) -> str:
    return f"service-account-{claims.get('azp')}"
