"""Fields of catalogs: docs/vendors/braze.md#5-fields."""

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import Path
from pydantic import ConfigDict, Field

from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES, StoredField
from mockalog.vendors.braze.rules.fields import MAX_NEW_FIELDS, NewField
from mockalog.vendors.braze.schemas.base import ABSENT, NAME, In, Name, Out

FieldName = Annotated[
    str, Path(description="Name of the field.", pattern=NAME, examples=["Rating"])
]
FieldTypeName = Annotated[str, Field(json_schema_extra={"enum": [*FIELD_TYPE_NAMES]})]


class FieldIn(In):
    """A field as a request declares it."""

    name: Name
    type: FieldTypeName


class FieldsIn(In):
    """The fields that a catalog gets, of names that it does not have."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "fields": [
                        {"name": "Open_Table", "type": "boolean"},
                        {"name": "Top", "type": "array"},
                    ]
                }
            ]
        }
    )

    fields: list[FieldIn] = Field(min_length=1, max_length=MAX_NEW_FIELDS)


class FieldOut(Out):
    """A field as Braze shows it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Rating", "token": "3", "type": "number"}]}
    )

    name: Name
    token: str = Field(
        pattern=r"^(-1|[0-9]{1,9})$",
        description="The number of the field, never used twice in a catalog; `-1` is the id.",
    )
    type: FieldTypeName
    is_inventory: Literal[True] = Field(
        default_factory=ABSENT, description="Shown only if the field holds the inventory."
    )
    is_price: Literal[True] = Field(
        default_factory=ABSENT, description="Shown only if the field holds the price."
    )


class MarksIn(In):
    """The marks of a field that the dashboard sets; one that is absent stays as it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"is_inventory": True}]}
    )

    is_inventory: bool = Field(default_factory=ABSENT)
    is_price: bool = Field(default_factory=ABSENT)


def fields_out(fields: Iterable[NewField], first_token: int) -> list[StoredField]:
    """Return new fields as Braze shows them, with tokens from the first one on."""
    return [
        {"name": field.name, "token": str(token), "type": field.type}
        for token, field in enumerate(fields, start=first_token)
    ]
