"""A catalog's layout: its fields in order, and what a stored item looks like under it.

Items are stored as the JSON that is answered. Adding or deleting a field touches none of them: an
item remembers how many tokens had been given and how many fields deleted when it was written, and
is shown anew if that has changed. Tokens are never used twice, so a field that was deleted and
added again does not bring old values back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.rules.values import READERS, Reader

ID = "id"


class Field(NamedTuple):
    """A field of a catalog; `token` is Braze's number of it, -1 for the id."""

    name: str
    type: str
    token: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of a catalog's items; made once for each state of the fields."""

    fields: tuple[Field, ...]
    # Name to type, without the id; and to what reads a value of that type.
    types: Mapping[str, str]
    readers: Mapping[str, Reader]
    # Every name with null, in the order of the fields.
    blank: Mapping[str, None]
    # Text fields that a selection filters by.
    filtered: frozenset[str]
    tokens: int
    drops: int


@lru_cache(maxsize=1024)
def layout_of(fields: str, selections: str, tokens: int, drops: int) -> Layout:
    """Return the layout of a stored catalog; `fields` and `selections` are its JSON."""
    known = tuple(
        Field(field["name"], field["type"], int(field["token"])) for field in loads(fields)
    )
    types = {field.name: field.type for field in known[1:]}
    filtered = {f["field"] for s in loads(selections) for f in s["filters"]}
    return Layout(
        fields=known,
        types=types,
        readers={name: READERS[kind] for name, kind in types.items()},
        blank=dict.fromkeys(field.name for field in known),
        filtered=frozenset(name for name in filtered if types.get(name) == "string"),
        tokens=tokens,
        drops=drops,
    )


def document(layout: Layout, item_id: str, values: Mapping[str, Any]) -> str:
    """Return an item as JSON: the id first, then every field in order, null without a value."""
    return dumps({**layout.blank, **values, ID: item_id}).decode()


def shown(layout: Layout, row: Any) -> str:
    """Return a stored item as JSON under today's fields."""
    if row.tokens == layout.tokens and row.drops == layout.drops:
        text: str = row.document
        return text
    return document(layout, row.item_id, values_of(layout, row))


def values_of(layout: Layout, row: Any) -> dict[str, Any]:
    """Return a stored item's values of the fields that it knew and that there still are."""
    stored = loads(row.document)
    return {
        field.name: stored[field.name]
        for field in layout.fields[1:]
        if field.token < row.tokens and field.name in stored
    }
