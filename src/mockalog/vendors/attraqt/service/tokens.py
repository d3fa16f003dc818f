"""The token endpoint: who asks, and the access token it gets.

A client's credential is its client id, so that in open mode its access tokens open the sandbox
that `Authorization: Bearer <client id>` opens. In strict mode a client with a secret is
registered as `<client id>:<secret>`, one with a private key as `<client id>` and its public key.

Source: docs/vendors/attraqt.md#21-token-endpoint.
"""

from collections.abc import Mapping
from typing import Any

from mockalog.kernel.clock import SECOND
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import InvalidClient
from mockalog.vendors.attraqt.repository import assertions
from mockalog.vendors.attraqt.rules import tokens as rules


def credential(call: Call) -> str:
    """Return what to authenticate: see above; an assertion's signature is looked at later."""
    rules.check_grant(call.form)
    client = _client(call)
    if client.assertion or not _strict(call):
        return client.id
    return f"{client.id}:{client.secret}"


async def create_token(call: Call, tenant: str) -> dict[str, Any]:
    """Issue an access token of the realm, with the client's own permissions."""
    rules.check_realm(tenant)
    client = _client(call)
    if client.assertion:
        await _check_assertion(call, client, tenant)
    scope = call.form.get("scope") or "openid"
    token = _token(call, _claims(call, client.id, tenant, scope))
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


def _client(call: Call) -> rules.Client:
    """Return the client; an assertion names it itself."""
    client = rules.client(call.headers.get("authorization", ""), call.form)
    if not client.assertion:
        return client
    claims = _decode(client.assertion, None)
    return client._replace(id=rules.subject(claims, client.id))


async def _check_assertion(call: Call, client: rules.Client, tenant: str) -> None:
    """Check an assertion's life, and what its key proves if the client registered one.

    Open mode takes any client, so one without a key proves nothing; strict mode needs the key.
    """
    key = call.principal.subject.get("public_key")
    if key is None and _strict(call):
        raise InvalidClient
    claims = _decode(client.assertion, key)
    rules.check_life(claims, call.now)
    if key is not None:
        path = f"/auth/realms/{tenant}/protocol/openid-connect/token"
        name = digest(f"{client.id} {rules.check_purpose(claims, path)}")
        if not await assertions.use_assertion(call.repository, name):
            raise InvalidClient("The assertion was used before")


def _decode(assertion: str, key: str | None) -> Mapping[str, Any]:
    """Return an assertion's claims, the signature verified if there is a key for it.

    Times are not PyJWT's to check: it knows the machine's clock only.
    """
    # Imported here because its cryptography costs a tenth of a second of every cold start.
    import jwt

    options: Any = {f"verify_{name}": False for name in ("exp", "nbf", "iat", "aud")}
    options["verify_signature"] = key is not None
    try:
        claims: Mapping[str, Any] = jwt.decode(
            assertion, key or "", algorithms=list(rules.ALGORITHMS), options=options
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        raise InvalidClient("The assertion or its signature is invalid") from None
    return claims


def _claims(call: Call, client_id: str, tenant: str, scope: str) -> dict[str, Any]:
    """Return what Keycloak says in a token; `jti` keeps tokens apart under a frozen clock."""
    issued_at = call.now // SECOND
    return {
        "exp": issued_at + rules.LIFE,
        "iat": issued_at,
        "jti": call.runtime.new_uuid(),
        "iss": f"{call.base_url}/auth/realms/{tenant}",
        "sub": client_id,
        "typ": "Bearer",
        "azp": client_id,
        "scope": scope,
    }


def _token(call: Call, claims: dict[str, Any]) -> str:
    """Sign with a key that is thrown away: a token is known by its digest, nobody verifies it."""
    # Imported here because its cryptography costs a tenth of a second of every cold start.
    import jwt

    return jwt.encode(claims, call.runtime.randomness.randbytes(32), algorithm="HS256")


def _strict(call: Call) -> bool:
    return call.runtime.settings.auth == "strict"
