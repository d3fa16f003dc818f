"""Selections: docs/vendors/braze.md#6-selections."""

from functools import lru_cache
from typing import Annotated, Literal

from fastapi import Path
from orjson import Fragment
from pydantic import ConfigDict, Field

from mockalog.kernel.clock import EARLIEST, LATEST, SECOND
from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.rules.selections import MAX_FILTERS, MAX_NAME, MAX_RESULTS
from mockalog.vendors.braze.rules.values import MAX_FILTERED, TIME
from mockalog.vendors.braze.schemas.base import In, Out
from mockalog.vendors.braze.schemas.values import Latitude, Longitude, Text

SelectionName = Annotated[
    str,
    Path(
        description="Name of the selection.",
        min_length=1,
        max_length=MAX_NAME,
        examples=["favorite-restaurants"],
    ),
]

FilteredText = Annotated[str, Field(max_length=MAX_FILTERED)]
TimeText = Annotated[
    str, Field(pattern=f"^{TIME}$", description="ISO 8601; UTC without an offset.")
]
# The years 1 to 9999.
UnixTime = Annotated[
    float,
    Field(ge=EARLIEST // SECOND, lt=LATEST // SECOND + 1, description="Unix seconds."),
]


class EqualityIn(In):
    """A filter of a string or a number."""

    field: str = Field(description="Name of a field of type string or number, or `id`.")
    operator: Literal["equals", "does not equal"]
    value: FilteredText | float


class ComparisonIn(In):
    """A filter of a number."""

    field: str = Field(description="Name of a field of type number.")
    operator: Literal["greater than", "less than"]
    value: float


class SwitchIn(In):
    """A filter of a boolean."""

    field: str = Field(description="Name of a field of type boolean.")
    operator: Literal["is"]
    value: bool


class PeriodIn(In):
    """A filter of a time."""

    field: str = Field(description="Name of a field of type time.")
    operator: Literal["before", "after"]
    value: TimeText | UnixTime


class MembershipIn(In):
    """A filter of an array; a selection can filter by one array field."""

    field: str = Field(description="Name of a field of type array.")
    operator: Literal["includes value", "does not include value"]
    value: Text


class CircleIn(In):
    """The places around a centre."""

    longitude: Longitude
    latitude: Latitude
    radius: float = Field(ge=0, description="Kilometres.")


class DistanceIn(In):
    """A filter of a geo value; results are sorted by distance."""

    field: str = Field(description="Name of a field of type geo.")
    operator: Literal["geo within", "geo outside"]
    value: CircleIn


FilterIn = Annotated[
    EqualityIn | ComparisonIn | SwitchIn | PeriodIn | MembershipIn | DistanceIn,
    Field(discriminator="operator"),
]


class SelectionIn(In):
    """The filters that items must all match, and the order and number of the results."""

    name: str = Field(min_length=1, max_length=MAX_NAME, description="Unique in the catalog.")
    description: str | None = None
    external_id: str | None = None
    source: str | None = None
    filters: list[FilterIn] | None = Field(
        None, max_length=MAX_FILTERS, description="Without filters a selection picks every item."
    )
    results_limit: int | None = Field(None, ge=1, le=MAX_RESULTS)
    sort_field: str | None = Field(
        None, description="Name of a field, or `id`; comes together with `sort_order`."
    )
    sort_order: Literal["asc", "desc"] | None = Field(
        None, description="Comes together with `sort_field`; without both the order is random."
    )


class NewSelectionIn(In):
    """The selection to create."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "selection": {
                        "name": "favorite-restaurants",
                        "description": "Favorite restaurants in NYC",
                        "external_id": "favorite-nyc-restaurants",
                        "source": "custom",
                        "filters": [
                            {"field": "City", "operator": "equals", "value": "NYC"},
                            {"field": "Rating", "operator": "greater than", "value": 7},
                        ],
                        "results_limit": 10,
                        "sort_field": "Rating",
                        "sort_order": "desc",
                    }
                }
            ]
        }
    )

    selection: SelectionIn


class SelectionOut(Out):
    """A selection as its catalog lists it."""

    name: str = Field(min_length=1, max_length=MAX_NAME)
    description: str = Field(description="Empty if the selection has none.")
    external_id: str | None


@lru_cache(maxsize=1024)
def selections_out(selections: str) -> tuple[Fragment, int]:
    """Return a catalog's selections as they are listed, and their size: the bytes of their JSON.

    `selections` are the stored definitions. The vendor does not say what it counts (inferred).
    """
    if selections == "[]":
        return Fragment("[]"), 0
    listed = [
        {key: selection[key] for key in ("name", "description", "external_id")}
        for selection in loads(selections)
    ]
    return Fragment(dumps(listed)), len(selections.encode())
