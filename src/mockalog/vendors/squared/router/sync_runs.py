"""Operations on runs, their records and reports on them."""

from mockalog.kernel.call import Call
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.router.index import router
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import bodies, listings
from mockalog.vendors.squared.rules import reports as report_rules
from mockalog.vendors.squared.rules import syncs as sync_rules
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import body_of, reply
from mockalog.vendors.squared.service import reports, sync_runs
from mockalog.vendors.squared.service.identity import identify


@router.get("/api/v1/syncs/{sync_id}/sync_runs", permission="sync_run:read", bucket=API)
async def list_sync_runs(call: Call, sync_id: str) -> Answer:
    """List a sync's runs by pages."""
    caller = await identify(call)
    wanted = listings.of_runs(call.query, call.setting("squared.dialect"), sync_id)
    return reply(await sync_runs.list_runs(call, caller, *wanted))


@router.get("/api/v1/syncs/{sync_id}/sync_runs/{run_id}", permission="sync_run:read", bucket=API)
async def get_sync_run(call: Call, sync_id: str, run_id: str) -> Answer:
    """Return one run."""
    caller = await identify(call)
    wanted = listings.of_run(sync_id, run_id)
    return reply({"data": await sync_runs.get_run(call, caller, *wanted)})


@router.get(
    "/api/v1/syncs/{sync_id}/sync_runs/{run_id}/sync_records",
    permission="sync_record:read",
    bucket=API,
)
async def list_sync_records(call: Call, sync_id: str, run_id: str) -> Answer:
    """List a run's records by pages."""
    caller = await identify(call)
    wanted = listings.of_records(call.query, call.setting("squared.dialect"), sync_id, run_id)
    return reply(await sync_runs.list_records(call, caller, *wanted))


@router.post("/api/v1/schedule_syncs", permission="sync:create", bucket=API, schedules=True)
async def schedule_sync(call: Call) -> Answer:
    """Begin a run of a manual sync."""
    caller = await identify(call)
    sync_id = sync_rules.wanted_sync(body_of(call, "schedule_sync", ("sync_id",)))
    await sync_runs.schedule_sync(call, caller, sync_id)
    return reply({"message": "Sync scheduled successfully"})


@router.delete(
    "/api/v1/schedule_syncs/{sync_id}", permission="sync:delete", bucket=API, overtakes=True
)
async def cancel_sync(call: Call, sync_id: str) -> Answer:
    """Cancel the run of a manual sync; it comes before a run that has no delay."""
    caller = await identify(call)
    await sync_runs.cancel_sync(call, caller, listings.lenient_id(sync_id))
    return reply({"message": "Sync cancelled successfully"})


@router.post(
    "/enterprise/api/v1/syncs/{sync_id}/test", permission="sync:create", bucket=API, schedules=True
)
async def test_sync(call: Call, sync_id: str) -> Answer:
    """Begin a test run: an operation of the docs alone (row 29)."""
    caller = await identify(call)
    await sync_runs.test_sync(call, caller, path_id(sync_id))
    return reply({"message": "Sync test triggered successfully"})


@router.get("/api/v1/reports", permission="report:read", bucket=API)
async def get_report(call: Call) -> Answer:
    """Return what ran lately, by slices of time."""
    caller = await identify(call)
    wanted = report_rules.wanted(bodies.from_pairs(call.query_pairs))
    return reply({"data": await reports.get_report(call, caller, wanted)})
