"""The bases of the wire models, and the types that several of them share.

The models serve the OpenAPI document only: rules check requests, functions build answers.
"""

import re
from collections.abc import Collection
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from mockalog.vendors.attraqt.json_columns import MAX_TENANCY
from mockalog.vendors.attraqt.rules.locales import LOCALE
from mockalog.vendors.attraqt.rules.primitives import DIGITS, LARGEST


class In(BaseModel):
    """The base of request models; unknown keys are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, defer_build=True)


class Out(BaseModel):
    """The base of answer models; they hold exactly the declared keys."""

    model_config = ConfigDict(alias_generator=to_camel, defer_build=True, extra="forbid")


def shown(*examples: JsonValue) -> ConfigDict:
    """Return the configuration of a model with examples."""
    return ConfigDict(json_schema_extra={"examples": [*examples]})


def whole(pattern: re.Pattern[str]) -> str:
    """Return the JSON Schema pattern that matches a whole text."""
    return f"^({pattern.pattern})$"


def any_case(*words: str) -> str:
    """Return the pattern of some words in any case; JSON Schema patterns have no flags."""
    letters = ("".join(f"[{c.upper()}{c.lower()}]" for c in word) for word in words)
    return f"^({'|'.join(letters)})$"


def one_of(texts: Collection[str]) -> object:  # as Pydantic's `Field` returns it
    """Return the field of a text that has one of some values."""
    return Field(json_schema_extra={"enum": [*texts]})


def text_format(name: str) -> object:  # as Pydantic's `Field` returns it
    """Return the field of a text in a format of JSON Schema."""
    return Field(json_schema_extra={"format": name})


# A text without control characters.
PLAIN = r"^[^\x00-\x1f\x7f]*$"

# A date and maybe a time of ISO 8601, or an empty text. The parser is lenient after the date.
ISO_8601 = r"^([0-9]{4}(-?[0-9]{2}-?[0-9]{2}|-?W[0-9]{2}(-?[1-7])?)(.[0-9].*)?)?$"

Number = Annotated[int, Field(ge=0, le=LARGEST)]
# JSON transcoding of gRPC also takes a number that is written as a text.
NumberIn = Number | Annotated[str, Field(pattern=whole(DIGITS), examples=["11"])]
NameIn = Annotated[str, Field(min_length=1, max_length=MAX_TENANCY, pattern=PLAIN)]
LocaleIn = Annotated[
    str,
    Field(
        pattern=whole(LOCALE), examples=["en_GB"], description="ISO 639-1, `_`, ISO 3166-1 alpha-2."
    ),
]
# `true` in any case means on; any other text means off.
Switch = bool | str

InstantOut = Annotated[str, text_format("date-time")]
UuidOut = Annotated[str, text_format("uuid")]

CatalogVersion = Annotated[
    str,
    Path(
        description="The version of the catalog.",
        pattern=whole(DIGITS),
        examples=["4"],
    ),
]


class TenancyIn(In):
    """The tenant and the environment that a call is about: all data belongs to such a pair."""

    tenant: NameIn = Field(
        description="The tenant. An issued token opens the tenant of its realm only.",
        examples=["acme"],
    )
    environment: NameIn = Field(
        description="The environment of the tenant; it may hold colons and hyphens.",
        examples=["live1"],
    )


class FhrIn(TenancyIn):
    """A tenancy, and whether Fredhopper's rules hold too."""

    fhr_validation: Switch = Field(
        False,
        description="`true`, in any case, adds the rules of Fredhopper (FHR). "
        "Any other text means false.",
        examples=["true"],
    )


class ScopedIn(In):
    """A body that may repeat the tenancy of the query."""

    tenant: str | None = Field(
        None, description="If it is there and not empty: the tenant of the query."
    )
    environment: str | None = Field(
        None, description="If it is there and not empty: the environment of the query."
    )


class EmptyOut(Out):
    """Success has nothing to show."""

    model_config = shown({})


class VersionOut(Out):
    """The version that was given to the new document."""

    model_config = shown({"version": 10})

    version: Number = Field(description="It starts at 1 and grows by 1.")


class LocalizedNameOut(Out):
    """A name in one locale."""

    name: str
    locale: str = Field(examples=["en_GB"])
