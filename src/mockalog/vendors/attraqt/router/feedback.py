"""Feedback (attraqt.md, section 9)."""

from mockalog.kernel.call import Call
from mockalog.kernel.vendor_route import VendorRouter
from mockalog.kernel.wire import Answer, answer
from mockalog.vendors.attraqt.rules.feedback import absolute, relative
from mockalog.vendors.attraqt.service import feedback

router = VendorRouter()

CREATIONS = "/feedback/catalog-version"
UPDATES = f"{CREATIONS}/{{version}}/updates"
SUMMARY = f"{UPDATES}/statistics/summary"
DETAILS = f"{UPDATES}/statistics/details/{{state}}"


@router.get(CREATIONS, permission="feedback:READ")
async def list_creations(call: Call) -> Answer:
    """List the creations of catalogs, newest first."""
    return answer({"catalogCreations": await feedback.list_creations(call)})


@router.get(f"{CREATIONS}/{{version}}/full/statistics", permission="feedback:READ")
async def get_statistics(call: Call, version: str) -> Answer:
    """Show a catalog's creation and activations."""
    return answer(await feedback.get_statistics(call, version))


@router.get(f"{SUMMARY}/relative", permission="feedback:READ")
async def count_recent_updates(call: Call, version: str) -> Answer:
    """Count the updates of the last hours."""
    return answer(await feedback.count_all(call, version, relative))


@router.get(f"{SUMMARY}/absolute", permission="feedback:READ")
async def count_updates(call: Call, version: str) -> Answer:
    """Count the updates of a period: the documented counts and the recorded one."""
    counts = await feedback.count_all(call, version, absolute)
    return answer({**counts, "numberOfUpdates": sum(counts.values())})


@router.get(f"{SUMMARY}/{{state}}/relative", permission="feedback:READ")
async def count_recent_updates_in_state(call: Call, version: str, state: str) -> Answer:
    """Count the updates of the last hours that are in one state."""
    return answer({"numberOfUpdates": await feedback.count_some(call, version, state, relative)})


@router.get(f"{SUMMARY}/{{state}}/absolute", permission="feedback:READ")
async def count_updates_in_state(call: Call, version: str, state: str) -> Answer:
    """Count the updates of a period that are in one state."""
    return answer({"numberOfUpdates": await feedback.count_some(call, version, state, absolute)})


@router.get(f"{DETAILS}/relative", permission="feedback:READ")
async def list_recent_updates(call: Call, version: str, state: str) -> Answer:
    """List the updates of the last hours that are in one state."""
    return answer({"updates": await feedback.list_updates(call, version, state, relative)})


@router.get(f"{DETAILS}/absolute", permission="feedback:READ")
async def list_updates(call: Call, version: str, state: str) -> Answer:
    """List the updates of a period that are in one state."""
    return answer({"updates": await feedback.list_updates(call, version, state, absolute)})


@router.get(f"{UPDATES}/{{receipt}}", permission="feedback:READ")
async def get_update(call: Call, version: str, receipt: str) -> Answer:
    """Show what a receipt stands for."""
    return answer(await feedback.get_update(call, version, receipt))
