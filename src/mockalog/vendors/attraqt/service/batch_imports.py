"""Batches: filled with operations on items, and ingested into a catalog later.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections.abc import Callable, Sequence

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import (
    BATCH_IMPORT_NOT_FOUND,
    INVALID_ARGUMENT,
    AttraqtError,
)
from mockalog.vendors.attraqt.repository import batch_imports
from mockalog.vendors.attraqt.repository.batch_imports import BatchItemRow, BatchRow
from mockalog.vendors.attraqt.rules import batch_imports as rules
from mockalog.vendors.attraqt.rules.feedback import new_receipts
from mockalog.vendors.attraqt.rules.items import Message, parse_operations
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


async def create_batch_import(call: Call, tenancy: Tenancy) -> str:
    """Store an empty batch and return its id."""
    name = call.runtime.new_uuid()
    await batch_imports.create(call.repository, tenancy, name, call.now)
    return name


async def list_batch_imports(call: Call, tenancy: Tenancy) -> Sequence[BatchRow]:
    """Return all batches, the newest first; expired ones too (inferred)."""
    return await batch_imports.list_all(call.repository, tenancy)


async def add_batch_items(
    call: Call, message: Message, name: str, read_body: Callable[[], object]
) -> list[dict[str, object]]:
    """Add a message of items to a batch and return the receipts.

    The body is read after the batch is found (docs/vendors/attraqt.md#12-error-body), and its items
    after the batch's age. The catalog is not known yet, so the ingestion checks the values;
    feedback shows its results by receipt.
    """
    batch = await _lock_batch(call, message.tenancy, name)
    body = read_body()
    rules.check_life(batch.created_at, call.now)
    operations = [entry.operation for entry in parse_operations(body, message)]
    receipts = new_receipts(batch.last_item, len(operations), call.runtime.new_uuid())
    pairs = list(zip(operations, receipts, strict=True))
    rows = (
        BatchItemRow(receipt, dumps(operation._asdict()).decode()) for operation, receipt in pairs
    )
    await batch_imports.add_items(call.repository, batch, rows)
    return [schemas.receipt_out(operation, 0, receipt) for operation, receipt in pairs]


async def _lock_batch(call: Call, tenancy: Tenancy, text: str) -> BatchRow:
    """Return a batch to add to; raises `AttraqtError`."""
    if not text:
        raise AttraqtError(INVALID_ARGUMENT, "batch_id is missing")
    name = rules.parse_batch_name(text)
    batch = None
    if name is not None:
        batch = await batch_imports.lock(call.repository, tenancy, name)
    if batch is None:
        raise AttraqtError(BATCH_IMPORT_NOT_FOUND)
    return batch
