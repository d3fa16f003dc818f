"""Taking items into a catalog: rows, counters and feedback change together."""

from collections.abc import Sequence
from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.repository import feedback, items, ledgers
from mockalog.vendors.attraqt.repository.versions import CATEGORY_TREES, ITEM_SCHEMAS
from mockalog.vendors.attraqt.rules.items import Operation
from mockalog.vendors.attraqt.rules.merging import Key, Merged, Outcome, Stored, merge
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.values import Contents

# The ingestion of what is streamed.
NO_INGESTION = 0


async def contents_of(rows: Repository, tenancy: Tenancy, document: str) -> Contents:
    """Return what a catalog's document refers to; versions never change once they are there."""
    catalog = loads_stored(document)
    schemas = [
        await ITEM_SCHEMAS.get(rows, tenancy, reference["name"], reference["version"])
        for reference in catalog["catalogItemSchemas"]
    ]
    trees = [
        await CATEGORY_TREES.get(rows, tenancy, reference["name"], reference["version"])
        for reference in catalog["catalogCategoryTrees"]
    ]
    return Contents(tuple(filter(None, schemas)), tuple(filter(None, trees)))


async def take_in(
    rows: Repository,
    ledger: Any,
    operations: Sequence[Operation],
    *,
    source: str | None = None,
    ingestion: int = NO_INGESTION,
) -> list[Outcome]:
    """Carry operations out in a catalog; `ledger` is its locked ledger.

    Two statements store the items, however many they are, and none looks at the others there.
    """
    ids = list(dict.fromkeys(operation.id for operation in operations))
    stored = await stored_items(rows, ledger.id, ids)
    merged = merge(stored, operations, ledger.version, source)
    new = await _store(rows, ledger, merged, ingestion)
    await ledgers.count(rows, ledger.id, items=merged.gained, stored=new)
    return merged.outcomes


async def stored_items(rows: Repository, ledger: int, ids: Sequence[str]) -> dict[Key, Stored]:
    """Return what is known of the items that have one of the ids."""
    found = await items.find_many(rows, ledger, ids)
    return {
        key: Stored(row.position, row.changed_at, row.document, row.source)
        for key, row in found.items()
    }


async def _store(rows: Repository, ledger: Any, merged: Merged, ingestion: int) -> int:
    """Store what changed; return how many rows are new."""
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for key, item in merged.changed.items():
        values = _values(ledger, item, ingestion)
        if item.position is None:
            new.append(_new(values, ledger.last_item + len(new), key))
        else:
            old.append(values)
    await items.create_many(rows, new)
    await items.change_many(rows, old)
    return len(new)


def _values(ledger: Any, item: Stored, ingestion: int) -> dict[str, Any]:
    return {
        "ledger": ledger.id,
        "number": item.position,
        "new_changed_at": item.at,
        "new_document": item.document,
        "new_source": item.source,
        "new_ingestion": ingestion,
    }


def _new(values: dict[str, Any], position: int, key: Key) -> dict[str, Any]:
    item, kind = key
    return {**values, "number": position, "item": item, "kind": kind}


async def record(
    rows: Repository,
    ledger: Any,
    names: Sequence[str],
    receipts: Sequence[str],
    outcomes: Sequence[Outcome],
    *,
    began: int,
    ended: int | None,
) -> None:
    """Record under receipts what became of operations on named items, or that they wait."""
    await feedback.record_many(
        rows,
        [
            {
                "ledger": ledger.id,
                "number": ledger.last_update + number,
                "item": name,
                "receipt": receipt,
                "state": outcome.state,
                "message": outcome.message,
                "started_at": began,
                "ended_at": ended,
            }
            for number, (name, receipt, outcome) in enumerate(
                zip(names, receipts, outcomes, strict=True)
            )
        ],
    )
    await ledgers.count(rows, ledger.id, updates=len(outcomes))
