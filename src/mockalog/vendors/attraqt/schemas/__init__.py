"""Attraqt's wire shapes: exact names, exact key order (docs/vendors/attraqt.md)."""

from mockalog.vendors.attraqt.schemas.batches import batches_out
from mockalog.vendors.attraqt.schemas.catalogs import catalog_in_state, catalog_out, refers
from mockalog.vendors.attraqt.schemas.category_trees import category_tree_out
from mockalog.vendors.attraqt.schemas.documents import document_out, list_out
from mockalog.vendors.attraqt.schemas.feedback import (
    activation_out,
    counts_out,
    creation_out,
    item_update_out,
    signal_out,
)
from mockalog.vendors.attraqt.schemas.ingestions import ingestion_out, result_out
from mockalog.vendors.attraqt.schemas.inspections import inspected_items_out
from mockalog.vendors.attraqt.schemas.item_schemas import item_schema_out
from mockalog.vendors.attraqt.schemas.items import receipt_out
from mockalog.vendors.attraqt.schemas.tokens import token_out

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
