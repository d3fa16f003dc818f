"""Catalogs on the wire.

Source: docs/vendors/attraqt.md#3-catalogs.
"""

from typing import Annotated, Any

import orjson
from pydantic import Field

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.formats.json import dumps
from mockalog.vendors.attraqt.models import CATALOG_STATES
from mockalog.vendors.attraqt.rules.catalogs import INACTIVE, NewCatalog, Reference
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.schemas.base import (
    In,
    InstantOut,
    Number,
    NumberIn,
    Out,
    ScopedIn,
    Switch,
    TenancyIn,
    one_of,
    shown,
)

_CATALOG: dict[str, Any] = {
    "tenant": "acme",
    "environment": "live1",
    "version": 4,
    "name": "",
    "state": "ACTIVE",
    "catalogItemSchemas": [{"name": "product", "version": 2}],
    "catalogCategoryTrees": [{"name": "shop", "version": 1}],
    "createdAt": "2025-03-01T09:15:27.104552Z",
    "updatedAt": "2025-03-01T09:40:02.918237Z",
}


class NewCatalogQueryIn(TenancyIn):
    """The query of `POST /catalogs`."""

    create_batch_import: Switch = Field(
        False,
        description="`true`, in any case, also makes a default batch whose id is the version of "
        "the catalog. Any other text means false.",
        examples=["true"],
    )


class ActivationQueryIn(TenancyIn):
    """The query of an activation."""

    min_item_count: Number = Field(
        0, description="The activation fails later if the catalog holds fewer items."
    )


class ReferenceIn(In):
    """A version of an item schema or of a category tree."""

    model_config = shown({"name": "product", "version": 2})

    name: str
    version: NumberIn


class CatalogIn(ScopedIn):
    """A catalog to create; what it says of version and state is ignored."""

    model_config = shown(
        {
            "catalogItemSchemas": _CATALOG["catalogItemSchemas"],
            "catalogCategoryTrees": _CATALOG["catalogCategoryTrees"],
        }
    )

    catalog_item_schemas: list[ReferenceIn] = Field(
        min_length=1,
        description="Versions of item schemas that exist.",
        json_schema_extra={"uniqueItems": True},
    )
    catalog_category_trees: list[ReferenceIn] | None = Field(
        None,
        description="Versions of category trees that exist.",
        json_schema_extra={"uniqueItems": True},
    )
    name: str | None = None


class ReferenceOut(Out):
    """A version of an item schema or of a category tree."""

    name: str
    version: Number


class CatalogOut(Out):
    """A catalog."""

    model_config = shown(_CATALOG)

    tenant: str
    environment: str
    version: Number = Field(description="It grows by 1; a number that was deleted stays unused.")
    name: str = Field(description="Empty if none was given.")
    state: Annotated[str, one_of(CATALOG_STATES)]
    catalog_item_schemas: list[ReferenceOut]
    catalog_category_trees: list[ReferenceOut]
    created_at: InstantOut
    updated_at: InstantOut = Field(description="The instant of the last change of the state.")


class CatalogsOut(Out):
    """The catalogs of a tenancy, newest first."""

    model_config = shown(
        {"catalogs": [{**_CATALOG, "version": 5, "state": "INACTIVE"}, _CATALOG]},
        {"catalogs": []},
    )

    catalogs: list[CatalogOut]


def catalog_out(catalog: NewCatalog, tenancy: Tenancy, version: int, now: int) -> str:
    """Return the JSON of a new INACTIVE catalog; `now` in microseconds."""
    at = iso_micros(now)
    document = {
        "tenant": tenancy.tenant,
        "environment": tenancy.environment,
        "version": version,
        "name": catalog.name,
        "state": INACTIVE,
        "catalogItemSchemas": [_reference(item) for item in catalog.item_schemas],
        "catalogCategoryTrees": [_reference(item) for item in catalog.category_trees],
        "createdAt": at,
        "updatedAt": at,
    }
    return dumps(document).decode()


def catalog_in_state(document: str, state: str, now: int) -> str:
    """Return the JSON of a catalog after a change of its state."""
    changed = {**orjson.loads(document), "state": state, "updatedAt": iso_micros(now)}
    return dumps(changed).decode()


def refers_to(document: str, key: str, name: str, version: int) -> bool:
    """Return whether the list `key` of a catalog's JSON holds a version of a name."""
    return {"name": name, "version": version} in orjson.loads(document)[key]


def _reference(reference: Reference) -> dict[str, object]:
    return {"name": reference.name, "version": reference.version}
