"""The sandbox of a request, as its headers name it."""

import re
from contextlib import suppress

from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.errors import RepeatedHeaderError, UnstorableValueError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.sandboxes.authentication import (
    Authenticator,
    OpenAuthenticator,
    is_known,
    named,
)
from mockalog.kernel.sandboxes.placeholders import PLACEHOLDERS
from mockalog.kernel.sandboxes.sandboxes import Sandboxes

SANDBOX_HEADER = b"x-mockalog-sandbox"

# Two credentials in one header: proxies and `fetch` join repeated headers by commas, as RFC 9110
# allows.
_JOINED = re.compile(r",\s*(bearer|basic)\s", re.IGNORECASE)


def selecting_headers(exchange: Exchange) -> tuple[str | None, str | None]:
    """Return `Authorization` and `X-Mockalog-Sandbox`, None for an absent header.

    Raises `RepeatedHeaderError`: the values of a repeated header may differ, and proxies differ in
    which of them they take.
    """
    authorization = sandbox = None
    for name, value in exchange.headers:
        if name == b"authorization":
            if authorization is not None:
                raise RepeatedHeaderError("Authorization")
            authorization = value.decode("latin-1")
            if "," in authorization and _JOINED.search(authorization):
                raise RepeatedHeaderError("Authorization")
        elif name == SANDBOX_HEADER:
            if sandbox is not None:
                raise RepeatedHeaderError("X-Mockalog-Sandbox")
            sandbox = value.decode("latin-1")
    return authorization, sandbox


def credentials(exchange: Exchange) -> tuple[str, str | None]:
    """Return the token of `Authorization: Bearer` (`""` without one) and the named sandbox.

    Raises `RepeatedHeaderError`.
    """
    authorization, sandbox = selecting_headers(exchange)
    return "" if authorization is None else bearer(authorization), sandbox


def bearer(authorization: str) -> str:
    """Return the token of an `Authorization` header, `""` for another scheme."""
    scheme, _, rest = authorization.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else ""


async def attribute(
    authenticator: Authenticator, sandboxes: Sandboxes, exchange: Exchange, *, public: bool = False
) -> None:
    """Record the sandbox of a request that reached no operation, so that its test finds it.

    An expired or revoked credential still names its sandbox. An unknown credential names the
    sandbox that open mode would open; in strict mode it names only a sandbox that exists. `public`:
    the operation needs no credential, so an unknown one means nothing.
    """
    opens = isinstance(authenticator, OpenAuthenticator)
    with suppress(  # then no sandbox is recorded
        UnstorableValueError, DatabaseUnavailableError, RepeatedHeaderError
    ):
        sent, header = credentials(exchange)
        token, name = exchange.token or sent, named(header)
        exchange.token = token = "" if token in PLACEHOLDERS else token
        if public and not await is_known(authenticator, sandboxes, token):
            token = ""
        if name and not await sandboxes.may_name(name, token):
            name = None
        sandbox = await sandboxes.of_caller(token, name, opens_unknown=opens)
        exchange.sandbox_id = None if sandbox is None else sandbox.id
