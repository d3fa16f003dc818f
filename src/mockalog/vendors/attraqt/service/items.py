"""Streaming items into a catalog.

Source: docs/vendors/attraqt.md#6-items.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

from mockalog.kernel.jobs.queue import lock_sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import CATALOG_NOT_FOUND, AttraqtError
from mockalog.vendors.attraqt.json_columns import ItemMessage, Operation
from mockalog.vendors.attraqt.repository import catalog_history
from mockalog.vendors.attraqt.repository.catalog_history import HistoryRow, OpenHistoryRow
from mockalog.vendors.attraqt.rules.feedback import PENDING, new_receipts
from mockalog.vendors.attraqt.rules.items import (
    CatalogOperation,
    check_problems,
    group_by_version,
)
from mockalog.vendors.attraqt.rules.merging import Outcome
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.values import field_errors
from mockalog.vendors.attraqt.service.item_writer import (
    read_definition,
    record_updates,
    write_items,
)
from mockalog.vendors.attraqt.service.jobs import WRITE_ITEMS

AnyHistory = TypeVar("AnyHistory", HistoryRow, OpenHistoryRow)


async def stream_items(
    call: Call, tenancy: Tenancy, operations: Sequence[CatalogOperation]
) -> list[dict[str, object]]:
    """Check a message of items, write it now or later, and return the receipts.

    All items are checked before any is stored. The check needs no lock, because the schemas of a
    catalog never change; the lock only verifies that the catalog still exists.
    """
    grouped = group_by_version(operations)
    await _check(call, tenancy, grouped)
    due_at = call.after("attraqt.ingestion_delay")
    write = _write_now
    if due_at > call.now or call.sandbox.armed:  # an armed fault may let a job fail
        # A job locks the sandbox before a history, so the call does the same.
        await lock_sandbox(call.repository)
        write = partial(_write_later, due_at=due_at)
    receipts = {
        version: iter(await write(call, tenancy, version, listed))
        for version, listed in grouped.items()
    }
    return [
        schemas.receipt_out(operation, version, next(receipts[version]))
        for version, operation in operations
    ]


async def _check(call: Call, tenancy: Tenancy, grouped: Mapping[int, Sequence[Operation]]) -> None:
    """Check every item against its catalog; raises `AttraqtError`."""
    problems = []
    for version, operations in grouped.items():
        row = await catalog_history.find_open(call.repository, tenancy, version)
        history = _existing(row, version)
        definition = await read_definition(call.repository, tenancy, history.document)
        problems += [
            f"{operation.id}: {error.text}"
            for operation in operations
            for error in field_errors(definition, operation)
        ]
    check_problems(problems)


async def _write_now(
    call: Call, tenancy: Tenancy, version: int, operations: Sequence[Operation]
) -> list[str]:
    """Write operations on one catalog; return their receipts."""
    row = await catalog_history.lock_open(call.repository, tenancy, version)
    history = _existing(row, version)
    outcomes = await write_items(call.repository, history, operations)
    return await _record(call, history, operations, outcomes, call.now)


async def _write_later(
    call: Call, tenancy: Tenancy, version: int, operations: Sequence[Operation], *, due_at: int
) -> list[str]:
    """Schedule operations on one catalog, record them as pending, and return their receipts."""
    row = await catalog_history.lock_open(call.repository, tenancy, version)
    history = _existing(row, version)
    listed = [operation._asdict() for operation in operations]
    payload = ItemMessage(*tenancy, version, history.last_update, listed)
    await call.schedule(WRITE_ITEMS, payload._asdict(), due_at=due_at)
    return await _record(call, history, operations, [Outcome(PENDING)] * len(operations), None)


def _existing(history: AnyHistory | None, version: int) -> AnyHistory:
    """Return the history of an existing catalog; it may be deleted before it is locked."""
    if history is None:
        raise AttraqtError(CATALOG_NOT_FOUND, f"catalogVersion is {version}")
    return history


async def _record(
    call: Call,
    history: HistoryRow,
    operations: Sequence[Operation],
    outcomes: Sequence[Outcome],
    ended: int | None,
) -> list[str]:
    receipts = new_receipts(history.last_update, len(operations), call.runtime.new_uuid())
    ids = [operation.id for operation in operations]
    await record_updates(
        call.repository, history, ids, receipts, outcomes, began=call.now, ended=ended
    )
    return receipts
