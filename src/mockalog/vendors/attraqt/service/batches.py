"""Batches: filled first, ingested into a catalog later.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections.abc import Sequence
from typing import Any

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import BATCH_IMPORT_TENANT_ENV, INVALID_ARGUMENT, Rejected
from mockalog.vendors.attraqt.repository import batches
from mockalog.vendors.attraqt.rules import batches as rules
from mockalog.vendors.attraqt.rules.feedback import receipts
from mockalog.vendors.attraqt.rules.items import Kind, Message, Operation, operations
from mockalog.vendors.attraqt.rules.tenancy import is_true
from mockalog.vendors.attraqt.service.tenancy import tenancy_of


async def create_batch(call: Call) -> str:
    """Store an empty batch and return its id; a body would say nothing."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    name = call.runtime.new_uuid()
    await batches.create(call.repository, tenancy, name, call.now)
    return name


async def list_batches(call: Call) -> Sequence[Any]:
    """Return the rows of all batches, the newest first; expired ones too (inferred)."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    return await batches.all_of(call.repository, tenancy)


async def add_items(call: Call, kind: Kind) -> list[dict[str, Any]]:
    """Add a message of items to a batch and return the receipts.

    Which catalog they are for is not known yet, so that values are looked at by the ingestion;
    what it makes of each item, feedback tells under the receipt that was given here.
    """
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    wanted = call.query.get("batch_id")
    if not wanted:
        raise Rejected(INVALID_ARGUMENT, "batch_id is missing")
    name = rules.batch_name(wanted)
    found = None if name is None else await batches.lock(call.repository, tenancy, name)
    batch = rules.known_batch(found)
    rules.check_life(batch.created_at, call.now)
    fhr = is_true(call.query.get("fhrValidation"))
    message = Message(kind, tenancy, call.now, fhr=fhr, batch=True)
    listed = [operation for _, operation in operations(call.json, message)]
    given = receipts(batch.last_item, len(listed), call.runtime.new_uuid())
    await batches.add(call.repository, batch, list(zip(given, map(_stored, listed), strict=True)))
    return [schemas.receipt_out(item, 0, one) for item, one in zip(listed, given, strict=True)]


def _stored(operation: Operation) -> str:
    return dumps(operation._asdict()).decode()
