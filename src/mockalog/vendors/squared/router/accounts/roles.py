"""The operation on roles."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect, ResponseDoc
from mockalog.vendors.squared.router.access import API, SquaredRouter
from mockalog.vendors.squared.router.params import reply
from mockalog.vendors.squared.schemas.accounts.workspaces import RolesOut
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.accounts import workspaces

router = SquaredRouter(tag="Workspaces", bucket=API)


# docs/vendors/squared.md#1-contradictions, row 29: an operation of the docs alone.
@router.get(
    "/enterprise/api/v1/roles",
    responses=ByDialect(docs={200: RolesOut}, server={404: ResponseDoc(media_type=None)}),
    errors=ByDialect(docs=(), server=("unknown-operation",)),
)
async def list_roles(call: Call, caller: Caller) -> Response:
    """List the roles with their rights. The open-source server has no such call."""
    return reply({"data": await workspaces.list_roles(call, caller)})
