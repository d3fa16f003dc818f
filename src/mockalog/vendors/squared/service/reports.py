"""Reports on what ran (docs/vendors/squared.md#116-reports)."""

from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.repository import sync_runs as runs
from mockalog.vendors.squared.rules import reports as rules
from mockalog.vendors.squared.service.identity import Caller


async def get_report(call: Call, caller: Caller, wanted: rules.Report) -> Any:
    """Return the slices of each metric, or of the one that is asked for."""
    workspace_id = caller.workspace_id
    caller.authorise(call)
    period = rules.slices(wanted.days, call.now)
    groups = await runs.count_slices(
        call.repository, workspace_id, period.start, period.length, call.now
    )
    return rules.report(wanted, period, groups)
