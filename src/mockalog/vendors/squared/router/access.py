"""The access to Squared's operations: credential, caller, workspace header and rate limits.

Sources: docs/vendors/squared.md#27-throttling; docs/vendors/squared.md#1-contradictions, row 24.
"""

from functools import wraps
from typing import Unpack

from fastapi.security import HTTPBearer

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Bucket, Call
from mockalog.kernel.vendor.declaration import ByDialect, Declaration, Endpoint
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.kernel.vendor.rails import client_address
from mockalog.kernel.vendor.router import Declare
from mockalog.vendors.squared.schemas.accounts.workspaces import RequiredWorkspaceIn, WorkspaceIn
from mockalog.vendors.squared.service.access import identify

KEY = HTTPBearer(
    scheme_name="token",
    bearerFormat="JWT",
    description="The token of a login. Any other text opens a sandbox of its own.",
    auto_error=False,
)

# docs/vendors/squared.md#1-contradictions, row 8: the server has no default.
WORKSPACE = ByDialect(docs=WorkspaceIn, server=RequiredWorkspaceIn)

UPDATE = ("PUT", "PATCH")


def update_errors(not_found: str) -> tuple[str, ...]:
    """Return the error ids of an update; `not_found`: of a missing record."""
    return (
        "validation",
        "exception",
        "unstorable-value",
        not_found,
        "parameter-missing",
        "unprocessable",
    )


# Documented: 100 a minute for the whole API; the server itself has no such limit
# (docs/vendors/squared.md#1-contradictions, row 24).
API = Bucket("squared.api", limit=100, seconds=60, disabled_when=("squared.dialect", "server"))


class SquaredRouter(VendorRouter):
    """A router whose endpoints receive the call and its `Caller`; public ones only the call."""

    def __init__(self, **defaults: Unpack[Declaration]) -> None:
        """Take the options of all routes; each operation has the security scheme `KEY`."""
        declaration: Declaration = {"key": KEY, **defaults}
        super().__init__(**declaration)

    def declare(self, verbs: tuple[str, ...], path: str, **options: Unpack[Declaration]) -> Declare:
        """Declare an operation whose caller is identified before its endpoint runs."""
        declare = super().declare(verbs, path, **options)
        if {**self._defaults, **options}.get("public"):
            return declare
        return lambda endpoint: declare(_with_caller(endpoint))


def _with_caller(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that passes the caller to another one."""

    @wraps(endpoint)
    async def identified(call: Call, **parameters: str) -> Response:
        response: Response = await endpoint(call, await identify(call), **parameters)
        return response

    return identified


def _throttle(name: str, limit: int, seconds: int) -> Bucket:
    """Return the limit of one client address; the loopback is exempt.

    Source: docs/vendors/squared.md#27-throttling.
    """
    return Bucket(f"squared.{name}", limit, seconds, key=_remote_address)


def _remote_address(call: Call) -> str | None:
    address = client_address(call.exchange)
    return None if address is None or address.is_loopback else str(address)


LOGIN = _throttle("login", 5, 20)
SIGNUP = _throttle("signup", 2, 60)
FORGOT_PASSWORD = _throttle("forgot_password", 2, 60)
RESET_PASSWORD = _throttle("reset_password", 2, 60)
RESEND_VERIFICATION = _throttle("resend_verification", 2, 300)
