"""What operations make of a catalog's items (docs/vendors/attraqt.md#6-items).

Operations on one item are ordered by their instants: an older one than the last changes nothing,
and neither does it bring back what was deleted. Of equal instants the later arrival counts.

An item is known by id and type. Its context is not part of that (inferred): the recorded form of
a deletion names none.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.formats.json import dumps, loads_stored
from mockalog.vendors.attraqt.rules.items import Operation

SUCCESS = "SUCCESS"
FAILURE = "FAILURE"
PENDING = "PENDING"

Key = tuple[str, str]


class Outcome(NamedTuple):
    """What became of an operation, as feedback tells it (wording inferred).

    `kind` is what an ingestion counts a failure under.
    """

    state: str
    message: str = ""
    kind: str = ""


CHANGED = Outcome(SUCCESS)
OUTDATED = Outcome(SUCCESS, "Nothing changed: a later operation on the item came first")
# Whoever deletes what is not there has what was wanted (inferred).
ABSENT = Outcome(SUCCESS, "Nothing changed: there was no such item")
MISTYPED = Outcome(FAILURE, *["The item is of another type"] * 2)
UNKNOWN = Outcome(FAILURE, *["The item does not exist"] * 2)


class Stored(NamedTuple):
    """What is known of an item: its position (None: none yet), its last instant, its JSON.

    `document` is None for an item that was deleted. `source` is the last ingestion's that
    brought it, None if none did; what is streamed leaves it as it is.
    """

    position: int | None
    at: int
    document: str | None
    source: str | None


class Merged(NamedTuple):
    """What to store: the items that changed, what became of each operation, items gained."""

    changed: Mapping[Key, Stored]
    outcomes: list[Outcome]
    gained: int


class Shelf:
    """The items of a catalog that operations are about, as one after the other changes them."""

    def __init__(self, stored: Mapping[Key, Stored]) -> None:
        self._items = dict(stored)
        # Under which types each id is there; only a deletion of what is not there asks for it.
        self._types: defaultdict[str, set[str]] | None = None

    def get(self, key: Key) -> Stored | None:
        """Return an item, a deleted one too; None if nothing is known of it."""
        return self._items.get(key)

    def put(self, key: Key, item: Stored) -> None:
        """Know of an item, or of what became of it."""
        self._items[key] = item
        if self._types is not None:
            _note(self._types, key, item)

    def outcome(self, operation: Operation, old: Stored | None) -> Outcome:
        """Return what becomes of an operation on what there is of its item."""
        if old is not None and operation.at < old.at:
            return OUTDATED
        if old is not None and old.document is not None:
            return CHANGED
        if operation.kind == "delete":
            return MISTYPED if self._is_there(operation.id) else ABSENT
        return UNKNOWN if operation.kind == "patch" else CHANGED

    def _is_there(self, item_id: str) -> bool:
        """Return whether there is an item of that id, of whatever type."""
        if self._types is None:
            self._types = defaultdict(set)
            for key, item in self._items.items():
                _note(self._types, key, item)
        return bool(self._types.get(item_id))


def _note(types: defaultdict[str, set[str]], key: Key, item: Stored) -> None:
    if item.document is None:
        types[key[0]].discard(key[1])
    else:
        types[key[0]].add(key[1])


def merge(
    stored: Mapping[Key, Stored],
    operations: Iterable[Operation],
    version: int,
    source: str | None = None,
) -> Merged:
    """Carry operations out in their order; `version` is the catalog's, `source` an ingestion's."""
    shelf = Shelf(stored)
    changed: dict[Key, Stored] = {}
    outcomes, gained = [], 0
    for operation in operations:
        key = operation.id, operation.type
        old = shelf.get(key)
        outcome = shelf.outcome(operation, old)
        outcomes.append(outcome)
        if outcome is CHANGED or outcome is ABSENT:
            changed[key] = new = _changed(old, operation, version, source)
            shelf.put(key, new)
            gained += (new.document is not None) - (old is not None and old.document is not None)
    return Merged(changed, outcomes, gained)


def _changed(old: Stored | None, operation: Operation, version: int, source: str | None) -> Stored:
    """Return what an operation makes of an item; a deletion of none is kept for its instant."""
    document = _document(old, operation, version)
    if source is None and old is not None and old.document is not None:
        source = old.source
    return Stored(old.position if old else None, operation.at, document, source)


def _document(old: Stored | None, operation: Operation, version: int) -> str | None:
    """Return the item's JSON after the operation, None if it is deleted."""
    if operation.kind == "delete":
        return None
    item = {
        "id": operation.id,
        "catalogVersion": version,
        "type": operation.type,
        "context": operation.context,
        "parentId": operation.parent_id,
        "timestamp": iso_micros(operation.at),
        "attributes": operation.attributes,
    }
    if operation.kind == "patch":
        assert old is not None
        assert old.document is not None
        _take_over(loads_stored(old.document), item)
    return dumps(item).decode()


def _take_over(old: dict[str, Any], item: dict[str, Any]) -> None:
    """Fill in what a change does not name; null removes an attribute (inferred)."""
    for key in ("context", "parentId"):
        item[key] = item[key] or old[key]
    attributes = {**old["attributes"], **item["attributes"]}
    item["attributes"] = {name: v for name, v in attributes.items() if v is not None}
