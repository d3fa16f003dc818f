"""Braze's wire shapes: exact names, exact key order (recorded, braze_ruby and braze-mcp)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from orjson import Fragment

from mockalog.kernel.clock import iso_millis
from mockalog.kernel.wire import Answer, answer, dumps, loads
from mockalog.vendors.braze.rules.fields import NewField

SUCCESS = {"message": "success"}
_SUCCEEDED = {status: answer(SUCCESS, status) for status in (200, 201, 202)}


def success(status: int = 200) -> Answer:
    """Return the answer of every call that has nothing to show."""
    return _SUCCEEDED[status]


def items_out(documents: Iterable[str]) -> Answer:
    """Return items that are JSON already."""
    return Answer(200, f'{{"items":[{",".join(documents)}],"message":"success"}}'.encode())


def fields_out(fields: Iterable[NewField], first_token: int) -> list[dict[str, Any]]:
    """Return new fields as Braze shows them; tokens count on from the first."""
    return [
        {"name": field.name, "token": str(token), "type": field.type}
        for token, field in enumerate(fields, start=first_token)
    ]


@lru_cache(maxsize=1024)
def selections_out(selections: str) -> tuple[Fragment, int]:
    """Return a catalog's selections as they are listed, and their size: the bytes of their JSON.

    `selections` are the stored definitions. What the vendor counts is unknown (inferred).
    """
    if selections == "[]":
        return Fragment("[]"), 0
    listed = [
        {key: selection[key] for key in ("name", "description", "external_id")}
        for selection in loads(selections)
    ]
    return Fragment(dumps(listed)), len(selections.encode())


def catalog_of(row: Any) -> dict[str, Any]:
    """Return a stored catalog."""
    return catalog_out(
        row.name,
        row.description,
        row.fields,
        updated_at=row.updated_at,
        num_items=row.num_items,
        storage_size=row.storage_size,
        selections=row.selections,
    )


def catalog_out(
    name: str,
    description: str,
    fields: str,
    *,
    updated_at: int,
    num_items: int = 0,
    storage_size: int = 0,
    selections: str = "[]",
) -> dict[str, Any]:
    """Return a catalog as Braze really shows it: larger than its documentation.

    `description`, `fields` and `selections` are JSON already; `storage_size` is in bytes.
    """
    listed, selections_size = selections_out(selections)
    return {
        "description": Fragment(description),
        "fields": Fragment(fields),
        "name": name,
        "source": "Braze",
        "num_items": num_items,
        "storage_size": storage_size,
        "selections_size": selections_size,
        "updated_at": iso_millis(updated_at, zone="+00:00"),
        "selections": listed,
    }
