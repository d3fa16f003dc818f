"""The types of Attraqt's JSON columns, and the values that they may hold."""

from typing import Annotated, Literal, NamedTuple

from typing_extensions import TypedDict

from mockalog.kernel.formats.json_columns import object_of, one_of

OBJECTS = ("OBJECT", "OBJECTLIST")
# The types of attributes.
TYPES = ("BOOLEAN", "INTEGER", "FLOAT", "TEXT", "TIMESTAMP", "LIST", *OBJECTS, "LOCALIZEDTEXT")
# The `listSubType` of an attribute that is no LIST.
UNKNOWN = "UNKNOWN"

# The kinds of operations on items.
Kind = Literal["upsert", "patch", "delete"]


class Configuration(NamedTuple):
    """The request of an ingestion, in the key order of its response."""

    batch: str
    version: int
    min_items: int
    min_success_percent: int
    source: str
    delete_missing: bool
    promote: bool


class Operation(NamedTuple):
    """One operation on one item.

    `at`: the instant in microseconds that orders the operations on an item. `fhr`: whether the
    rules of Fredhopper apply.
    """

    kind: Kind
    id: str
    type: str
    context: str
    parent_id: str
    at: int
    attributes: dict[str, object]
    fhr: bool


StoredConfiguration = object_of(Configuration)
StoredOperation = object_of(Operation)


class StoredReference(TypedDict):
    """A version of an item schema or of a category tree."""

    name: str
    version: int


class StoredCatalog(TypedDict):
    """The references of a catalog's document."""

    catalogItemSchemas: list[StoredReference]
    catalogCategoryTrees: list[StoredReference]


class StoredAttribute(TypedDict):
    """An attribute of an item schema, or a sub-attribute of one."""

    name: str
    type: Annotated[str, one_of(TYPES)]
    listSubType: Annotated[str, one_of((*TYPES, UNKNOWN))]
    isRequired: bool
    isFhrValue: bool
    isFhrValueId: bool
    attributes: list["StoredAttribute"]


class StoredItemSchema(TypedDict):
    """An item schema or a nested one."""

    name: str
    attributes: list[StoredAttribute]
    nestedItemSchemas: list["StoredItemSchema"]


class StoredNode(TypedDict):
    """A category."""

    name: str
    children: list["StoredNode"]


class StoredCategoryTree(TypedDict):
    """A category tree."""

    children: list[StoredNode]


class StoredItem(TypedDict):
    """An item."""

    context: str
    parentId: str
    attributes: dict[str, object]
