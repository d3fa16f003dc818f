"""What operations make of a catalog's items (attraqt.md, section 6).

Operations on one item are ordered by their instants: an older one than the last changes nothing,
and neither does it bring back what was deleted. Of equal instants the later arrival counts.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.wire import dumps, loads
from mockalog.vendors.attraqt.rules.items import Operation

SUCCESS = "SUCCESS"
FAILURE = "FAILURE"
PENDING = "PENDING"

Key = tuple[str, str]


class Outcome(NamedTuple):
    """What became of an operation, as feedback tells it (wording inferred)."""

    state: str
    message: str = ""


CHANGED = Outcome(SUCCESS)
OUTDATED = Outcome(SUCCESS, "Nothing changed: a later operation on the item came first")
UNKNOWN = Outcome(FAILURE, "The item does not exist")


class Stored(NamedTuple):
    """What is known of an item: its position (None: none yet), its last instant, its JSON.

    `document` is None for an item that was deleted. `source` is the last ingestion's that
    brought it; what is streamed leaves it as it is.
    """

    position: int | None
    at: int
    document: str | None
    source: str


class Merged(NamedTuple):
    """What to store: the items that changed, what became of each operation, items gained."""

    changed: Mapping[Key, Stored]
    outcomes: list[Outcome]
    gained: int


def merge(
    stored: Mapping[Key, Stored],
    operations: Iterable[Operation],
    version: int,
    source: str | None = None,
) -> Merged:
    """Carry operations out in their order; `version` is the catalog's, `source` an ingestion's."""
    changed: dict[Key, Stored] = {}
    outcomes, gained = [], 0
    for operation in operations:
        key = operation.id, operation.type
        old = changed.get(key) or stored.get(key)
        outcome = _outcome(old, operation)
        outcomes.append(outcome)
        if outcome is CHANGED:
            there = old is not None and old.document is not None
            document = _document(old, operation, version)
            kept = old.source if old and there else ""
            position = old.position if old else None
            brought = kept if source is None else source
            changed[key] = Stored(position, operation.at, document, brought)
            gained += (document is not None) - there
    return Merged(changed, outcomes, gained)


def _outcome(old: Stored | None, operation: Operation) -> Outcome:
    if old is not None and operation.at < old.at:
        return OUTDATED
    if operation.kind == "patch" and (old is None or old.document is None):
        return UNKNOWN
    return CHANGED


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
        _take_over(loads(old.document), item)
    return dumps(item).decode()


def _take_over(old: dict[str, Any], item: dict[str, Any]) -> None:
    """Fill in what a change does not name; null removes an attribute (inferred)."""
    for key in ("context", "parentId"):
        item[key] = item[key] or old[key]
    attributes = {**old["attributes"], **item["attributes"]}
    item["attributes"] = {name: v for name, v in attributes.items() if v is not None}
