"""Messages of items, read without a look at their catalog.

A message is accepted or refused as a whole (inferred); the error names each invalid item.

Sources: docs/vendors/attraqt.md#61-item, docs/vendors/attraqt.md#62-endpoints and
docs/vendors/attraqt.md#7-batch-imports.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mockalog.vendors.attraqt.errors import ITEM_INVALID, ITEM_TENANT_ENV, AttraqtError
from mockalog.vendors.attraqt.json_columns import MAX_ID, MAX_NAME, Kind, Operation
from mockalog.vendors.attraqt.rules.primitives import CONTROL, integer, shortened, shown
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, check_tenancy
from mockalog.vendors.attraqt.rules.timestamps import parse_timestamp

# Characters of a context (inferred).
MAX_CONTEXT = 250
# Problems in one error, and problems of one item; a body has room for hundreds of thousands.
MAX_PROBLEMS = MAX_ERRORS = 100
# Characters of a path: a name in a request may be as long as a body.
MAX_PATH = 200
# Characters of the text with all problems of an item; feedback stores it for each item.
MAX_TEXT = 4000

MISSING = "is required"

ID = re.compile(rf"[A-Za-z0-9:_\-]{{1,{MAX_ID}}}")
CONTEXT = re.compile(rf"[A-Za-z0-9_\-]{{0,{MAX_CONTEXT}}}")
# The place of a value in an array, as a path has it.
_POSITION = re.compile(r"\[[0-9]+\]")


class Message(NamedTuple):
    """The options of a message of items.

    `at`: the instant of an item without a timestamp. `fhr`: whether the rules of Fredhopper
    apply. `batch`: items name no catalog, and their ids hold no colon.
    """

    kind: Kind
    tenancy: Tenancy
    at: int
    fhr: bool = False
    batch: bool = False


class FieldError(NamedTuple):
    """A problem of an item: the path of a value in the item, and the rule that it breaks.

    `value`: the value as JSON, "" if the rule is about its absence. `attribute`: the path without
    a place or an id, if it differs in more than the places in arrays.
    """

    path: str
    rule: str
    value: str = ""
    attribute: str = ""

    @property
    def text(self) -> str:
        """Return the problem with its place and its value."""
        value = f", not {self.value}" if self.value else ""
        return f"{shortened(self.path, MAX_PATH)} {self.rule}{value}"

    @property
    def summary(self) -> str:
        """Return the attribute and the rule, by which an ingestion counts its errors."""
        attribute = self.attribute or _POSITION.sub("", self.path)
        return f"{shortened(attribute, MAX_PATH)} {self.rule}"

    def below(self, parent: str) -> "FieldError":
        """Return the problem of a value that is part of another one."""
        return self._replace(path=parent + self.path)


class _ItemError(Exception):
    """A problem of one item."""

    def __init__(self, field: str, rule: str, value: object) -> None:
        error = (
            FieldError(field, MISSING) if value is None else FieldError(field, rule, shown(value))
        )
        super().__init__(error.text)


class CatalogOperation(NamedTuple):
    """An operation and the version of its catalog, 0 in a batch."""

    version: int
    operation: Operation


def parse_operations(body: object, message: Message) -> list[CatalogOperation]:
    """Return the operation of each item of a message; raises `AttraqtError`."""
    if not isinstance(body, list):
        raise AttraqtError(ITEM_INVALID, f"the body must be an array, not {shown(body)}")
    operations, problems = [], []
    for number, item in enumerate(body):
        try:
            operations.append(_operation(item, message))
        except _ItemError as error:
            problems.append(f"{_name_of(item, number)}: {error}")
    check_problems(problems)
    return operations


def check_problems(problems: Sequence[str]) -> None:
    """Refuse a message that has problems; the error lists the first ones and counts the rest."""
    if not problems:
        return
    listed = list(problems[:MAX_PROBLEMS])
    if len(problems) > MAX_PROBLEMS:
        listed.append(f"and {len(problems) - MAX_PROBLEMS} more")
    raise AttraqtError(ITEM_INVALID, "; ".join(listed))


def error_text(errors: Sequence[FieldError]) -> str:
    """Return the problems of an item as one text, which counts those for which it has no room."""
    texts: list[str] = []
    size = 0
    for number, error in enumerate(errors):
        size += len(error.text)
        if size > MAX_TEXT:
            texts.append(f"and {len(errors) - number} more")
            break
        texts.append(error.text)
    return "; ".join(texts)


def group_by_version(operations: Iterable[CatalogOperation]) -> dict[int, list[Operation]]:
    """Return the operations by the version of their catalog, in ascending order.

    Catalogs are locked in this order, so that two messages cannot deadlock.
    """
    grouped: dict[int, list[Operation]] = {}
    for version, operation in operations:
        grouped.setdefault(version, []).append(operation)
    return dict(sorted(grouped.items()))


def _name_of(item: object, number: int) -> str:
    """Return the id of an item, or its place in the message."""
    item_id = item.get("id") if isinstance(item, dict) else None
    return shortened(item_id, MAX_ID) if isinstance(item_id, str) and item_id else f"#{number}"


def _operation(item: object, message: Message) -> CatalogOperation:
    if not isinstance(item, dict):
        raise _ItemError("an item", "must be an object", item)
    check_tenancy(item, message.tenancy, ITEM_TENANT_ENV)
    item_id = _id(item.get("id"), message.batch)
    version = 0 if message.batch else _version(item.get("catalogVersion"))
    operation = Operation(
        kind=message.kind,
        id=item_id,
        type=_type(item.get("type")),
        context=_context(item.get("context")),
        parent_id=_parent(item.get("parentId")),
        at=_at(item.get("timestamp"), message.at),
        attributes={} if message.kind == "delete" else _attributes(item.get("attributes")),
        fhr=message.fhr,
    )
    return CatalogOperation(version, operation)


def _id(item_id: object, batch: bool) -> str:
    if not isinstance(item_id, str) or not ID.fullmatch(item_id):
        rule = f"must be 1 to {MAX_ID} letters, digits, colons, underscores and hyphens"
        raise _ItemError("id", rule, item_id)
    if batch and ":" in item_id:
        raise _ItemError("id", "must be without a colon in a batch", item_id)
    return item_id


def _version(value: object) -> int:
    version = integer(value)
    if version is None:
        raise _ItemError("catalogVersion", "must be an integer", value)
    return version


def _type(kind: object) -> str:
    """Return a type, which may be empty: a nested schema may have an empty name."""
    if not isinstance(kind, str) or len(kind) > MAX_NAME or CONTROL.search(kind):
        raise _ItemError("type", "must be the name of an item schema", kind)
    return kind


def _context(context: object) -> str:
    if context is None:
        return ""
    if not isinstance(context, str) or not CONTEXT.fullmatch(context):
        rule = f"must be up to {MAX_CONTEXT} letters, digits, underscores and hyphens"
        raise _ItemError("context", rule, context)
    return context


def _parent(parent_id: object) -> str:
    if parent_id in (None, ""):
        return ""
    if not isinstance(parent_id, str) or not ID.fullmatch(parent_id):
        raise _ItemError("parentId", "must be the id of an item", parent_id)
    return parent_id


def _at(timestamp: object, now: int) -> int:
    if timestamp in (None, ""):
        return now
    at = parse_timestamp(timestamp) if isinstance(timestamp, str) else None
    if at is None:
        raise _ItemError("timestamp", "must be an ISO 8601 text", timestamp)
    return at


def _attributes(attributes: object) -> dict[str, object]:
    if not isinstance(attributes, dict):
        raise _ItemError("attributes", "must be an object", attributes)
    return attributes
