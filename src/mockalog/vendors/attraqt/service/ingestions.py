"""Ingestions: create, list, read and cancel them; jobs carry them out.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import (
    BATCH_IMPORT_CATALOG_ACTIVE,
    CATALOG_NOT_FOUND,
    INGESTION_NOT_FOUND,
    AttraqtError,
)
from mockalog.vendors.attraqt.json_columns import Configuration, Ingestion
from mockalog.vendors.attraqt.repository import batch_imports, catalog_history, catalogs, ingestions
from mockalog.vendors.attraqt.repository.batch_imports import BatchRow
from mockalog.vendors.attraqt.repository.ingestions import IngestionRow
from mockalog.vendors.attraqt.rules.batch_imports import check_life, parse_batch_name
from mockalog.vendors.attraqt.rules.catalogs import ACTIVE
from mockalog.vendors.attraqt.rules.ingestions import unknown_batch
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.service import ingestion_runs
from mockalog.vendors.attraqt.service.jobs import INGEST


async def create_ingestion(call: Call, tenancy: Tenancy, configuration: Configuration) -> str:
    """Start an ingestion and return its id.

    It ingests the operations that its batch holds now; later ones need another one (inferred).
    """
    history = await catalog_history.find_open(call.repository, tenancy, configuration.version)
    if history is None:
        raise AttraqtError(CATALOG_NOT_FOUND)
    batch = await _get_batch(call, tenancy, configuration)
    await _check_fhr(call, tenancy, configuration.version)
    configuration = configuration._replace(batch=batch.name)
    name = call.runtime.new_uuid()
    due_at = call.after("attraqt.ingestion_delay")
    # A job has no random numbers, so the call stores the UUIDs of its receipts.
    payload = Ingestion(*tenancy, name, call.runtime.new_uuid(), call.runtime.new_uuid())
    await call.schedule(INGEST, payload._asdict(), due_at=due_at)
    await ingestions.create(
        call.repository,
        tenancy,
        name,
        history=history.id,
        batch=batch,
        configuration=dumps(configuration._asdict()).decode(),
        result=schemas.result_out(),
        now=call.now,
        due_at=due_at,
    )
    return name


async def list_ingestions(
    call: Call, tenancy: Tenancy, since: int, status: str | None
) -> list[dict[str, object]]:
    """Return the ingestions created since an instant, the newest first; of one status if given."""
    rows = await ingestions.list_since(call.repository, tenancy, since)
    listed = [schemas.ingestion_out(row, call.now) for row in rows]
    return [ingestion for ingestion in listed if status in (None, ingestion["status"])]


async def get_ingestion(call: Call, tenancy: Tenancy, name: str) -> dict[str, object]:
    """Return one ingestion."""
    return schemas.ingestion_out(await _get_row(call, tenancy, name), call.now)


async def cancel_ingestion(call: Call, tenancy: Tenancy, name: str) -> None:
    """Cancel a pending ingestion; an ended one stays as it is (inferred).

    Each of its items has a FAILURE in the feedback (inferred).
    """
    row = await _get_row(call, tenancy, name)
    run = await ingestion_runs.begin(call.repository, tenancy, row.name, call.now)
    if run is not None:
        await run.cancel()


async def _get_batch(call: Call, tenancy: Tenancy, configuration: Configuration) -> BatchRow:
    """Return the batch of an ingestion; raises `AttraqtError` if it is unknown or expired.

    The id of a default batch is the version of its catalog.
    """
    name = configuration.batch or str(configuration.version)
    batch = await batch_imports.find(call.repository, tenancy, name)
    if batch is None:
        raise unknown_batch(configuration.batch)
    check_life(batch.created_at, call.now)
    return batch


async def _check_fhr(call: Call, tenancy: Tenancy, version: int) -> None:
    """Refuse an ingestion into the ACTIVE catalog if the sandbox emulates Fredhopper.

    The run checks it again, because the catalog may become ACTIVE until then.
    """
    if not call.setting("attraqt.fhr"):
        return
    if await catalogs.find_state(call.repository, tenancy, version) == ACTIVE:
        raise AttraqtError(BATCH_IMPORT_CATALOG_ACTIVE)


async def _get_row(call: Call, tenancy: Tenancy, text: str) -> IngestionRow:
    """Return an ingestion; raises `AttraqtError` if it does not exist."""
    name, row = parse_batch_name(text), None
    if name is not None:
        row = await ingestions.find(call.repository, tenancy, name)
    if row is None:
        raise AttraqtError(INGESTION_NOT_FOUND)
    return row
