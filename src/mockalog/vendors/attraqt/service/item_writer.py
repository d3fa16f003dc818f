"""Writing items into a catalog: rows, counters and feedback change together.

Source: docs/vendors/attraqt.md#6-items.
"""

from collections.abc import Sequence

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.json_columns import Operation, StoredCatalog
from mockalog.vendors.attraqt.repository import catalog_history, feedback, items
from mockalog.vendors.attraqt.repository.catalog_history import HistoryRow
from mockalog.vendors.attraqt.repository.feedback import UpdateRow
from mockalog.vendors.attraqt.repository.items import StoredItem
from mockalog.vendors.attraqt.repository.versions import CATEGORY_TREES, ITEM_SCHEMAS
from mockalog.vendors.attraqt.rules.merging import MergeResult, Outcome, merge
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.values import CatalogDefinition

# The ingestion id of streamed items.
NO_INGESTION = 0


async def read_definition(
    repository: Repository, tenancy: Tenancy, document: str
) -> CatalogDefinition:
    """Return the schemas and trees that a catalog's JSON refers to; versions never change."""
    catalog: StoredCatalog = loads_stored(document)
    schemas = [
        await ITEM_SCHEMAS.find(repository, tenancy, **reference)
        for reference in catalog["catalogItemSchemas"]
    ]
    trees = [
        await CATEGORY_TREES.find(repository, tenancy, **reference)
        for reference in catalog["catalogCategoryTrees"]
    ]
    return CatalogDefinition(tuple(filter(None, schemas)), tuple(filter(None, trees)))


async def write_items(
    repository: Repository,
    history: HistoryRow,
    operations: Sequence[Operation],
    *,
    source: str | None = None,
    ingestion: int = NO_INGESTION,
) -> list[Outcome]:
    """Apply operations to a catalog whose history is locked; return their outcomes.

    Two statements store all items.
    """
    ids = list(dict.fromkeys(operation.id for operation in operations))
    states = await items.find_many(repository, history.id, ids)
    merged = merge(states, operations, history.version, source)
    created = await _store(repository, history, merged, ingestion)
    await catalog_history.count(repository, history.id, items=merged.count_change, stored=created)
    return merged.outcomes


async def _store(
    repository: Repository, history: HistoryRow, merged: MergeResult, ingestion: int
) -> int:
    """Store the changed items; return the number of new rows."""
    new: list[StoredItem] = []
    old: list[StoredItem] = []
    for key, state in merged.changed.items():
        if state.position is None:
            placed = state._replace(position=history.last_item + len(new))
            new.append(StoredItem(key, placed, ingestion))
        else:
            old.append(StoredItem(key, state, ingestion))
    await items.create_many(repository, history.id, new)
    await items.update_many(repository, history.id, old)
    return len(new)


async def record_updates(
    repository: Repository,
    history: HistoryRow,
    item_ids: Sequence[str],
    receipts: Sequence[str],
    outcomes: Sequence[Outcome],
    *,
    began: int,
    ended: int | None,
) -> None:
    """Record the outcomes of operations on items under their receipts."""
    rows = (
        UpdateRow(item_id, receipt, outcome.state, outcome.message, began, ended)
        for item_id, receipt, outcome in zip(item_ids, receipts, outcomes, strict=True)
    )
    await feedback.create_updates(repository, history.id, history.last_update, rows)
    await catalog_history.count(repository, history.id, updates=len(outcomes))
