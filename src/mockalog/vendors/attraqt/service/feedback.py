"""Feedback: the creations and activations of catalogs, and the updates of items.

Source: docs/vendors/attraqt.md#9-feedback.
"""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import FEEDBACK_NOT_FOUND, AttraqtError
from mockalog.vendors.attraqt.models import UPDATE_STATES
from mockalog.vendors.attraqt.repository import activations, catalog_history, feedback
from mockalog.vendors.attraqt.repository.catalog_history import HistoryRow
from mockalog.vendors.attraqt.rules.feedback import Page, Period, position_of
from mockalog.vendors.attraqt.rules.primitives import integer
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


async def list_creations(call: Call, tenancy: Tenancy, page: Page) -> list[dict[str, object]]:
    """Return the creations of catalogs, the newest first; 404 if no catalog ever existed."""
    rows = await catalog_history.list_page(call.repository, tenancy, page)
    if not rows:
        await _check_used(call, tenancy)
    return [schemas.creation_out(row) for row in rows]


async def get_statistics(call: Call, tenancy: Tenancy, version: str) -> dict[str, object]:
    """Return a catalog's creation and its activations, the last one first."""
    history = await _get_history(call, tenancy, version)
    rows = await activations.list_all(call.repository, history.id)
    return {
        "catalogCreation": schemas.creation_out(history),
        "catalogActivations": [schemas.activation_out(row, history) for row in rows],
    }


async def count_updates(
    call: Call, tenancy: Tenancy, version: str, period: Period
) -> dict[str, int]:
    """Return the numbers of a catalog's updates by state; 0 for an unknown one (recorded)."""
    history = await _find_history(call, tenancy, version)
    counts = {state: await _count(call, history, state, period) for state in UPDATE_STATES}
    return schemas.counts_out(counts)


async def count_updates_in_state(
    call: Call, tenancy: Tenancy, version: str, state: str, period: Period
) -> int:
    """Return the number of a catalog's updates in one state."""
    return await _count(call, await _find_history(call, tenancy, version), state, period)


async def list_updates(
    call: Call, tenancy: Tenancy, version: str, state: str, period: Period, page: Page
) -> list[dict[str, object]]:
    """Return a catalog's updates in one state, the newest first."""
    history = await _find_history(call, tenancy, version)
    if history is None:
        return []
    rows = await feedback.list_updates(call.repository, history.id, state, period, page)
    return [schemas.item_update_out(row, history, call.now) for row in rows]


async def get_update(
    call: Call, tenancy: Tenancy, version: str, receipt_id: str
) -> dict[str, object]:
    """Return the creation, the activation or the item's update of a receipt."""
    history = await _get_history(call, tenancy, version)
    if receipt_id == history.receipt_id:
        return schemas.signal_out(schemas.creation_out(history))
    for row in await activations.list_all(call.repository, history.id):
        if receipt_id == row.receipt_id:
            return schemas.signal_out(schemas.activation_out(row, history, call.now))
    position = position_of(receipt_id)
    if position is not None:
        update = await feedback.find_update(call.repository, history.id, position, receipt_id)
        if update is not None:
            return {"update": schemas.item_update_out(update, history, call.now), "type": "ITEM"}
    raise AttraqtError(FEEDBACK_NOT_FOUND)


async def _count(call: Call, history: HistoryRow | None, state: str, period: Period) -> int:
    if history is None:
        return 0
    return await feedback.count_updates(call.repository, history.id, state, period)


async def _find_history(call: Call, tenancy: Tenancy, version: str) -> HistoryRow | None:
    """Return the history of a catalog.

    None for an unknown catalog; raises `AttraqtError` if the tenancy never had a catalog.
    """
    number, history = integer(version), None
    if number is not None:
        history = await catalog_history.find(call.repository, tenancy, number)
    if history is None:
        await _check_used(call, tenancy)
    return history


async def _get_history(call: Call, tenancy: Tenancy, version: str) -> HistoryRow:
    """Return the history of a catalog; raises `AttraqtError` if it never existed."""
    history = await _find_history(call, tenancy, version)
    if history is None:
        raise AttraqtError(FEEDBACK_NOT_FOUND)
    return history


async def _check_used(call: Call, tenancy: Tenancy) -> None:
    """Refuse a tenancy that never had a catalog: it has no feedback."""
    if not await catalog_history.list_page(call.repository, tenancy, Page(0, 1)):
        raise AttraqtError(FEEDBACK_NOT_FOUND)
