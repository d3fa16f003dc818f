"""The schema of a catalog: its fields in order, and the form of a stored item under them.

Items are stored as the JSON of the responses. A new or deleted field changes no stored item. An
item has the catalog's `tokens` and `drops` of its last write. If they have changed since, a
response makes its document again. Tokens are never used twice, so a field that was deleted and
added again does not bring old values back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.rules.field_types import FIELD_TYPES, FieldType

ID = "id"


class CatalogField(NamedTuple):
    """A field of a catalog; `token` is Braze's number of it, -1 for the id."""

    name: str
    type: str
    token: int


@dataclass(frozen=True, slots=True)
class CatalogSchema:
    """The schema of a catalog's items, made once for each state of the fields."""

    fields: tuple[CatalogField, ...]
    # By the field's name, without the id.
    types: Mapping[str, FieldType]
    # Every name with null, in the order of the fields.
    nulls: Mapping[str, None]
    # Names of the string fields that a selection filters by.
    filtered: frozenset[str]
    # The number of tokens ever given to fields, and the number of fields ever deleted.
    tokens: int
    drops: int

    def type_of(self, field: object) -> FieldType | None:
        """Return the type of a field, the id included; None if the field does not exist."""
        if not isinstance(field, str):
            return None
        return FIELD_TYPES["string"] if field == ID else self.types.get(field)


@lru_cache(maxsize=1024)
def catalog_schema(fields: str, selections: str, tokens: int, drops: int) -> CatalogSchema:
    """Return the schema of a stored catalog; `fields` and `selections` are its JSON."""
    all_fields = tuple(
        CatalogField(field["name"], field["type"], int(field["token"])) for field in loads(fields)
    )
    types = {field.name: FIELD_TYPES[field.type] for field in all_fields[1:]}
    filtered = {f["field"] for selection in loads(selections) for f in selection["filters"]}
    return CatalogSchema(
        fields=all_fields,
        types=types,
        nulls=dict.fromkeys(field.name for field in all_fields),
        filtered=frozenset(
            name for name in filtered if name in types and types[name].name == "string"
        ),
        tokens=tokens,
        drops=drops,
    )


def item_document(schema: CatalogSchema, item_id: str, values: Mapping[str, object]) -> str:
    """Return an item as JSON: the id, then every field in order, null without a value."""
    return dumps({**schema.nulls, **values, ID: item_id}).decode()


def current_values(schema: CatalogSchema, document: str, tokens: int) -> dict[str, object]:
    """Return the values of an item's document, without those of fields that were deleted since.

    `tokens` is the item's: a field with a later token is newer than the document.
    """
    stored = loads(document)
    return {
        field.name: stored[field.name]
        for field in schema.fields[1:]
        if field.token < tokens and field.name in stored
    }
