"""The wire models of Attraqt, and the functions that build answers in their key order.

Source: docs/vendors/attraqt.md.
"""

from mockalog.vendors.attraqt.schemas.batch_imports import batch_imports_out
from mockalog.vendors.attraqt.schemas.catalogs import catalog_in_state, catalog_out, refers_to
from mockalog.vendors.attraqt.schemas.category_trees import category_tree_out
from mockalog.vendors.attraqt.schemas.control import inspected_items_out
from mockalog.vendors.attraqt.schemas.documents import document_out, list_out
from mockalog.vendors.attraqt.schemas.feedback import (
    activation_out,
    counts_out,
    creation_out,
    item_update_out,
    signal_out,
)
from mockalog.vendors.attraqt.schemas.ingestions import ingestion_out, result_out
from mockalog.vendors.attraqt.schemas.item_schemas import item_schema_out
from mockalog.vendors.attraqt.schemas.items import receipt_out
from mockalog.vendors.attraqt.schemas.realms import (
    configuration_out,
    introspection_out,
    keys_out,
    realm_out,
    userinfo_out,
)
from mockalog.vendors.attraqt.schemas.tokens import token_out

__all__ = [
    "activation_out",
    "batch_imports_out",
    "catalog_in_state",
    "catalog_out",
    "category_tree_out",
    "configuration_out",
    "counts_out",
    "creation_out",
    "document_out",
    "ingestion_out",
    "inspected_items_out",
    "introspection_out",
    "item_schema_out",
    "item_update_out",
    "keys_out",
    "list_out",
    "realm_out",
    "receipt_out",
    "refers_to",
    "result_out",
    "signal_out",
    "token_out",
    "userinfo_out",
]
