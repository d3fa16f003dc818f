"""The operation that reports on runs."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router.declarations import KEY, WORKSPACE
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import bodies
from mockalog.vendors.squared.rules import reports as rules
from mockalog.vendors.squared.schemas.reports import ReportOut, ReportQueryIn
from mockalog.vendors.squared.schemas.wire import reply
from mockalog.vendors.squared.service import reports
from mockalog.vendors.squared.service.identity import identify

router = VendorRouter(tag="Reports", key=KEY, bucket=API, headers=WORKSPACE)


@router.get(
    "/api/v1/reports",
    permission="report:read",
    query=ReportQueryIn,
    responses={200: ReportOut},
    errors=("validation",),
)
async def get_report(call: Call) -> Response:
    """Return counts of the runs of a period, by slices of time."""
    caller = await identify(call)
    wanted = rules.wanted(bodies.from_pairs(call.query_pairs))
    return reply({"data": await reports.get_report(call, caller, wanted)})
