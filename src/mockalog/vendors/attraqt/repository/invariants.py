"""The invariants between Attraqt's rows; they are checked on import of a state."""

from sqlalchemy import Column, Table, exists

from mockalog.kernel.database.repository import series
from mockalog.kernel.documents.invariants import (
    Invariant,
    counted,
    numbered,
    numbered_by_name,
)
from mockalog.vendors.attraqt.models import (
    batch_items,
    batches,
    catalog_history,
    catalogs,
    category_trees,
    ingestions,
    item_schemas,
    items,
    updates,
)
from mockalog.vendors.attraqt.repository import batch_imports as batch_rows
from mockalog.vendors.attraqt.repository import catalog_history as history_rows
from mockalog.vendors.attraqt.repository import ingestions as ingestion_rows
from mockalog.vendors.attraqt.repository.catalogs import VERSIONS

_history_of_catalog = exists().where(
    catalog_history.c.is_open,
    *(
        catalog_history.c[name] == catalogs.c[name]
        for name in ("sandbox_id", "tenant", "environment", "version")
    ),
)


def _of_tenancy(table: Table) -> list[Column[object]]:
    return [table.c.tenant, table.c.environment]


def _named(table: Table) -> list[Column[object]]:
    return [*_of_tenancy(table), table.c.name]


INVARIANTS = (
    numbered(catalog_history.c.id, history_rows.NUMBERS),
    numbered(batches.c.id, batch_rows.NUMBERS),
    numbered(ingestions.c.id, ingestion_rows.NUMBERS),
    numbered(item_schemas.c.id, series(item_schemas.name)),
    numbered(category_trees.c.id, series(category_trees.name)),
    numbered_by_name(item_schemas.c.version, item_schemas.name, *_named(item_schemas)),
    numbered_by_name(category_trees.c.version, category_trees.name, *_named(category_trees)),
    numbered_by_name(catalog_history.c.version, VERSIONS, *_of_tenancy(catalog_history)),
    Invariant(catalogs, _history_of_catalog, "the catalog has no open row in attraqt_ledgers"),
    counted(
        items.c.position,
        catalog_history.c.last_item,
        catalog_history.c.id == items.c.ledger_id,
        first=0,
    ),
    counted(
        updates.c.position,
        catalog_history.c.last_update,
        catalog_history.c.id == updates.c.ledger_id,
        first=0,
    ),
    counted(
        batch_items.c.position, batches.c.last_item, batches.c.id == batch_items.c.batch_id, first=0
    ),
)
