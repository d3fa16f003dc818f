"""What a message of items may say, whatever the catalog.

A message is taken whole or not at all (inferred), and the refusal names each item that is wrong.

Sources: docs/vendors/attraqt.md#61-item, docs/vendors/attraqt.md#62-endpoints and
docs/vendors/attraqt.md#7-batch-imports.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from mockalog.vendors.attraqt.errors import ITEM_INVALID, ITEM_TENANT_ENV, Rejected
from mockalog.vendors.attraqt.rules.catalogs import MAX_NAME
from mockalog.vendors.attraqt.rules.instants import instant
from mockalog.vendors.attraqt.rules.tenancy import CONTROL, Tenancy, check_tenancy, integer

# Characters of an item's id (inferred).
MAX_ID = 250
# Characters of a context (inferred).
MAX_CONTEXT = 250
# Problems that one refusal tells; a body has room for hundreds of thousands.
MAX_TOLD = 100

Kind = Literal["upsert", "patch", "delete"]

ID = re.compile(rf"[A-Za-z0-9:_\-]{{1,{MAX_ID}}}")
CONTEXT = re.compile(rf"[A-Za-z0-9_\-]{{0,{MAX_CONTEXT}}}")


class Operation(NamedTuple):
    """What is to be done with one item; `at` is the instant that orders operations on it."""

    kind: Kind
    id: str
    type: str
    context: str
    parent_id: str
    at: int
    attributes: dict[str, Any]
    fhr: bool


class Message(NamedTuple):
    """How the items of a message are to be read.

    `batch`: they name no catalog, and their ids hold no colon. `at`: the instant of an item that
    names none.
    """

    kind: Kind
    tenancy: Tenancy
    at: int
    fhr: bool = False
    batch: bool = False


class _Wrong(Exception):  # noqa: N818 - named like its text
    """What is wrong with one item."""


def operations(body: Any, message: Message) -> list[tuple[int, Operation]]:
    """Return each item's catalog version (0 in a batch) and operation; raises `Rejected`."""
    if not isinstance(body, list):
        raise Rejected(ITEM_INVALID, "The items must be an array")
    found, problems = [], []
    for number, item in enumerate(body):
        try:
            found.append(_operation(item, message))
        except _Wrong as wrong:
            problems.append(f"{_named(item, number)}: {wrong}")
    check(problems)
    return found


def check(problems: Sequence[str]) -> None:
    """Raise `Rejected`, naming what is wrong, if anything is; a flood of it is only counted."""
    if not problems:
        return
    told = list(problems[:MAX_TOLD])
    if len(problems) > MAX_TOLD:
        told.append(f"and {len(problems) - MAX_TOLD} more")
    raise Rejected(ITEM_INVALID, "; ".join(told))


def versions(found: Iterable[tuple[int, Operation]]) -> dict[int, list[Operation]]:
    """Return the operations by the version of their catalog, the lowest first.

    That is the order of the locks, too: two messages cannot wait for each other.
    """
    grouped: dict[int, list[Operation]] = {}
    for version, operation in found:
        grouped.setdefault(version, []).append(operation)
    return dict(sorted(grouped.items()))


def _named(item: Any, number: int) -> str:
    """Return what a message calls an item: its id, or its place."""
    item_id = item.get("id") if isinstance(item, dict) else None
    return item_id if isinstance(item_id, str) and item_id else f"#{number}"


def _operation(item: Any, message: Message) -> tuple[int, Operation]:
    if not isinstance(item, dict):
        raise _Wrong("an item must be an object")
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
    return version, operation


def _id(item_id: Any, batch: bool) -> str:
    if not isinstance(item_id, str) or not ID.fullmatch(item_id):
        raise _Wrong(f"id must be 1 to {MAX_ID} letters, digits, colons, underscores and hyphens")
    if batch and ":" in item_id:
        raise _Wrong("id must not contain a colon in a batch")
    return item_id


def _version(value: Any) -> int:
    version = integer(value)
    if version is None:
        raise _Wrong("catalogVersion must be an integer")
    return version


def _type(kind: Any) -> str:
    """A nested schema may have an empty name, so a type may be empty as well."""
    if not isinstance(kind, str) or len(kind) > MAX_NAME or CONTROL.search(kind):
        raise _Wrong("type must be the name of an item schema")
    return kind


def _context(context: Any) -> str:
    if context is None:
        return ""
    if not isinstance(context, str) or not CONTEXT.fullmatch(context):
        raise _Wrong(
            f"context must be up to {MAX_CONTEXT} letters, digits, underscores and hyphens"
        )
    return context


def _parent(parent_id: Any) -> str:
    if parent_id in (None, ""):
        return ""
    if not isinstance(parent_id, str) or not ID.fullmatch(parent_id):
        raise _Wrong("parentId must be the id of an item")
    return parent_id


def _at(timestamp: Any, now: int) -> int:
    if timestamp in (None, ""):
        return now
    at = instant(timestamp) if isinstance(timestamp, str) else None
    if at is None:
        raise _Wrong("timestamp must be an ISO 8601 text")
    return at


def _attributes(attributes: Any) -> dict[str, Any]:
    if not isinstance(attributes, dict):
        raise _Wrong("attributes must be an object")
    return attributes
