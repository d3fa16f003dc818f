"""Options, tokens, catalogs, schemas and trees (attraqt.md, sections 2.1, 3.1, 4 and 5)."""

from collections.abc import Iterable
from typing import Any

import orjson

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.wire import Answer, dumps
from mockalog.vendors.attraqt.rules.catalogs import INACTIVE, NewCatalog, Reference
from mockalog.vendors.attraqt.rules.category_trees import NewCategoryTree
from mockalog.vendors.attraqt.rules.item_schemas import NewItemSchema
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.tokens import LIFE


def catalog_out(catalog: NewCatalog, tenancy: Tenancy, version: int, now: int) -> str:
    """Return the JSON of a catalog that is made now."""
    at = iso_micros(now)
    return _text(
        {
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
    )


def catalog_in_state(document: str, state: str, now: int) -> str:
    """Return the JSON of a catalog after it came into a state."""
    return _text({**orjson.loads(document), "state": state, "updatedAt": iso_micros(now)})


def refers(document: str, key: str, name: str, version: int) -> bool:
    """Return whether a catalog's list `key` holds that version of that name."""
    return {"name": name, "version": version} in orjson.loads(document)[key]


def item_schema_out(schema: NewItemSchema, tenancy: Tenancy, version: int) -> tuple[str, str]:
    """Return the JSON of a schema and of its entry in a list, which shows no attributes."""
    entry = {
        "name": schema.name,
        "tenant": tenancy.tenant,
        "environment": tenancy.environment,
        "version": version,
        "attributes": [],
        "nestedItemSchemas": [],
    }
    whole = {**entry, "attributes": schema.attributes, "nestedItemSchemas": schema.nested}
    return _text(whole), _text(entry)


def category_tree_out(tree: NewCategoryTree, tenancy: Tenancy, version: int) -> tuple[str, str]:
    """Return the JSON of a tree and of its entry in a list, which shows no children."""
    entry = {
        "tenant": tenancy.tenant,
        "environment": tenancy.environment,
        "version": version,
        "name": tree.name,
        "children": [],
        "localizedNames": tree.localized_names,
    }
    return _text({**entry, "children": tree.children}), _text(entry)


def list_out(key: str, documents: Iterable[str]) -> Answer:
    """Return a list under its plural key; the documents are JSON already."""
    return Answer(200, f'{{"{key}":[{",".join(documents)}]}}'.encode())


def document_out(document: str) -> Answer:
    """Return what is stored as it is stored."""
    return Answer(200, document.encode())


def token_out(token: str, scope: str) -> dict[str, Any]:
    """Return what the token endpoint answers (inferred, Keycloak)."""
    return {
        "access_token": token,
        "expires_in": LIFE,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": scope,
    }


def _reference(reference: Reference) -> dict[str, Any]:
    return {"name": reference.name, "version": reference.version}


def _text(value: Any) -> str:
    return dumps(value).decode()
