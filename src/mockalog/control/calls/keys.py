"""The security schemes of the control plane: the admin token and a client's credential."""

from fastapi.security import APIKeyHeader, HTTPBearer

# Required if the server has an admin token.
ADMIN = APIKeyHeader(
    name="X-Mockalog-Admin",
    scheme_name="admin",
    description="The server's admin token, if it has one (`MOCKALOG_ADMIN_TOKEN`).",
    auto_error=False,
)
# Optional: without it and without `X-Mockalog-Sandbox`, a call acts on the whole server.
CLIENT = HTTPBearer(
    scheme_name="client",
    description="The credential of a vendor's client: the call acts on the sandbox that it opens.",
    auto_error=False,
)
# The schemes of a call that acts on a sandbox.
KEYS = (ADMIN, CLIENT)
