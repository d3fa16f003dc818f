"""Types of values for the OpenAPI document, which the records of the field types name.

They are part of the rules, because a field type is one record, its schema included.

Source: docs/vendors/braze.md#41-values.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from mockalog.kernel.clock import EARLIEST, LATEST, SECOND
from mockalog.vendors.braze.rules.values import MAX_ELEMENTS, MAX_FILTERED, MAX_VALUE

# ISO 8601 as Braze reads it. Hour 24 is left out, which only some versions of Python read.
TIME = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ](?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)

NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"

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

FilteredText = Annotated[str, Field(max_length=MAX_FILTERED)]
Liquid = Annotated[
    str,
    Field(
        max_length=MAX_VALUE,
        pattern=r"\{\{[\s\S]*\}\}|\{%[\s\S]*%\}",
        description="Liquid, which only a message renders.",
    ),
]
BooleanText = Literal["true", "false"]
NumberText = Annotated[
    str,
    Field(max_length=MAX_VALUE, pattern=f"^{NUMBER}$", description="A number in its JSON form."),
]
TimeText = Annotated[
    str, Field(pattern=f"^{TIME}$", description="ISO 8601; UTC without an offset.")
]
# The years 1 to 9999.
UnixTime = Annotated[
    float,
    Field(ge=EARLIEST // SECOND, lt=LATEST // SECOND + 1, description="Unix seconds."),
]

# At every depth, except in arrays of arrays: generators of clients can read a model that refers
# to itself, but not a union that does.
_KEYS: dict[str, Any] = {"propertyNames": {"pattern": "^[^.$]*$"}}
_Scalar = bool | float | str | None


class ObjectIn(BaseModel):
    """A JSON object: at most 50 levels and 5,000 characters of JSON, no key with `.` or `$`."""

    model_config = ConfigDict(defer_build=True, extra="allow", json_schema_extra=_KEYS)
    __pydantic_extra__: dict[str, "_Scalar | ObjectIn | list[_Scalar | ObjectIn | list[Any]]"] = (
        Field(init=False)
    )


class ObjectOut(BaseModel):
    """A JSON object as it was sent."""

    model_config = ConfigDict(defer_build=True, extra="allow", json_schema_extra=_KEYS)
    __pydantic_extra__: dict[str, "_Scalar | ObjectOut | list[_Scalar | ObjectOut | list[Any]]"] = (
        Field(init=False)
    )


class CircleIn(BaseModel):
    """The places around a centre."""

    model_config = ConfigDict(defer_build=True)

    longitude: Longitude
    latitude: Latitude
    radius: float = Field(ge=0, description="Kilometres.")
