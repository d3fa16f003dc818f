"""The types of Attraqt's JSON columns, and the values that they may hold."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field
from typing_extensions import TypedDict

from mockalog.kernel.database.models import MAX_COUNT
from mockalog.kernel.formats.json_columns import (
    Instant,
    Int64,
    object_of,
    one_of,
    text_of,
    valid_as,
)

OBJECTS = ("OBJECT", "OBJECTLIST")
# The types of attributes.
TYPES = ("BOOLEAN", "INTEGER", "FLOAT", "TEXT", "TIMESTAMP", "LIST", *OBJECTS, "LOCALIZEDTEXT")
# The `listSubType` of an attribute that is no LIST.
UNKNOWN = "UNKNOWN"

# The kinds of operations on items.
Kind = Literal["upsert", "patch", "delete"]


# Characters of a tenant or an environment (inferred); the longest recorded one has ten.
MAX_TENANCY = 100
# Characters of the name of an item schema or a category tree (inferred).
MAX_NAME = 250
# Characters of an item's id (inferred).
MAX_ID = 250
# Characters of an ingestion's source (inferred).
MAX_SOURCE = 250
# Characters of a UUID.
_UUID = 36

# Any number of JSON: docs/vendors/attraqt.md#7-batch-imports. A float is no longer exact beyond 15
# digits, so longer numbers are `Decimal`.
Percent = Annotated[int | float | Decimal, Field(ge=0, le=100)]

_Uuid = Annotated[str, text_of(_UUID)]
_Tenancy = Annotated[str, text_of(MAX_TENANCY)]


class Configuration(NamedTuple):
    """The request of an ingestion, in the key order of its response."""

    batch: _Uuid
    version: Int64
    min_items: Int64
    min_success_percent: Percent
    source: Annotated[str, text_of(MAX_SOURCE)]
    delete_missing: bool
    promote: bool


class Operation(NamedTuple):
    """One operation on one item.

    `at`: the instant in microseconds that orders the operations on an item. `fhr`: whether the
    rules of Fredhopper apply.
    """

    kind: Kind
    id: Annotated[str, text_of(MAX_ID)]
    type: Annotated[str, text_of(MAX_NAME)]
    context: str
    parent_id: str
    at: Instant
    attributes: dict[str, object]
    fhr: bool


StoredConfiguration = object_of(Configuration)
StoredOperation = object_of(Operation)


class Activation(NamedTuple):
    """The activation of one catalog, and the payload of its job."""

    tenant: _Tenancy
    environment: _Tenancy
    version: Int64
    min_item_count: Int64
    receipt: _Uuid


class Ingestion(NamedTuple):
    """The payload of the job of an ingestion.

    `uuid` is for the receipts of deletions, `receipt` for a promotion.
    """

    tenant: _Tenancy
    environment: _Tenancy
    name: _Uuid
    uuid: _Uuid
    receipt: _Uuid


class ItemMessage(NamedTuple):
    """The payload of a job that writes items: operations on one catalog.

    `first_update` is the position of their first update.
    """

    tenant: _Tenancy
    environment: _Tenancy
    version: Int64
    first_update: Annotated[int, Field(ge=0, le=MAX_COUNT)]
    operations: Sequence[Annotated[Mapping[str, object], valid_as(StoredOperation)]]


class StoredReference(TypedDict):
    """A version of an item schema or of a category tree."""

    name: str
    version: Int64


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
