"""How a client of the control plane shows its rights, and whose sandbox it means."""

from fastapi.security import APIKeyHeader, HTTPBearer

# Needed where the server has one.
ADMIN = APIKeyHeader(
    name="X-Mockalog-Admin",
    scheme_name="admin",
    description="The server's admin token, if it has one (`MOCKALOG_ADMIN_TOKEN`).",
    auto_error=False,
)
# Optional: without it, and without `X-Mockalog-Sandbox`, a call is about the whole server.
CLIENT = HTTPBearer(
    scheme_name="client",
    description="The credential of a vendor's client: the call acts on the sandbox that it opens.",
    auto_error=False,
)
# Of a call that acts on a sandbox.
KEYS = (ADMIN, CLIENT)
