"""Catalogs, with the exact names and order of keys: docs/vendors/braze.md#3-catalogs."""

from typing import Annotated, Any, Literal

from fastapi import Path
from orjson import Fragment
from pydantic import ConfigDict, Field

from mockalog.kernel.clock import iso_millis
from mockalog.vendors.braze.rules.catalogs import MAX_CATALOGS, MAX_DESCRIPTION
from mockalog.vendors.braze.rules.fields import MAX_FIELDS
from mockalog.vendors.braze.schemas.base import NAME, In, Name, Out
from mockalog.vendors.braze.schemas.fields import FieldIn, FieldOut
from mockalog.vendors.braze.schemas.responses import SuccessOut
from mockalog.vendors.braze.schemas.selections import SelectionOut, selections_out

CatalogName = Annotated[
    str, Path(description="Name of the catalog.", pattern=NAME, examples=["restaurants"])
]

# The first field of every catalog.
_ID_FIELD: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"const": "id"}, "type": {"const": "string"}},
    "required": ["name", "type"],
}


class CatalogIn(In):
    """A catalog to create."""

    name: Name = Field(description="Unique in the workspace.")
    description: str | None = Field(None, max_length=MAX_DESCRIPTION)
    fields: list[FieldIn] = Field(
        min_length=1,
        max_length=MAX_FIELDS,
        description="The first is `id` of type `string`; no two have the same name.",
        json_schema_extra={"prefixItems": [_ID_FIELD]},
    )


class CatalogsIn(In):
    """The one catalog to create."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "catalogs": [
                        {
                            "name": "restaurants",
                            "description": "My Restaurants",
                            "fields": [
                                {"name": "id", "type": "string"},
                                {"name": "Name", "type": "string"},
                                {"name": "City", "type": "string"},
                                {"name": "Cuisine", "type": "string"},
                                {"name": "Rating", "type": "number"},
                                {"name": "Loyalty_Program", "type": "boolean"},
                                {"name": "Created_At", "type": "time"},
                            ],
                        }
                    ]
                }
            ]
        }
    )

    catalogs: list[CatalogIn] = Field(min_length=1, max_length=MAX_CATALOGS)


class CatalogOut(Out):
    """A catalog as Braze really shows it: larger than its documentation."""

    description: str | None = Field(max_length=MAX_DESCRIPTION)
    fields: list[FieldOut] = Field(min_length=1, max_length=MAX_FIELDS)
    name: Name
    source: Literal["Braze"]
    num_items: int = Field(ge=0)
    storage_size: int = Field(ge=0, description="Bytes of the items.")
    selections_size: int = Field(ge=0, description="Bytes of the selections.")
    updated_at: str = Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}\+00:00$",
        description="Time of the last change of items, fields or selections.",
    )
    selections: list[SelectionOut]


class CatalogsOut(SuccessOut):
    """Catalogs in the order of their creation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "catalogs": [
                        {
                            "description": "My Shops",
                            "fields": [
                                {"name": "id", "token": "-1", "type": "string"},
                                {"name": "Rating", "token": "0", "type": "number"},
                            ],
                            "name": "shops",
                            "source": "Braze",
                            "num_items": 0,
                            "storage_size": 0,
                            "selections_size": 0,
                            "updated_at": "2024-10-14T10:28:01.749+00:00",
                            "selections": [],
                        }
                    ],
                    "message": "success",
                }
            ]
        }
    )

    catalogs: list[CatalogOut]


class NewCatalogOut(CatalogsOut):
    """The new catalog."""

    catalogs: list[CatalogOut] = Field(min_length=1, max_length=MAX_CATALOGS)


def catalog_out(
    name: str,
    description: str,
    fields: str,
    *,
    updated_at: int,
    num_items: int = 0,
    storage_size: int = 0,
    selections: str = "[]",
) -> dict[str, object]:
    """Return a catalog as Braze really shows it: larger than its documentation.

    `description`, `fields` and `selections` are JSON; `storage_size` is in bytes, `updated_at` in
    microseconds since 1970.
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
