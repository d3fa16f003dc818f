"""Types of the JSON columns of Braze's tables: docs/vendors/braze.md#3-catalogs."""

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from mockalog.kernel.formats.json_columns import one_of

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

    number: int
