"""Access tokens, and the clients that get and introspect them.

A client's credential is its client id, so that in open mode its access tokens open the sandbox
of `Authorization: Bearer <client id>`. In strict mode a client with a secret is registered as
`<client id>:<secret>`, one with a private key as `<client id>` and its public key.

Source: docs/vendors/attraqt.md#21-token-endpoint.
"""

from collections.abc import Mapping

from mockalog.kernel.clock import SECOND
from mockalog.kernel.database.repository import series
from mockalog.kernel.sandboxes.authentication import find_accepted
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import (
    INSUFFICIENT_SCOPE,
    INVALID_REQUEST,
    InvalidClientError,
    InvalidTokenError,
    OAuthError,
    realm_path,
)
from mockalog.vendors.attraqt.repository import assertions
from mockalog.vendors.attraqt.rules import realms
from mockalog.vendors.attraqt.rules import tokens as rules
from mockalog.vendors.attraqt.service.signing_keys import find_signing_key, sign


def credentials_of(call: Call) -> tuple[str, ...]:
    """Return the readings of a client's credential; raises `InvalidClientError`.

    The signature of an assertion is checked later.
    """
    return tuple(_clients(call))


async def create_token(call: Call, tenant: str) -> dict[str, object]:
    """Issue an access token for a tenant, with the permissions of the client."""
    client = await check_client(call, tenant)
    scope = rules.granted_scope(call.form)
    token = sign(await find_signing_key(call), _claims(call, client.id, scope))
    await call.runtime.sandboxes.register(
        call.connection,
        "attraqt",
        token,
        sandbox=call.sandbox.name,
        permissions=call.principal.permissions,
        subject={"realm": tenant},
        issued=True,
        expires_at=call.now + rules.LIFE * SECOND,
    )
    return schemas.token_out(token, scope)


async def introspect_token(call: Call, tenant: str) -> dict[str, object]:
    """Return the claims of an access token of a tenant, which any client may introspect.

    A token is active as long as it opens calls, whatever key signed it.
    """
    token = call.form.get("token")
    if not token:
        raise OAuthError(INVALID_REQUEST, "Token not provided.")
    known = await find_accepted(call.connection, "attraqt", token)
    claims = None
    if known is not None and known.subject.get("realm") == tenant:
        claims = _claims_of(token)
    return schemas.introspection_out(claims)


def userinfo(call: Call, tenant: str) -> dict[str, object]:
    """Return the claims about the service account of the caller's access token.

    Raises `InvalidTokenError`, and `OAuthError` for a token without the scope `openid`.
    """
    claims = None
    if call.principal.subject.get("realm") == tenant:
        claims = _claims_of(call.exchange.token)
    if claims is None:
        raise InvalidTokenError
    if rules.OPENID not in str(claims.get("scope")).split(" "):
        raise OAuthError(INSUFFICIENT_SCOPE)
    return schemas.userinfo_out(claims)


async def check_client(call: Call, tenant: str) -> rules.Client:
    """Return the authenticated client of a call; raises `InvalidClientError`."""
    client = _clients(call)[call.exchange.token]
    if client.assertion:
        await _check_assertion(call, client, tenant)
    return client


def _clients(call: Call) -> Mapping[str, rules.Client]:
    """Return the readings of a client by their credentials, in the order to try them.

    Open mode knows no secret, so the decoded reading is the one that counts.
    """
    clients = rules.parse_client(call.headers.get("authorization", ""), call.form)
    if not call.runtime.strict:
        clients = clients[-1:]
    return {_credential(call, client): client for client in map(_identified, clients)}


def _identified(client: rules.Client) -> rules.Client:
    """Return a client with its id; that of one with an assertion is in the assertion."""
    if not client.assertion:
        return client
    claims = _decode(client.assertion, None)
    return client._replace(id=rules.subject(claims, client.id))


def _credential(call: Call, client: rules.Client) -> str:
    if client.assertion or not call.runtime.strict:
        return client.id
    return f"{client.id}:{client.secret}"


async def _check_assertion(call: Call, client: rules.Client, tenant: str) -> None:
    """Check the claims of an assertion, and its signature if the client has a registered key.

    Open mode accepts a client without a key; strict mode needs the key.
    """
    key = call.principal.subject.get("public_key")
    if key is None and call.runtime.strict:
        raise InvalidClientError
    claims = _decode(client.assertion, key)
    expires_at = rules.check_life(claims, call.now)
    name = series(client.id, rules.check_purpose(claims, realms.audiences(tenant)))
    if not await assertions.use_assertion(call.repository, digest(name), expires_at, call.now):
        raise InvalidClientError("The assertion was used before")


def _decode(assertion: str, key: str | None) -> Mapping[str, object]:
    """Return the claims of an assertion; the signature is verified if a key is given.

    PyJWT knows only the machine's clock, so it checks no times.
    """
    # The import of its cryptography costs 0.1 s, so no start pays for it.
    import jwt

    try:
        claims: Mapping[str, object] = jwt.decode(
            assertion,
            key or "",
            algorithms=list(rules.ALGORITHMS),
            options={
                "verify_signature": key is not None,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        raise InvalidClientError("The assertion or its signature is invalid") from None
    return claims


def _claims(call: Call, client_id: str, scope: str) -> dict[str, object]:
    """Return Keycloak's claims; `jti` keeps tokens apart if the clock is frozen."""
    issued_at = call.now // SECOND
    return {
        "exp": issued_at + rules.LIFE,
        "iat": issued_at,
        "jti": call.runtime.new_uuid(),
        "iss": issuer_of(call),
        # The audience of Keycloak's tokens without roles of other clients.
        "aud": "account",
        "sub": client_id,
        "typ": "Bearer",
        "azp": client_id,
        "scope": scope,
        "clientId": client_id,
    }


def issuer_of(call: Call) -> str:
    """Return the URL of the call's realm as the caller spelled it: clients compare the text."""
    return call.base_url + realm_path(call.exchange.raw_path)


def _claims_of(token: str) -> Mapping[str, object] | None:
    """Return the claims of a token that the server knows, None for one that is no JWT.

    Its digest is known, so its signature needs no check.
    """
    try:
        return _decode(token, None)
    except InvalidClientError:
        return None
