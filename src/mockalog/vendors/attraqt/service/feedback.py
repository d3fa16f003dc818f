"""Feedback: what became of catalogs and items (docs/vendors/attraqt.md#9-feedback)."""

from collections.abc import Callable, Mapping
from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import FEEDBACK_NOT_FOUND, FEEDBACK_TENANT_ENV, Rejected
from mockalog.vendors.attraqt.repository import feedback, ledgers
from mockalog.vendors.attraqt.rules import feedback as rules
from mockalog.vendors.attraqt.rules.feedback import Period
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, integer
from mockalog.vendors.attraqt.service.tenancy import tenancy_of

# Reads the period that a query means, at an instant.
Reader = Callable[[Mapping[str, str], int], Period]


async def list_creations(call: Call) -> list[dict[str, Any]]:
    """Return the creations of catalogs, the newest first; not found if there never was one."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    first, size = rules.page(call.query)
    found = await ledgers.page(call.repository, tenancy, skip=first, limit=size)
    if not found:
        await _check_used(call, tenancy)
    return [schemas.creation_out(ledger) for ledger in found]


async def get_statistics(call: Call, version: str) -> dict[str, Any]:
    """Return a catalog's creation and its activations, the last one first."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    ledger = await _known(call, tenancy, version)
    attempts = await feedback.attempts(call.repository, ledger.id)
    return {
        "catalogCreation": schemas.creation_out(ledger),
        "catalogActivations": [schemas.activation_out(row, ledger) for row in attempts],
    }


async def count_all(call: Call, version: str, period_of: Reader) -> dict[str, int]:
    """Return how many updates of each state a catalog has; an unknown one has none (recorded)."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    period = period_of(call.query, call.now)
    ledger = await _find(call, tenancy, version)
    counts = {state: await _count(call, ledger, state, period) for state in rules.STATES}
    return schemas.counts_out(counts)


async def count_some(call: Call, version: str, state: str, period_of: Reader) -> int:
    """Return how many updates of one state a catalog has."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    wanted, period = rules.state(state), period_of(call.query, call.now)
    return await _count(call, await _find(call, tenancy, version), wanted, period)


async def list_updates(
    call: Call, version: str, state: str, period_of: Reader
) -> list[dict[str, Any]]:
    """Return updates of one state, the newest first."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    wanted, period = rules.state(state), period_of(call.query, call.now)
    first, size = rules.page(call.query)
    ledger = await _find(call, tenancy, version)
    if ledger is None:
        return []
    found = await feedback.list_updates(
        call.repository, ledger.id, wanted, period, skip=first, limit=size
    )
    return [schemas.item_update_out(row, ledger, call.now) for row in found]


async def get_update(call: Call, version: str, receipt_id: str) -> dict[str, Any]:
    """Return what a receipt stands for: a creation, an activation, or an item's update."""
    tenancy = tenancy_of(call, FEEDBACK_TENANT_ENV)
    ledger = await _known(call, tenancy, version)
    if receipt_id == ledger.receipt_id:
        return schemas.signal_out(schemas.creation_out(ledger))
    for row in await feedback.attempts(call.repository, ledger.id):
        if receipt_id == row.receipt_id:
            return schemas.signal_out(schemas.activation_out(row, ledger, call.now))
    position = rules.position_of(receipt_id)
    if position is not None:
        update = await feedback.find_update(call.repository, ledger.id, position, receipt_id)
        if update is not None:
            return {"update": schemas.item_update_out(update, ledger, call.now), "type": "ITEM"}
    raise Rejected(FEEDBACK_NOT_FOUND)


async def _count(call: Call, ledger: Any | None, state: str, period: Period) -> int:
    if ledger is None:
        return 0
    return await feedback.count_updates(call.repository, ledger.id, state, period)


async def _find(call: Call, tenancy: Tenancy, version: str) -> Any | None:
    """Return a catalog's ledger; None for an unknown one of a tenancy that has had others."""
    number, ledger = integer(version), None
    if number is not None:
        ledger = await ledgers.find(call.repository, tenancy, number)
    if ledger is None:
        await _check_used(call, tenancy)
    return ledger


async def _known(call: Call, tenancy: Tenancy, version: str) -> Any:
    ledger = await _find(call, tenancy, version)
    if ledger is None:
        raise Rejected(FEEDBACK_NOT_FOUND)
    return ledger


async def _check_used(call: Call, tenancy: Tenancy) -> None:
    """Refuse a tenancy that never created a catalog: of it there is no feedback at all."""
    if not await ledgers.page(call.repository, tenancy, skip=0, limit=1):
        raise Rejected(FEEDBACK_NOT_FOUND)
