"""The bases of the wire models, and the values that several of them share.

The models are for the document: rules check a request, functions shape an answer.
"""

import re
from collections.abc import Collection
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from mockalog.vendors.attraqt.rules.tenancy import DIGITS, LARGEST, LOCALE, MAX_TENANCY


class In(BaseModel):
    """The base of what a request says; keys that it does not name are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, defer_build=True)


class Out(BaseModel):
    """The base of what an answer says: exactly these keys."""

    model_config = ConfigDict(alias_generator=to_camel, defer_build=True, extra="forbid")


def shown(*examples: Any) -> ConfigDict:
    """Return the configuration of a model that has examples."""
    return ConfigDict(json_schema_extra={"examples": [*examples]})


def whole(pattern: re.Pattern[str]) -> str:
    """Return the pattern of a whole text, as JSON Schema writes it."""
    return f"^({pattern.pattern})$"


def any_case(*words: str) -> str:
    """Return the pattern of some words in any case: JSON Schema has no flags."""
    letters = ("".join(f"[{c.upper()}{c.lower()}]" for c in word) for word in words)
    return f"^({'|'.join(letters)})$"


def one_of(texts: Collection[str]) -> Any:
    """Return the field of a text that is one of some."""
    return Field(json_schema_extra={"enum": [*texts]})


def shown_as(form: str) -> Any:
    """Return the field of a text in one of JSON Schema's formats."""
    return Field(json_schema_extra={"format": form})


# Texts of one line: without control characters.
PLAIN = r"^[^\x00-\x1f\x7f]*$"

# A date and maybe a time of ISO 8601, or nothing. The parser is lenient in the part after the date.
ISO_8601 = r"^([0-9]{4}(-?[0-9]{2}-?[0-9]{2}|-?W[0-9]{2}(-?[1-7])?)(.[0-9].*)?)?$"

Number = Annotated[int, Field(ge=0, le=LARGEST)]
# JSON transcoding of gRPC takes a number that is written as a text, too.
NumberIn = Number | Annotated[str, Field(pattern=whole(DIGITS), examples=["11"])]
NameIn = Annotated[str, Field(min_length=1, max_length=MAX_TENANCY, pattern=PLAIN)]
LocaleIn = Annotated[
    str,
    Field(
        pattern=whole(LOCALE), examples=["en_GB"], description="ISO 639-1, `_`, ISO 3166-1 alpha-2."
    ),
]
# On if the text is `true` in any case; any other text means off.
Switch = bool | str

InstantOut = Annotated[str, shown_as("date-time")]
UuidOut = Annotated[str, shown_as("uuid")]

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
