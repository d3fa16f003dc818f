"""The bases of Squared's wire models, and types that models share.

The models are for the documents. Rules check requests; functions beside the models make answers.
"""

from typing import Annotated, Any, Unpack

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from typing_extensions import TypedDict


class In(BaseModel):
    """The base of requests. The server ignores unknown keys."""

    model_config = ConfigDict(defer_build=True)


class Out(BaseModel):
    """The base of answers, which have no other keys."""

    model_config = ConfigDict(defer_build=True, extra="forbid")


def exampled(*examples: object, **keywords: object) -> ConfigDict:
    """Return the configuration of a model with examples and more keywords of its JSON Schema."""
    extra: dict[str, Any] = {"examples": list(examples), **keywords}
    return ConfigDict(json_schema_extra=extra)


class FieldOptions(TypedDict, total=False):
    """The options of Pydantic's `Field` that `absent` takes."""

    alias: str
    description: str
    examples: list[Any]
    pattern: str
    min_length: int
    max_length: int
    json_schema_extra: JsonDict


# Any: a field's default stands for a value of the field's own type.
def absent(**options: Unpack[FieldOptions]) -> Any:
    """Return a field that may be absent; null is no default of it.

    `Any`, as the field's value: it is assigned to attributes of every type, as Pydantic's `Field`.
    """
    return Field(default_factory=str, **options)


def choice(*words: str, **keywords: object) -> WithJsonSchema:
    """Return the schema of a text that is one of several words."""
    return WithJsonSchema({"type": "string", "enum": list(words), **keywords})


def spelled(*words: str, **keywords: object) -> WithJsonSchema:
    """Return the schema of a text that is one of several words in upper, lower or mixed case."""
    known = {"anyOf": [{"enum": list(words)}, {"pattern": any_case(*words)}]}
    return WithJsonSchema({"type": "string", **known, **keywords})


def any_case(*words: str) -> str:
    """Return a pattern of several words in upper, lower or mixed case."""
    patterns = ("".join(f"[{c.upper()}{c}]" if c.isalpha() else c for c in word) for word in words)
    return f"^({'|'.join(patterns)})$"


def one_of(*names: str) -> dict[str, object]:
    """Return the keyword of a JSON Schema that requires at least one of several keys."""
    return {"anyOf": [{"required": [name]} for name in names]}


def without(name: str) -> JsonDict:
    """Return the keyword of a JSON Schema that forbids a key."""
    return {"not": {"required": [name]}}


def refusing(wrapper: str, key: str, **schema: int | str) -> FieldInfo:
    """Return a field that refuses the values of a schema for a key, wrapped or not."""
    refused: JsonDict = {"type": "object", "required": [key], "properties": {key: {**schema}}}
    wrapped: JsonDict = {"required": [wrapper], "properties": {wrapper: refused}}
    field: FieldInfo = Field(json_schema_extra={"not": {"anyOf": [wrapped, refused]}})
    return field


# Rules accept numbers as texts too, as Rails does.
NUMBER_TEXT = r"^\s*[+-]?[0-9]+(_[0-9]+)*\s*$"

Integer = Annotated[
    int | Annotated[str, Field(pattern=NUMBER_TEXT)],
    Field(description="An integer, or a text that holds one"),
]

# A text with more than white space.
Name = Annotated[str, Field(pattern=r"\S")]

Timestamp = Annotated[
    str,
    Field(
        description="ISO 8601 in UTC with milliseconds",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        json_schema_extra={"format": "date-time"},
    ),
]

# The number of a record in JSON:API.
IdText = Annotated[str, Field(pattern="^[0-9]+$")]

Scalar = str | int | float | bool | None

# A JSON object of any keys.
Anything = dict[str, Any]


class Resource(TypedDict):
    """A record as a JSON:API object; its id is text only here."""

    id: str
    type: str
    attributes: dict[str, object]


def resource(type_: str, id_: int, attributes: dict[str, object]) -> Resource:
    """Return a record as a JSON:API object."""
    return {"id": str(id_), "type": type_, "attributes": attributes}
