"""What Attraqt's rows owe each other."""

from sqlalchemy import exists

from mockalog.kernel.database.repository import series
from mockalog.kernel.documents.invariants import Invariant, counted, numbered
from mockalog.vendors.attraqt.models import (
    batch_items,
    batches,
    catalogs,
    category_trees,
    ingestions,
    item_schemas,
    items,
    ledgers,
    updates,
)
from mockalog.vendors.attraqt.repository import batches as batch_rows
from mockalog.vendors.attraqt.repository import ingestions as ingestion_rows
from mockalog.vendors.attraqt.repository import ledgers as ledger_rows

_ledger_of_catalog = exists().where(
    ledgers.c.is_open,
    *(
        ledgers.c[name] == catalogs.c[name]
        for name in ("sandbox_id", "tenant", "environment", "version")
    ),
)

INVARIANTS = (
    numbered(ledgers.c.id, ledger_rows.NUMBERS),
    numbered(batches.c.id, batch_rows.NUMBERS),
    numbered(ingestions.c.id, ingestion_rows.NUMBERS),
    numbered(item_schemas.c.id, series(item_schemas.name)),
    numbered(category_trees.c.id, series(category_trees.name)),
    Invariant(catalogs, _ledger_of_catalog, "there is no open one among attraqt_ledgers"),
    counted(items.c.position, ledgers.c.last_item, ledgers.c.id == items.c.ledger_id, first=0),
    counted(
        updates.c.position, ledgers.c.last_update, ledgers.c.id == updates.c.ledger_id, first=0
    ),
    counted(
        batch_items.c.position, batches.c.last_item, batches.c.id == batch_items.c.batch_id, first=0
    ),
)
