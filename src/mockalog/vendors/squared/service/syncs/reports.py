"""Reports on runs (docs/vendors/squared.md#116-reports)."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.repository.syncs import sync_runs as runs
from mockalog.vendors.squared.rules.syncs import reports as rules
from mockalog.vendors.squared.service.access import Caller


async def get_report(call: Call, caller: Caller, query: rules.ReportQuery) -> object:
    """Return the slices of both metrics, or of the metric in the query, as JSON values."""
    workspace_id = caller.authorised_workspace(call)
    period = rules.time_slices(query.days, call.now)
    groups = await runs.count_slices(call.repository, workspace_id, period, call.now)
    return rules.report(query, period, groups)
