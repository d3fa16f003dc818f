"""The bases of Squared's wire models, and the types that many of them share.

The models document. Rules check the requests, and functions beside the models make the answers.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema


class In(BaseModel):
    """What a client sends. The server ignores keys that it does not know."""

    model_config = ConfigDict(defer_build=True)


class Out(BaseModel):
    """What the server answers; it has no other keys."""

    model_config = ConfigDict(defer_build=True, extra="forbid")


def exampled(*examples: Any, **also: Any) -> ConfigDict:
    """Return the configuration of a model with examples; `also`: more of its JSON Schema."""
    return ConfigDict(json_schema_extra={"examples": list(examples), **also})


def absent(**options: Any) -> Any:
    """Return a field that may be left out. It has no default: null is another matter."""
    return Field(default_factory=str, **options)


def choice(*words: str, **also: Any) -> WithJsonSchema:
    """Return the schema of a text that is one of some words."""
    return WithJsonSchema({"type": "string", "enum": list(words), **also})


def spelled(*words: str, **also: Any) -> WithJsonSchema:
    """Return the schema of a text that is one of some words in upper, lower or mixed case."""
    known = {"anyOf": [{"enum": list(words)}, {"pattern": any_case(*words)}]}
    return WithJsonSchema({"type": "string", **known, **also})


def any_case(*words: str) -> str:
    """Return a pattern that takes any of the words in upper, lower or mixed case."""
    patterns = ("".join(f"[{c.upper()}{c}]" if c.isalpha() else c for c in word) for word in words)
    return f"^({'|'.join(patterns)})$"


def one_of(*names: str) -> dict[str, Any]:
    """Return the part of a JSON Schema that asks for at least one of some keys."""
    return {"anyOf": [{"required": [name]} for name in names]}


def without(name: str) -> dict[str, Any]:
    """Return the part of a JSON Schema that forbids a key."""
    return {"not": {"required": [name]}}


def refusing(wrapper: str, key: str, **schema: Any) -> Any:
    """Return a field that refuses some values of a key, in its wrapper and without it."""
    refused: dict[str, Any] = {"type": "object", "required": [key], "properties": {key: schema}}
    wrapped: dict[str, Any] = {"required": [wrapper], "properties": {wrapper: refused}}
    return Field(json_schema_extra={"not": {"anyOf": [wrapped, refused]}})


# Rules take numbers in texts too, as Rails does.
NUMBER_TEXT = r"^\s*[+-]?[0-9]+(_[0-9]+)*\s*$"

Integer = Annotated[
    int | Annotated[str, Field(pattern=NUMBER_TEXT)],
    Field(description="An integer, or a text that holds one"),
]

# A text that has more than white space.
Name = Annotated[str, Field(pattern=r"\S")]

Timestamp = Annotated[
    str,
    Field(
        description="ISO 8601 in UTC with milliseconds",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        json_schema_extra={"format": "date-time"},
    ),
]

# The number of a record, as JSON:API shows it.
IdText = Annotated[str, Field(pattern="^[0-9]+$")]

Scalar = str | int | float | bool | None

# A JSON object of any keys.
Anything = dict[str, Any]
