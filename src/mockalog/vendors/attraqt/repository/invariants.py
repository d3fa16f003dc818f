"""What Attraqt's rows owe each other."""

from mockalog.kernel.invariants import counted, numbered, refers
from mockalog.vendors.attraqt.models import (
    activations,
    batch_items,
    batches,
    catalogs,
    ingestions,
    items,
    ledgers,
    updates,
)
from mockalog.vendors.attraqt.repository import batches as batch_rows
from mockalog.vendors.attraqt.repository import ingestions as ingestion_rows
from mockalog.vendors.attraqt.repository import ledgers as ledger_rows

INVARIANTS = (
    numbered(ledgers.c.id, ledger_rows.NUMBERS),
    numbered(batches.c.id, batch_rows.NUMBERS),
    numbered(ingestions.c.id, ingestion_rows.NUMBERS),
    refers(catalogs.c.version, ledgers.c.version, "tenant", "environment"),
    refers(activations.c.ledger_id, ledgers.c.id),
    refers(ingestions.c.ledger_id, ledgers.c.id, "tenant", "environment"),
    refers(ingestions.c.batch_id, batches.c.id, "tenant", "environment"),
    counted(items.c.position, ledgers.c.last_item, ledgers.c.id == items.c.ledger_id, first=0),
    counted(
        updates.c.position, ledgers.c.last_update, ledgers.c.id == updates.c.ledger_id, first=0
    ),
    counted(
        batch_items.c.position, batches.c.last_item, batches.c.id == batch_items.c.batch_id, first=0
    ),
)
