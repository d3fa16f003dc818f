"""Items on the wire, streamed or in a batch.

Sources: docs/vendors/attraqt.md#6-items and docs/vendors/attraqt.md#7-batch-imports.
"""

from typing import Annotated, Any

from pydantic import Field

from mockalog.vendors.attraqt.json_columns import MAX_NAME, Operation
from mockalog.vendors.attraqt.rules.items import CONTEXT, ID
from mockalog.vendors.attraqt.schemas.base import (
    ISO_8601,
    PLAIN,
    FhrIn,
    Number,
    NumberIn,
    Out,
    ScopedIn,
    TenancyIn,
    UuidOut,
    shown,
    whole,
)

_BATCH_ID = whole(ID).replace(":", "")
_KEY: dict[str, Any] = {"id": "A0001", "catalogVersion": 1, "type": "product"}
_BATCH_KEY: dict[str, Any] = {"id": "A0001", "type": "product"}
_ATTRIBUTES: dict[str, Any] = {
    "title": {"en_GB": "Running shoe"},
    "price": 70,
    "categories": ["shoes"],
}
_VARIANT: dict[str, Any] = {
    "type": "variant",
    "parentId": "A0001",
    "attributes": {"sku": "A0001-42"},
}


class BatchQueryIn(TenancyIn):
    """The batch that a message is added to."""

    batch_id: str = Field(
        alias="batch_id",
        min_length=1,
        description="The id of the batch: a UUID, or for a default batch its catalog's version.",
        examples=["3f0c6d4e-9b1a-4d0a-8a53-0e6f1f2a7b11"],
    )


class BatchItemsQueryIn(BatchQueryIn, FhrIn):
    """The batch that a message is added to, and whether Fredhopper's rules hold too."""


class BatchItemIdIn(ScopedIn):
    """An item of a batch that is to be deleted."""

    model_config = shown(_BATCH_KEY)

    id: str = Field(pattern=_BATCH_ID, description="In a batch it holds no colon.")
    type: str = Field(
        max_length=MAX_NAME,
        pattern=PLAIN,
        description="The name of an item schema, or of a nested one, of the catalog.",
    )
    context: Annotated[str, Field(pattern=whole(CONTEXT))] | None = Field(None, examples=["global"])
    parent_id: Annotated[str, Field(pattern=f"^$|{whole(ID)}")] | None = Field(
        None, description="The id of the item that a variant belongs to; a variant needs one."
    )
    timestamp: Annotated[str, Field(pattern=ISO_8601)] | None = Field(
        None,
        description="ISO 8601; without offset UTC, absent or empty: now. Operations on one item "
        "take effect in this order.",
        examples=["2025-03-01T09:15:27.104+01:00"],
    )


class BatchItemIn(BatchItemIdIn):
    """An item of a batch; the ingestion holds it against the item schema."""

    model_config = shown(
        {**_BATCH_KEY, "attributes": _ATTRIBUTES},
        {"id": "A0001-42", **_VARIANT},
    )

    attributes: dict[str, Any] = Field(description="The values by the names of the attributes.")


class ItemIdIn(BatchItemIdIn):
    """An item to delete."""

    model_config = shown(_KEY)

    id: str = Field(pattern=whole(ID))
    catalog_version: NumberIn


class ItemIn(ItemIdIn):
    """An item to create, to replace or to change."""

    model_config = shown(
        {**_KEY, "attributes": _ATTRIBUTES},
        {"id": "A0001:42", "catalogVersion": 1, **_VARIANT},
    )

    attributes: dict[str, Any] = Field(
        description="The values by the names of the attributes. `categories`, a list of the "
        "names of categories, needs no declaration. In a PATCH null removes a value."
    )


class ItemIdOut(Out):
    """The item that an operation is about."""

    id: str
    catalog_version: Number = Field(description="0 in a batch, which names no catalog.")
    context: str
    type: str


class ReceiptOut(Out):
    """The receipt of one item of a message; feedback is found by it."""

    model_config = shown(
        {
            "itemId": {
                "id": "A0001",
                "catalogVersion": 1,
                "context": "",
                "type": "product",
            },
            "receiptId": "3f0c6d4e-9b1a-4d0a-8a53-0e6f1f2a7b11",
        }
    )

    item_id: ItemIdOut
    receipt_id: UuidOut


def receipt_out(operation: Operation, version: int, receipt: str) -> dict[str, object]:
    """Return the receipt of one item of a message."""
    item_id = {
        "id": operation.id,
        "catalogVersion": version,
        "context": operation.context,
        "type": operation.type,
    }
    return {"itemId": item_id, "receiptId": receipt}
