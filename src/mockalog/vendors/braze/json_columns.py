"""Types of the JSON columns of Braze's tables: docs/vendors/braze.md#3-catalogs."""

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from mockalog.kernel.formats.json_columns import IN_ARRAY, Int64, one_of, text_of

# The names of the field types, in the order of the documents. `rules/field_types.py` holds the
# record of each type.
FIELD_TYPE_NAMES = ("string", "number", "boolean", "time", "object", "array", "geo")

SORT_ORDERS = ("asc", "desc")


class StoredField(TypedDict):
    """A field of a catalog, as responses show it."""

    name: str
    token: Annotated[str, Field(pattern=r"^(-1|[0-9]{1,9})$")]
    type: Annotated[str, one_of(FIELD_TYPE_NAMES)]
    is_inventory: NotRequired[Any]


class StoredCall(TypedDict):
    """The payload of a job: the number of its catalog."""

    catalog: Int64


# An item of a call: its id, and its values by field.
_Item = Annotated[tuple[Annotated[str, text_of(250)], dict[str, Any]], IN_ARRAY]


class StoredItems(StoredCall):
    """The payload of a job of items, with the catalog's `tokens` and `drops` at that time."""

    tokens: Int64
    drops: Int64
    items: list[_Item]


class StoredFields(StoredCall):
    """The payload of a job that adds fields: the name and the type of each."""

    fields: list[Annotated[tuple[str, Annotated[str, one_of(FIELD_TYPE_NAMES)]], IN_ARRAY]]


class StoredDeletion(StoredCall):
    """The payload of a job that deletes a field."""

    field: str
    token: Int64


class StoredFilter(TypedDict):
    """A filter of a selection; `value` has the form in which items store their values."""

    field: str
    operator: str
    value: Any


class NewSelection(TypedDict):
    """A selection before it has a number. `filters` is empty if the selection has none."""

    name: str
    description: str
    external_id: str | None
    source: str | None
    filters: list[StoredFilter]
    results_limit: int | None
    sort_field: str | None
    sort_order: Annotated[str, one_of(SORT_ORDERS)] | None


class StoredSelection(NewSelection):
    """A selection of a catalog; `number` is the number of the job that created it."""

    number: Int64


class StoredNewSelection(StoredCall):
    """The payload of a job that adds a selection."""

    selection: NewSelection


class StoredSelectionDeletion(StoredCall):
    """The payload of a job that deletes a selection."""

    number: Int64
