"""Items as the control plane lists them; the vendor has no such answer."""

from collections.abc import Sequence
from typing import Any

from orjson import Fragment
from pydantic import Field

from mockalog.vendors.attraqt.repository.items import ListedItemRow
from mockalog.vendors.attraqt.schemas.base import InstantOut, Number, Out, TenancyIn, shown

_ITEM: dict[str, Any] = {
    "id": "A0001",
    "catalogVersion": 1,
    "type": "product",
    "context": "",
    "parentId": "",
    "timestamp": "2025-03-01T09:15:27.104552Z",
    "attributes": {"title": {"en_GB": "Running shoe"}},
}


class InspectionQueryIn(TenancyIn):
    """The catalog whose items are wanted."""

    catalog_version: Number
    cursor: Number = Field(
        0, description="The cursor of the page before; the first page needs none."
    )


class InspectedItemOut(Out):
    """An item as the catalog holds it."""

    model_config = shown(_ITEM)

    id: str
    catalog_version: Number
    type: str
    context: str
    parent_id: str
    timestamp: InstantOut = Field(description="The instant of the last operation on the item.")
    attributes: dict[str, Any]


class InspectedItemsOut(Out):
    """A page of a catalog's items, in the order in which they came."""

    model_config = shown({"items": [_ITEM], "count": 1, "cursor": None})

    items: list[InspectedItemOut] = Field(description="At most 1000.")
    count: Number = Field(description="The number of items in the catalog.")
    cursor: str | None = Field(description="The next page's; null on the last page.")


def inspected_items_out(
    rows: Sequence[ListedItemRow], count: int, cursor: str | None
) -> dict[str, object]:
    """Return a page of items."""
    items = [Fragment(row.document) for row in rows]
    return {"items": items, "count": count, "cursor": cursor}
