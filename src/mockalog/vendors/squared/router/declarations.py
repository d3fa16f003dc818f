"""The parts of a declaration that most operations share."""

from fastapi.security import HTTPBearer

from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.schemas.paths import RequiredWorkspaceIn, WorkspaceIn

KEY = HTTPBearer(
    scheme_name="token",
    bearerFormat="JWT",
    description="The token of a login. Any other text opens a sandbox of its own.",
    auto_error=False,
)

# docs/vendors/squared.md#1-contradictions, row 8: the server has no default.
WORKSPACE = ByDialect(docs=WorkspaceIn, server=RequiredWorkspaceIn)

UPDATE = ("PUT", "PATCH")
