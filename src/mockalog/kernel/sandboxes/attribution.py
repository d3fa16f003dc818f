"""Whose a request is, as far as it says: read from its headers, noted in the journal."""

from contextlib import suppress

from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.errors import UnstorableValueError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.sandboxes.authentication import Authenticator, OpenAuthenticator
from mockalog.kernel.sandboxes.sandboxes import Sandboxes

SANDBOX_HEADER = b"x-mockalog-sandbox"


def credentials(exchange: Exchange) -> tuple[str, str | None]:
    """Return the token of `Authorization: Bearer` (`""`: none) and the sandbox that is named."""
    token, sandbox = "", None
    for name, value in exchange.headers:
        if name == b"authorization":
            token = bearer(value.decode("latin-1"))
        elif name == SANDBOX_HEADER:
            sandbox = value.decode("latin-1")
    return token, sandbox


def bearer(authorization: str) -> str:
    """Return the token of an `Authorization` header, `""` if it is of another scheme."""
    scheme, _, rest = authorization.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else ""


async def attribute(authenticator: Authenticator, sandboxes: Sandboxes, exchange: Exchange) -> None:
    """Tell the journal whose a request is that came nowhere: its sender looks for it there.

    A credential that has ended still says whose it was. An unknown one says whose it would be
    where it would be let in; elsewhere it opens nothing, and is nobody's unless somebody did.
    """
    sent, name = credentials(exchange)
    exchange.token = exchange.token or sent
    opens = isinstance(authenticator, OpenAuthenticator)
    with suppress(UnstorableValueError, DatabaseUnavailableError):  # then it is nobody's
        sandbox = await sandboxes.of_caller(exchange.token, name, strangers=opens)
        exchange.sandbox_id = None if sandbox is None else sandbox.id
