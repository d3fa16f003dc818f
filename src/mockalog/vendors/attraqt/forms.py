"""What Attraqt's tables hold as JSON."""

from typing import Annotated, Any

from typing_extensions import TypedDict

from mockalog.kernel.formats.json_columns import object_of, one_of
from mockalog.vendors.attraqt.rules.batches import Configuration
from mockalog.vendors.attraqt.rules.item_schemas import TYPES, UNKNOWN
from mockalog.vendors.attraqt.rules.items import Operation

StoredConfiguration = object_of(Configuration)
StoredOperation = object_of(Operation)


class StoredReference(TypedDict):
    """A version of an item schema or of a category tree."""

    name: str
    version: int


class StoredCatalog(TypedDict):
    """A catalog as it is answered: what it refers to."""

    catalogItemSchemas: list[StoredReference]
    catalogCategoryTrees: list[StoredReference]


class StoredAttribute(TypedDict):
    """An attribute of an item schema, or a part of one."""

    name: str
    type: Annotated[str, one_of(TYPES)]
    listSubType: Annotated[str, one_of((*TYPES, UNKNOWN))]
    isRequired: bool
    isFhrValue: bool
    isFhrValueId: bool
    attributes: list["StoredAttribute"]


class StoredItemSchema(TypedDict):
    """An item schema as it is answered."""

    name: str
    attributes: list[StoredAttribute]
    nestedItemSchemas: list["StoredItemSchema"]


class StoredNode(TypedDict):
    """A category."""

    name: str
    children: list["StoredNode"]


class StoredCategoryTree(TypedDict):
    """A category tree as it is answered."""

    children: list[StoredNode]


class StoredItem(TypedDict):
    """An item as it is answered."""

    context: str
    parentId: str
    attributes: dict[str, Any]
