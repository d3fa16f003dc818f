"""The values of items: docs/vendors/braze.md#4-items.

A document knows no catalog, so a value may be whatever some type of field takes.
"""

from typing import Annotated, Any

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from mockalog.vendors.braze.rules.values import MAX_ELEMENTS, MAX_VALUE
from mockalog.vendors.braze.schemas.base import ABSENT, In, Out

Text = Annotated[
    str,
    Field(
        max_length=MAX_VALUE,
        description="A string; of a time field ISO 8601, answered in UTC with milliseconds.",
    ),
]
Number = Annotated[float, Field(description="A number; a time field takes Unix seconds.")]
Strings = Annotated[
    list[str],
    Field(max_length=MAX_ELEMENTS, description="An array; its JSON has at most 5,000 characters."),
]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Place = Annotated[
    tuple[Longitude, Latitude], Field(description="A geo value: longitude, then latitude.")
]

# At every depth except in arrays of arrays: generators of clients read a model that refers to
# itself, but no union that does.
_KEYS: dict[str, Any] = {"propertyNames": {"pattern": "^[^.$]*$"}}
_Scalar = bool | float | str | None


class ObjectIn(In):
    """A JSON object: at most 50 levels and 5,000 characters of JSON, no key with `.` or `$`."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_KEYS)
    __pydantic_extra__: dict[str, "_Scalar | ObjectIn | list[_Scalar | ObjectIn | list[Any]]"] = (
        Field(init=False)
    )


class ObjectOut(Out):
    """A JSON object as it was sent."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_KEYS)
    __pydantic_extra__: dict[str, "_Scalar | ObjectOut | list[_Scalar | ObjectOut | list[Any]]"] = (
        Field(init=False)
    )


ValueIn = TypeAliasType("ValueIn", bool | Number | Text | Strings | Place | ObjectIn | None)
ValueOut = TypeAliasType("ValueOut", bool | Number | Text | Strings | Place | ObjectOut | None)


class ArrayChangeIn(In):
    """A change of an array: `$remove` takes all its matches away, then `$add` appends."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "minProperties": 1,
            "examples": [{"$add": ["a"], "$remove": ["b"]}],
        },
    )

    add: list[str] = Field(
        default_factory=ABSENT, alias="$add", description="Elements to append if absent."
    )
    remove: list[str] = Field(
        default_factory=ABSENT, alias="$remove", description="Elements to take away."
    )
