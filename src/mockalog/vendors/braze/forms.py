"""What Braze's tables hold as JSON."""

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from mockalog.kernel.formats.json_columns import one_of
from mockalog.vendors.braze.rules.selections import ORDERS
from mockalog.vendors.braze.rules.values import TYPES


class StoredField(TypedDict):
    """A field of a catalog as it is answered."""

    name: str
    token: Annotated[str, Field(pattern=r"^(-1|[0-9]{1,9})$")]
    type: Annotated[str, one_of(TYPES)]


class StoredFilter(TypedDict):
    """A filter of a selection."""

    field: str
    operator: str
    value: Any


class StoredSelection(TypedDict):
    """A selection; `number` is that of the job that made it."""

    name: str
    description: str
    external_id: str | None
    source: str | None
    filters: list[StoredFilter]
    results_limit: int | None
    sort_field: str | None
    sort_order: Annotated[str, one_of(ORDERS)] | None
    number: int
