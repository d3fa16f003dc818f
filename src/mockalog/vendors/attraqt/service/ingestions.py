"""Ingestions: asked for, watched and cancelled; `runs.py` does them.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from typing import Any

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import (
    BATCH_IMPORT_TENANT_ENV,
    CATALOG_NOT_FOUND,
    INGESTION_NOT_FOUND,
    Rejected,
)
from mockalog.vendors.attraqt.repository import batches, ingestions, ledgers
from mockalog.vendors.attraqt.rules import batches as rules
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.service.runs import INGEST, cancel
from mockalog.vendors.attraqt.service.tenancy import tenancy_of


async def create_ingestion(call: Call) -> str:
    """Start an ingestion and return its id; how it ends is seen later.

    It takes in what its batch holds now; what is added later is for the next one (inferred).
    """
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    wanted = rules.configuration(call.json)
    ledger = await ledgers.find_open(call.repository, tenancy, wanted.version)
    if ledger is None:
        raise Rejected(CATALOG_NOT_FOUND)
    batch = await batches.find(call.repository, tenancy, wanted.batch)
    if batch is None:
        raise rules.unknown_batch(wanted.batch)
    rules.check_life(batch.created_at, call.now)
    name = call.runtime.new_uuid()
    due_at = call.after("attraqt.ingestion_delay")
    await _schedule(call, tenancy, name, due_at)
    await ingestions.create(
        call.repository,
        tenancy,
        name,
        ledger=ledger.id,
        batch=batch,
        configuration=dumps(wanted._asdict()).decode(),
        result=schemas.result_out(),
        now=call.now,
        due_at=due_at,
    )
    return name


async def _schedule(call: Call, tenancy: Tenancy, name: str, due_at: int) -> None:
    """Store the job, with what only a call knows: random receipts."""
    given = {"uuid": call.runtime.new_uuid(), "receipt": call.runtime.new_uuid()}
    payload = {**tenancy._asdict(), "name": name, **given}
    await call.schedule(INGEST, payload, due_at=due_at)


async def list_ingestions(call: Call) -> list[dict[str, Any]]:
    """Return the ingestions, the newest first, by age and status if so wanted."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    since = rules.since(call.query.get("lookback_duration"), call.now)
    status = rules.status_filter(call.query.get("status"))
    rows = await ingestions.list_since(call.repository, tenancy, since)
    shown = [schemas.ingestion_out(row, call.now) for row in rows]
    return [ingestion for ingestion in shown if status in (None, ingestion["status"])]


async def get_ingestion(call: Call, name: str) -> dict[str, Any]:
    """Return one ingestion."""
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    row = await ingestions.find(call.repository, tenancy, _name(name))
    if row is None:
        raise Rejected(INGESTION_NOT_FOUND)
    return schemas.ingestion_out(row, call.now)


async def cancel_ingestion(call: Call, name: str) -> None:
    """Stop an ingestion that has not ended; to one that has nothing happens (inferred).

    Each of its items has a FAILURE in the feedback (inferred).
    """
    tenancy = tenancy_of(call, BATCH_IMPORT_TENANT_ENV)
    row = await ingestions.find(call.repository, tenancy, _name(name))
    if row is None:
        raise Rejected(INGESTION_NOT_FOUND)
    await cancel(call.repository, tenancy, row.name, call.now)


def _name(text: str) -> str:
    name = rules.batch_name(text)
    if name is None:
        raise Rejected(INGESTION_NOT_FOUND)
    return name
