"""Items: docs/vendors/braze.md#4-items."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Path
from pydantic import ConfigDict, Field

from mockalog.kernel.http.responses import Response
from mockalog.vendors.braze.rules.cursors import PAGE
from mockalog.vendors.braze.rules.items import MAX_ITEMS
from mockalog.vendors.braze.rules.selections import MAX_RESULTS
from mockalog.vendors.braze.schemas.base import NAME, In, Name, Out
from mockalog.vendors.braze.schemas.item_values import ArrayChangeIn, ValueIn, ValueOut
from mockalog.vendors.braze.schemas.responses import SuccessOut

ItemId = Annotated[str, Path(description="Id of the item.", pattern=NAME, examples=["restaurant1"])]

# The base64 of `skip:<number>`. The eighth character ends the first digit; the next digits come in
# groups of three, with one or two at the end. Bits beyond the last digit have no meaning.
_GROUP = "(?:[MN][DTjz]|O[DT])[AEIMQUYcgk][w-z0-5]"
_ONE_LEFT = "(?:[MN][A-Za-z0-9+/]|O[A-Za-f])=="
_TWO_LEFT = "(?:[MN][DTjz]|O[DT])[A-Za-n]="
CURSOR = f"^(?:c2tpcDo[w-z0-5](?:{_GROUP})*(?:{_ONE_LEFT}|{_TWO_LEFT})?)?$"

_VALUES: dict[str, Any] = {
    "Name": "Restaurant1",
    "City": "New York",
    "Cuisine": "American",
    "Rating": 5,
    "Loyalty_Program": True,
    "Created_At": "2022-11-01T09:03:19.967Z",
}
_ITEM = {"id": "restaurant1", **_VALUES}
# A key that cannot be the name of a field is a field of no catalog.
_KEYS: dict[str, Any] = {"propertyNames": {"pattern": NAME}}
_KEYS_WITHOUT_ID: dict[str, Any] = {**_KEYS, "not": {"required": ["id"]}}


class PageIn(In):
    """The query of a page of items."""

    cursor: str = Field(
        "",
        pattern=CURSOR,
        max_length=5340,
        description="Base64 of `skip:<number>`, from a `Link` header; the first page without it.",
        examples=["c2tpcDo1MA=="],
    )


class ValuesIn(In):
    """An item's values by the names of their fields; the id is in the path."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_KEYS_WITHOUT_ID)
    __pydantic_extra__: dict[str, ValueIn] = Field(init=False)


class OneItemIn(In):
    """The one item of the call."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_VALUES]}]})

    items: list[ValuesIn] = Field(min_length=1, max_length=1)


class EditIn(In):
    """The values to change by the names of their fields; the id is in the path."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_KEYS_WITHOUT_ID)
    __pydantic_extra__: dict[str, ValueIn | ArrayChangeIn] = Field(init=False)


class OneEditIn(In):
    """The edit of one item."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [{"Rating": 4, "Top": {"$add": ["a"], "$remove": ["b"]}}]}]
        }
    )

    items: list[EditIn] = Field(min_length=1, max_length=1)


class ItemIn(In):
    """An item: its id, and values by the names of their fields."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_KEYS)
    __pydantic_extra__: dict[str, ValueIn] = Field(init=False)

    id: Name


class ItemsIn(In):
    """Items with different ids."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [_ITEM, {**_ITEM, "id": "restaurant2"}]}]}
    )

    items: list[ItemIn] = Field(min_length=1, max_length=MAX_ITEMS)


class ItemEditIn(In):
    """The edit of an item: its id, and the values to change by the names of their fields."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_KEYS)
    __pydantic_extra__: dict[str, ValueIn | ArrayChangeIn] = Field(init=False)

    id: Name


class ItemEditsIn(In):
    """Edits of items with different ids."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [{"id": "restaurant1", "Rating": 4, "Top": {"$add": ["a"]}}]}]
        }
    )

    items: list[ItemEditIn] = Field(min_length=1, max_length=MAX_ITEMS)


class ItemKeyIn(In):
    """The id of an item; Braze ignores its other keys."""

    id: Name


class ItemKeysIn(In):
    """Ids of items to delete, all different."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"id": "restaurant1"}, {"id": "restaurant2"}]}]}
    )

    items: list[ItemKeyIn] = Field(min_length=1, max_length=MAX_ITEMS)


class ItemOut(Out):
    """An item: the id, then every field of its catalog, null without a value."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_KEYS)
    __pydantic_extra__: dict[str, ValueOut] = Field(init=False)

    id: Name


class ItemsOut(SuccessOut):
    """One page of items in the order of their creation."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [_ITEM], "message": "success"}]}
    )

    items: list[ItemOut] = Field(max_length=PAGE)


class OneItemOut(ItemsOut):
    """The one item."""

    items: list[ItemOut] = Field(min_length=1, max_length=1)


class PickedItemsOut(Out):
    """The items that a selection picks, in its order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ITEM]}]})

    items: list[ItemOut] = Field(max_length=MAX_RESULTS)


def items_out(documents: Iterable[str]) -> Response:
    """Return the response with items, from the JSON of each."""
    return Response(200, f'{{"items":[{",".join(documents)}],"message":"success"}}'.encode())
