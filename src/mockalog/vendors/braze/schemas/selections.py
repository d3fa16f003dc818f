"""Selections: docs/vendors/braze.md#6-selections."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from fastapi import Path
from orjson import Fragment
from pydantic import ConfigDict, Field, create_model

from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from mockalog.vendors.braze.rules.field_types import FIELD_TYPES, FieldType
from mockalog.vendors.braze.rules.filters import OperatorGroup
from mockalog.vendors.braze.rules.selections import (
    MAX_FILTERS,
    MAX_NAME,
    MAX_RESULTS,
    SOURCES,
)
from mockalog.vendors.braze.rules.value_schemas import Liquid
from mockalog.vendors.braze.schemas.base import In, Out

SelectionName = Annotated[
    str,
    Path(
        description="Name of the selection.",
        min_length=1,
        max_length=MAX_NAME,
        examples=["favorite-restaurants"],
    ),
]


def _filter_model(group: OperatorGroup, types: Iterable[FieldType]) -> type[In]:
    """Return the model of a filter with a group's operators, of the field types that have them."""
    able = [one for one in types if one.filtering is not None and group in one.filtering.groups]
    names = " or ".join(one.name for one in able)
    # The id is a string.
    or_id = ", or `id`" if any(one.name == "string" for one in able) else ""
    nouns = " or ".join(one.noun for one in able)
    fields: dict[str, Any] = {
        "field": (str, Field(description=f"Name of a field of type {names}{or_id}.")),
        "operator": Literal[*(operator.name for operator in group.operators)],
        "value": Union[*(one.filtering.schema for one in able if one.filtering), Liquid],
    }
    description = f"A filter of {nouns}{group.note}."
    return create_model(f"{group.name}In", __base__=In, __doc__=description, **fields)


def _filter_models() -> list[type[In]]:
    """Return a model for each group of operators, in the order of the field types' names."""
    types = [FIELD_TYPES[name] for name in FIELD_TYPE_NAMES]
    groups = dict.fromkeys(
        group for one in types if one.filtering is not None for group in one.filtering.groups
    )
    return [_filter_model(group, types) for group in groups]


if TYPE_CHECKING:
    # A type checker cannot read a union that is made at run time.
    FilterIn = In
else:
    FilterIn = Annotated[Union[*_filter_models()], Field(discriminator="operator")]


def _any_case(words: Iterable[str]) -> str:
    """Return the pattern of some words in any case: patterns of a schema have no flags."""
    spelt = ("".join(f"[{letter.upper()}{letter}]" for letter in word) for word in words)
    return f"^(?:{'|'.join(spelt)})$"


class SelectionIn(In):
    """The filters that items must all match, and the order and number of the results."""

    name: str = Field(min_length=1, max_length=MAX_NAME, description="Unique in the catalog.")
    description: str | None = None
    external_id: str | None = None
    source: str | None = Field(
        None,
        pattern=_any_case(SOURCES),
        description="Braze, Shopify or custom, in any case.",
        examples=["Braze"],
    )
    filters: list[FilterIn] | None = Field(
        None, max_length=MAX_FILTERS, description="Without filters a selection picks every item."
    )
    results_limit: int | None = Field(None, ge=1, le=MAX_RESULTS)
    sort_field: str | None = Field(
        None, description="Name of a field, or `id`; without `sort_order` the order is random."
    )
    sort_order: Literal["asc", "desc"] | None = Field(
        None, description="Without `sort_field` the order is random."
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
    """Return a catalog's selections as they are listed, and the bytes of their definitions.

    `selections` are the definitions as JSON. Braze does not document its size (inferred).
    """
    if selections == "[]":
        return Fragment("[]"), 0
    listed = [
        {key: selection[key] for key in ("name", "description", "external_id")}
        for selection in loads(selections)
    ]
    return Fragment(dumps(listed)), len(selections.encode())
