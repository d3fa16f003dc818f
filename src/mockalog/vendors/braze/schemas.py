"""Braze's wire shapes: exact names, exact key order (recorded, braze_ruby and braze-mcp)."""

from typing import Any

from orjson import Fragment
from pydantic import Field

from mockalog.kernel.clock import iso_millis
from mockalog.kernel.options import Options
from mockalog.kernel.wire import dumps
from mockalog.vendors.braze.rules import NewCatalog

SUCCESS = {"message": "success"}


class BrazeOptions(Options):
    """What a test may set for Braze."""

    # Seconds until an asynchronous write takes effect.
    async_delay: float = Field(0, ge=0)


def fields_out(catalog: NewCatalog) -> str:
    """Return the fields as JSON: the id has token "-1", the others count from "0"."""
    fields = [
        {"name": field.name, "token": str(number), "type": field.type}
        for number, field in enumerate(catalog.fields, start=-1)
    ]
    return dumps(fields).decode()


def catalog_of(row: Any) -> dict[str, Any]:
    """Return a stored catalog."""
    return catalog_out(
        row.name,
        row.description,
        row.fields,
        updated_at=row.updated_at,
        num_items=row.num_items,
        storage_size=row.storage_size,
    )


def catalog_out(
    name: str,
    description: str,
    fields: str,
    *,
    updated_at: int,
    num_items: int = 0,
    storage_size: int = 0,
) -> dict[str, Any]:
    """Return a catalog as Braze really shows it: larger than its documentation.

    `description` and `fields` are JSON already; `storage_size` is in bytes.
    """
    return {
        "description": Fragment(description),
        "fields": Fragment(fields),
        "name": name,
        "source": "Braze",
        "num_items": num_items,
        "storage_size": storage_size,
        "selections_size": 0,
        "updated_at": iso_millis(updated_at, zone="+00:00"),
        "selections": [],
    }
