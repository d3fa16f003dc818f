"""Attraqt's wire shapes: exact names, exact key order (attraqt.md)."""

from mockalog.vendors.attraqt.schemas.batches import batches_out, ingestion_out, result_out
from mockalog.vendors.attraqt.schemas.catalogs import (
    catalog_in_state,
    catalog_out,
    category_tree_out,
    document_out,
    item_schema_out,
    list_out,
    refers,
    token_out,
)
from mockalog.vendors.attraqt.schemas.feedback import (
    activation_out,
    counts_out,
    creation_out,
    item_update_out,
    signal_out,
)
from mockalog.vendors.attraqt.schemas.items import inspected_items_out, receipt_out

__all__ = [
    "activation_out",
    "batches_out",
    "catalog_in_state",
    "catalog_out",
    "category_tree_out",
    "counts_out",
    "creation_out",
    "document_out",
    "ingestion_out",
    "inspected_items_out",
    "item_schema_out",
    "item_update_out",
    "list_out",
    "receipt_out",
    "refers",
    "result_out",
    "signal_out",
    "token_out",
]
