"""Receipts and inspected items (attraqt.md, section 6.2)."""

from collections.abc import Sequence
from typing import Any

from orjson import Fragment

from mockalog.vendors.attraqt.rules.items import Operation


def receipt_out(operation: Operation, version: int, receipt: str) -> dict[str, Any]:
    """Return the entry that answers one item of a message."""
    item_id = {
        "id": operation.id,
        "catalogVersion": version,
        "context": operation.context,
        "type": operation.type,
    }
    return {"itemId": item_id, "receiptId": receipt}


def inspected_items_out(rows: Sequence[Any], count: int, cursor: str | None) -> dict[str, Any]:
    """Return a page of the inspection: a form of our own, for the vendor has none."""
    items = [Fragment(row.document) for row in rows]
    return {"items": items, "count": count, "cursor": cursor}
