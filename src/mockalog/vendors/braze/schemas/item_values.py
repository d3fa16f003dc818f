"""The values of items: docs/vendors/braze.md#4-items.

The document does not know the fields of a catalog, so a value has the schema of any field type.
"""

from typing import TYPE_CHECKING, Union

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from mockalog.vendors.braze.rules.field_types import FIELD_TYPES
from mockalog.vendors.braze.schemas.base import ABSENT, In

if TYPE_CHECKING:
    # A type checker cannot read a union that is made at run time.
    ValueIn = object
    ValueOut = object
else:
    _types = FIELD_TYPES.values()
    ValueIn = TypeAliasType("ValueIn", Union[*(one.schema for one in _types), None])
    ValueOut = TypeAliasType(
        "ValueOut", Union[*(one.response_schema or one.schema for one in _types), None]
    )


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
