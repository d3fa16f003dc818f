"""The sandbox of a request, as its headers name it."""

from contextlib import suppress

from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.errors import UnstorableValueError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.sandboxes.authentication import Authenticator, OpenAuthenticator
from mockalog.kernel.sandboxes.sandboxes import Sandboxes

SANDBOX_HEADER = b"x-mockalog-sandbox"


def credentials(exchange: Exchange) -> tuple[str, str | None]:
    """Return the token of `Authorization: Bearer` (`""` without one) and the named sandbox."""
    token, sandbox = "", None
    for name, value in exchange.headers:
        if name == b"authorization":
            token = bearer(value.decode("latin-1"))
        elif name == SANDBOX_HEADER:
            sandbox = value.decode("latin-1")
    return token, sandbox


def bearer(authorization: str) -> str:
    """Return the token of an `Authorization` header, `""` for another scheme."""
    scheme, _, rest = authorization.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else ""


async def attribute(authenticator: Authenticator, sandboxes: Sandboxes, exchange: Exchange) -> None:
    """Record the sandbox of a request that reached no operation, so that its test finds it.

    An expired or revoked credential still names its sandbox. An unknown credential names the
    sandbox that open mode would open; in strict mode it names only a sandbox that exists.
    """
    sent, name = credentials(exchange)
    exchange.token = exchange.token or sent
    opens = isinstance(authenticator, OpenAuthenticator)
    with suppress(UnstorableValueError, DatabaseUnavailableError):  # then no sandbox is recorded
        sandbox = await sandboxes.of_caller(exchange.token, name, opens_unknown=opens)
        exchange.sandbox_id = None if sandbox is None else sandbox.id
