"""Feedback.

Source: docs/vendors/attraqt.md#9-feedback.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.errors import FEEDBACK_TENANT_ENV
from mockalog.vendors.attraqt.router.access import KEY, tenancy_of
from mockalog.vendors.attraqt.rules.feedback import (
    absolute_period,
    parse_page,
    parse_state,
    relative_period,
)
from mockalog.vendors.attraqt.schemas.base import CatalogVersion, TenancyIn
from mockalog.vendors.attraqt.schemas.feedback import (
    AnyVersion,
    CountOut,
    CountsOut,
    CreationsOut,
    ReceiptId,
    ReceiptUpdateOut,
    RecentCountsOut,
    State,
    StatisticsOut,
    UpdatesOut,
)
from mockalog.vendors.attraqt.schemas.periods import (
    AbsoluteIn,
    AbsolutePageIn,
    AbsoluteStateIn,
    PageIn,
    RelativeIn,
    RelativePageIn,
    RelativeStateIn,
)
from mockalog.vendors.attraqt.service import feedback

router = VendorRouter(
    tag="Feedback",
    key=KEY,
    permission="feedback:READ",
    errors=("FEEDBACK_TENANT_ENV", "INVALID_ARGUMENT", "FEEDBACK_NOT_FOUND"),
)

CREATIONS = "/feedback/catalog-version"
UPDATES = f"{CREATIONS}/{{version}}/updates"
SUMMARY = f"{UPDATES}/statistics/summary"
DETAILS = f"{UPDATES}/statistics/details/{{state}}"

# The errors of a call without a period and a page.
_PLAIN = ("FEEDBACK_TENANT_ENV", "FEEDBACK_NOT_FOUND")


@router.get(CREATIONS, query=PageIn, responses={200: CreationsOut})
async def list_creations(call: Call) -> Response:
    """List the creations of catalogs, newest first; 404 if there never was one."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    creations = await feedback.list_creations(call, tenancy, parse_page(call.query))
    return json_response({"catalogCreations": creations})


@router.get(
    f"{CREATIONS}/{{version}}/full/statistics",
    query=TenancyIn,
    responses={200: StatisticsOut},
    errors=_PLAIN,
)
async def get_statistics(call: Call, version: CatalogVersion) -> Response:
    """Show a catalog's creation and its activations, the last one first."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    return json_response(await feedback.get_statistics(call, tenancy, version))


@router.get(f"{SUMMARY}/relative", query=RelativeIn, responses={200: RecentCountsOut})
async def count_recent_updates(call: Call, version: AnyVersion) -> Response:
    """Count the updates of a period that ends now, by their states."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    period = relative_period(call.query, call.now)
    return json_response(await feedback.count_updates(call, tenancy, version, period))


@router.get(f"{SUMMARY}/absolute", query=AbsoluteIn, responses={200: CountsOut})
async def count_updates(call: Call, version: AnyVersion) -> Response:
    """Count the updates of a period, by their states and in all."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    period = absolute_period(call.query)
    counts = await feedback.count_updates(call, tenancy, version, period)
    return json_response({**counts, "numberOfUpdates": sum(counts.values())})


@router.get(f"{SUMMARY}/{{state}}/relative", query=RelativeStateIn, responses={200: CountOut})
async def count_recent_updates_in_state(call: Call, version: AnyVersion, state: State) -> Response:
    """Count the updates of a period that ends now that are in one state."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    state, period = parse_state(state), relative_period(call.query, call.now)
    count = await feedback.count_updates_in_state(call, tenancy, version, state, period)
    return json_response({"numberOfUpdates": count})


@router.get(f"{SUMMARY}/{{state}}/absolute", query=AbsoluteStateIn, responses={200: CountOut})
async def count_updates_in_state(call: Call, version: AnyVersion, state: State) -> Response:
    """Count the updates of a period that are in one state."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    state, period = parse_state(state), absolute_period(call.query)
    count = await feedback.count_updates_in_state(call, tenancy, version, state, period)
    return json_response({"numberOfUpdates": count})


@router.get(f"{DETAILS}/relative", query=RelativePageIn, responses={200: UpdatesOut})
async def list_recent_updates(call: Call, version: AnyVersion, state: State) -> Response:
    """List the updates of a period that ends now that are in one state, newest first."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    state, period = parse_state(state), relative_period(call.query, call.now)
    page = parse_page(call.query)
    updates = await feedback.list_updates(call, tenancy, version, state, period, page)
    return json_response({"updates": updates})


@router.get(f"{DETAILS}/absolute", query=AbsolutePageIn, responses={200: UpdatesOut})
async def list_updates(call: Call, version: AnyVersion, state: State) -> Response:
    """List the updates of a period that are in one state, newest first."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    state, period = parse_state(state), absolute_period(call.query)
    page = parse_page(call.query)
    updates = await feedback.list_updates(call, tenancy, version, state, period, page)
    return json_response({"updates": updates})


@router.get(
    f"{UPDATES}/{{receipt}}",
    query=TenancyIn,
    responses={200: ReceiptUpdateOut},
    errors=_PLAIN,
)
async def get_update(call: Call, version: CatalogVersion, receipt: ReceiptId) -> Response:
    """Show the item's update, the creation or the activation that a receipt belongs to."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    return json_response(await feedback.get_update(call, tenancy, version, receipt))
