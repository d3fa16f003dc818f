"""The operation on roles."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect, ResponseDoc
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router.declarations import KEY
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.schemas.wire import reply
from mockalog.vendors.squared.schemas.workspaces import RolesOut
from mockalog.vendors.squared.service import workspaces
from mockalog.vendors.squared.service.identity import identify

router = VendorRouter(tag="Workspaces", key=KEY, bucket=API)


# docs/vendors/squared.md#1-contradictions, row 29: an operation of the docs alone.
@router.get(
    "/enterprise/api/v1/roles",
    responses=ByDialect(docs={200: RolesOut}, server={404: ResponseDoc(media_type=None)}),
    errors=ByDialect(docs=(), server=("unknown-operation",)),
)
async def list_roles(call: Call) -> Response:
    """List the roles with their rights. The open-source server has no such call."""
    caller = await identify(call)
    return reply({"data": await workspaces.list_roles(call, caller)})
