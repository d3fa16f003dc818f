"""The operation on reports."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.router.access import API, WORKSPACE, SquaredRouter
from mockalog.vendors.squared.router.params import reply
from mockalog.vendors.squared.rules.syncs import reports as rules
from mockalog.vendors.squared.schemas.syncs.reports import (
    ReportOut,
    ReportQueryIn,
    ServerReportQueryIn,
)
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.syncs import reports

router = SquaredRouter(tag="Reports", bucket=API, headers=WORKSPACE)


@router.get(
    "/api/v1/reports",
    permission="report:read",
    query=ByDialect(docs=ReportQueryIn, server=ServerReportQueryIn),
    responses={200: ReportOut},
    errors=("validation",),
)
async def get_report(call: Call, caller: Caller) -> Response:
    """Return counts of the runs of a period, by slices of time."""
    query = rules.report_query(call.query_pairs, call.setting("squared.dialect"))
    return reply({"data": await reports.get_report(call, caller, query)})
