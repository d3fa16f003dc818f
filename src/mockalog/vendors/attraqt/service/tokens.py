"""The token endpoint: authentication of clients, and access tokens.

A client's credential is its client id, so that in open mode its access tokens open the sandbox
of `Authorization: Bearer <client id>`. In strict mode a client with a secret is registered as
`<client id>:<secret>`, one with a private key as `<client id>` and its public key.

Source: docs/vendors/attraqt.md#21-token-endpoint.
"""

from collections.abc import Mapping

from mockalog.kernel.clock import SECOND
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import InvalidClientError
from mockalog.vendors.attraqt.repository import assertions
from mockalog.vendors.attraqt.rules import tokens as rules


def identify_client(authorization: str, form: Mapping[str, str]) -> rules.Client:
    """Return the client of a request; the id of one with an assertion is in the assertion."""
    client = rules.parse_client(authorization, form)
    if not client.assertion:
        return client
    claims = _decode(client.assertion, None)
    return client._replace(id=rules.subject(claims, client.id))


def credential_of(call: Call, client: rules.Client) -> str:
    """Return the credential of a client; the signature of an assertion is checked later."""
    if client.assertion or not _is_strict(call):
        return client.id
    return f"{client.id}:{client.secret}"


async def create_token(
    call: Call, client: rules.Client, tenant: str, scope: str
) -> dict[str, object]:
    """Issue an access token for a tenant, with the permissions of the client."""
    if client.assertion:
        await _check_assertion(call, client, tenant)
    token = _sign(call, _claims(call, client.id, tenant, scope))
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


async def _check_assertion(call: Call, client: rules.Client, tenant: str) -> None:
    """Check the life of an assertion, and its signature if the client has a registered key.

    Open mode accepts a client without a key; strict mode needs the key.
    """
    key = call.principal.subject.get("public_key")
    if key is None and _is_strict(call):
        raise InvalidClientError
    claims = _decode(client.assertion, key)
    rules.check_life(claims, call.now)
    if key is not None:
        path = f"/auth/realms/{tenant}/protocol/openid-connect/token"
        name = digest(f"{client.id} {rules.check_purpose(claims, path)}")
        if not await assertions.use_assertion(call.repository, name):
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


def _claims(call: Call, client_id: str, tenant: str, scope: str) -> dict[str, object]:
    """Return Keycloak's claims; `jti` keeps tokens apart if the clock is frozen."""
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


def _sign(call: Call, claims: dict[str, object]) -> str:
    """Return a token signed with a random key; the server knows it by its digest."""
    # The import of its cryptography costs 0.1 s, so no start pays for it.
    import jwt

    return jwt.encode(claims, call.runtime.randomness.randbytes(32), algorithm="HS256")


def _is_strict(call: Call) -> bool:
    return call.runtime.strict
