"""Item schemas and category trees: named documents of which every version is kept.

Both resources behave alike (docs/vendors/attraqt.md#43-endpoints and
docs/vendors/attraqt.md#52-endpoints); `Kind` says where they differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import errors, schemas
from mockalog.vendors.attraqt.errors import Category, Rejected
from mockalog.vendors.attraqt.repository import catalogs
from mockalog.vendors.attraqt.repository.versions import CATEGORY_TREES, ITEM_SCHEMAS, Versions
from mockalog.vendors.attraqt.rules.catalogs import MAX_NAME
from mockalog.vendors.attraqt.rules.category_trees import new_category_tree
from mockalog.vendors.attraqt.rules.item_schemas import new_item_schema
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, integer, is_plain, is_true
from mockalog.vendors.attraqt.service.tenancy import tenancy_of


@dataclass(frozen=True, slots=True)
class Kind:
    """What distinguishes the two resources."""

    versions: Versions
    # The rules of a body, and the JSON that is stored of it: whole, and as lists show it.
    parse: Callable[..., Any]
    out: Callable[[Any, Tenancy, int], tuple[str, str]]
    # Where a catalog names the versions that it uses.
    catalog_key: str
    no_tenancy: Category
    not_found: Category
    already_exists: Category
    in_use: Category


ITEM_SCHEMA = Kind(
    versions=ITEM_SCHEMAS,
    parse=new_item_schema,
    out=schemas.item_schema_out,
    catalog_key="catalogItemSchemas",
    no_tenancy=errors.ITEM_SCHEMA_TENANT_ENV,
    not_found=errors.ITEM_SCHEMA_NOT_FOUND,
    already_exists=errors.ITEM_SCHEMA_ALREADY_EXISTS,
    in_use=errors.ITEM_SCHEMA_DELETION_USE,
)
CATEGORY_TREE = Kind(
    versions=CATEGORY_TREES,
    parse=new_category_tree,
    out=schemas.category_tree_out,
    catalog_key="catalogCategoryTrees",
    no_tenancy=errors.CATEGORY_TREE_TENANT_ENV,
    not_found=errors.CATEGORY_TREE_NOT_FOUND,
    already_exists=errors.CATEGORY_TREE_ALREADY_EXISTS,
    in_use=errors.CATEGORY_TREE_DELETION_USE,
)


async def create_version(call: Call, kind: Kind) -> int:
    """Store what has a new name; return its version, which is 1 unless the name is an old one.

    The number comes first: it locks the name, so that one of two creators finds the other's.
    """
    tenancy = tenancy_of(call, kind.no_tenancy)
    document = _parse(call, kind, tenancy)
    version = await kind.versions.next_version(call.repository, tenancy, document.name)
    if await kind.versions.exists(call.repository, tenancy, document.name):
        raise Rejected(kind.already_exists)
    await _store(call, kind, tenancy, document, version)
    return version


async def replace_version(call: Call, kind: Kind, name: str) -> int:
    """Store a full new version and return its number; earlier ones stay as they are."""
    tenancy = tenancy_of(call, kind.no_tenancy)
    _check_name(kind, name)
    version = await kind.versions.next_version(call.repository, tenancy, name)
    if not await kind.versions.exists(call.repository, tenancy, name):
        raise Rejected(kind.not_found)
    document = _parse(call, kind, tenancy, name)
    await _store(call, kind, tenancy, document, version)
    return version


async def list_versions(call: Call, kind: Kind, pattern: str = "") -> list[str]:
    """Return the entry of every version, newest first.

    `pattern` is looked for anywhere in the name, whatever its case (inferred).
    """
    tenancy = tenancy_of(call, kind.no_tenancy)
    rows = await kind.versions.summaries(call.repository, tenancy)
    wanted = pattern.casefold()
    return [row.summary for row in rows if wanted in row.name.casefold()]


async def get_version(call: Call, kind: Kind, name: str, version: str) -> str:
    """Return one version's whole document."""
    tenancy = tenancy_of(call, kind.no_tenancy)
    number = _number(kind, name, version)
    document = await kind.versions.get(call.repository, tenancy, name, number)
    if document is None:
        raise Rejected(kind.not_found)
    return document


async def delete_version(call: Call, kind: Kind, name: str, version: str) -> None:
    """Delete one version unless a catalog uses it.

    The catalogs are locked first: none may come to use it in the meantime.
    """
    tenancy = tenancy_of(call, kind.no_tenancy)
    number = _number(kind, name, version)
    await catalogs.lock(call.repository, tenancy)
    if not await kind.versions.delete(call.repository, tenancy, name, number):
        raise Rejected(kind.not_found)
    for catalog in await catalogs.documents(call.repository, tenancy):
        if schemas.refers(catalog, kind.catalog_key, name, number):
            raise Rejected(kind.in_use)


def _parse(call: Call, kind: Kind, tenancy: Tenancy, name: str | None = None) -> Any:
    fhr = is_true(call.query.get("fhrValidation"))
    return kind.parse(call.json, tenancy, name=name, fhr=fhr)


async def _store(call: Call, kind: Kind, tenancy: Tenancy, new: Any, version: int) -> None:
    document, summary = kind.out(new, tenancy, version)
    await kind.versions.create(
        call.repository, tenancy, new.name, version, document=document, summary=summary
    )


def _number(kind: Kind, name: str, version: str) -> int:
    """Return the version of a path; what can be none was not found."""
    _check_name(kind, name)
    number = integer(version)
    if number is None:
        raise Rejected(kind.not_found)
    return number


def _check_name(kind: Kind, name: str) -> None:
    """Refuse a name that nothing can have before a database is asked for it."""
    if not is_plain(name, MAX_NAME):
        raise Rejected(kind.not_found)
