"""The effects of operations on a catalog's items.

Operations on one item are ordered by their instants: one that is older than the last one changes
nothing, and does not restore a deleted item. Of equal instants the later arrival wins.

An item is identified by id and type. Its context is not part of the key (inferred), because the
recorded form of a deletion has none.

Source: docs/vendors/attraqt.md#6-items.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.formats.json import dumps, loads_stored
from mockalog.vendors.attraqt.json_columns import Operation, StoredItem
from mockalog.vendors.attraqt.rules.feedback import FAILURE, SUCCESS

# Id and type of an item.
Key = tuple[str, str]


class Outcome(NamedTuple):
    """The state and the message of an operation in feedback (wording inferred).

    `errors` are the texts by which an ingestion counts the errors of a failure.
    """

    state: str
    message: str = ""
    errors: tuple[str, ...] = ()


CHANGED = Outcome(SUCCESS)
OUTDATED = Outcome(SUCCESS, "Nothing changed: a later operation on the item came first")
# The deletion of an item that does not exist succeeds (inferred).
ABSENT = Outcome(SUCCESS, "Nothing changed: there was no such item")
MISTYPED = Outcome(FAILURE, "The item is of another type", ("The item is of another type",))
UNKNOWN = Outcome(FAILURE, "The item does not exist", ("The item does not exist",))


class ItemState(NamedTuple):
    """The state of an item.

    `position`: None before it is stored. `at`: the instant of the last operation.
    `document`: its JSON, None if it was deleted. `source`: the source of the last ingestion that
    wrote it, None if none did; a streamed operation keeps it.
    """

    position: int | None
    at: int
    document: str | None
    source: str | None


class MergeResult(NamedTuple):
    """The items to store, the outcome of each operation, and the change of the item count."""

    changed: Mapping[Key, ItemState]
    outcomes: list[Outcome]
    count_change: int


class CatalogItems:
    """The items that operations refer to, updated by each operation."""

    def __init__(self, stored: Mapping[Key, ItemState]) -> None:
        self._items = dict(stored)
        # The types under which each id exists; only deletions of absent items need them.
        self._types: defaultdict[str, set[str]] | None = None

    def get(self, key: Key) -> ItemState | None:
        """Return the state of an item, which may be deleted; None if it never existed."""
        return self._items.get(key)

    def put(self, key: Key, item: ItemState) -> None:
        """Set the state of an item."""
        self._items[key] = item
        if self._types is not None:
            _index(self._types, key, item)

    def outcome(self, operation: Operation, old: ItemState | None) -> Outcome:
        """Return the outcome of an operation on an item in a state, None if it never existed."""
        if old is not None and operation.at < old.at:
            return OUTDATED
        if old is not None and old.document is not None:
            return CHANGED
        if operation.kind == "delete":
            return MISTYPED if self._exists(operation.id) else ABSENT
        return UNKNOWN if operation.kind == "patch" else CHANGED

    def _exists(self, item_id: str) -> bool:
        """Return whether an item with an id exists, whatever its type."""
        if self._types is None:
            self._types = defaultdict(set)
            for key, item in self._items.items():
                _index(self._types, key, item)
        return bool(self._types.get(item_id))


def _index(types: defaultdict[str, set[str]], key: Key, item: ItemState) -> None:
    if item.document is None:
        types[key[0]].discard(key[1])
    else:
        types[key[0]].add(key[1])


def merge(
    states: Mapping[Key, ItemState],
    operations: Iterable[Operation],
    version: int,
    source: str | None = None,
) -> MergeResult:
    """Apply operations in their order.

    `version` is the catalog's. `source` is the ingestion's, None for streamed operations.
    """
    items = CatalogItems(states)
    changed: dict[Key, ItemState] = {}
    outcomes, count_change = [], 0
    for operation in operations:
        key = operation.id, operation.type
        old = items.get(key)
        outcome = items.outcome(operation, old)
        outcomes.append(outcome)
        if outcome is CHANGED or outcome is ABSENT:
            changed[key] = new = _apply(old, operation, version, source)
            items.put(key, new)
            count_change += _exists(new) - _exists(old)
    return MergeResult(changed, outcomes, count_change)


def _exists(item: ItemState | None) -> bool:
    return item is not None and item.document is not None


def _apply(
    old: ItemState | None, operation: Operation, version: int, source: str | None
) -> ItemState:
    """Return an item after an operation; the deletion of an absent one is kept for its instant."""
    document = _document(old, operation, version)
    if source is None and old is not None and old.document is not None:
        source = old.source
    return ItemState(old.position if old else None, operation.at, document, source)


def _document(old: ItemState | None, operation: Operation, version: int) -> str | None:
    """Return the item's JSON after the operation, None if it is deleted."""
    if operation.kind == "delete":
        return None
    if operation.kind == "patch":
        assert old is not None
        assert old.document is not None
        operation = _patched(loads_stored(old.document), operation)
    item = {
        "id": operation.id,
        "catalogVersion": version,
        "type": operation.type,
        "context": operation.context,
        "parentId": operation.parent_id,
        "timestamp": iso_micros(operation.at),
        "attributes": operation.attributes,
    }
    return dumps(item).decode()


def _patched(old: StoredItem, operation: Operation) -> Operation:
    """Return a patch completed with the old item; null removes an attribute (inferred)."""
    attributes = {**old["attributes"], **operation.attributes}
    return operation._replace(
        context=operation.context or old["context"],
        parent_id=operation.parent_id or old["parentId"],
        attributes={name: value for name, value in attributes.items() if value is not None},
    )
