"""Versions of item schemas and category trees: named documents of which every version is kept.

Both resources behave alike (docs/vendors/attraqt.md#43-endpoints and
docs/vendors/attraqt.md#52-endpoints); `Kind` holds the differences.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import errors, schemas
from mockalog.vendors.attraqt.errors import AttraqtError, Category
from mockalog.vendors.attraqt.json_columns import MAX_NAME
from mockalog.vendors.attraqt.repository import catalogs
from mockalog.vendors.attraqt.repository.versions import CATEGORY_TREES, ITEM_SCHEMAS, Versions
from mockalog.vendors.attraqt.rules.category_trees import parse_category_tree
from mockalog.vendors.attraqt.rules.item_schemas import parse_item_schema
from mockalog.vendors.attraqt.rules.primitives import integer, is_plain
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


@dataclass(frozen=True, slots=True)
class Kind:
    """The differences between the two resources."""

    versions: Versions
    # Parses a body. Its result is Any, because each kind has a type of its own; both have a `name`.
    parse: Callable[..., Any]
    # Returns the JSON of the document and of its entry in lists.
    out: Callable[[Any, Tenancy, int], tuple[str, str]]
    # The key of a catalog's references.
    catalog_key: str
    not_found: Category
    already_exists: Category
    in_use: Category


ITEM_SCHEMA = Kind(
    versions=ITEM_SCHEMAS,
    parse=parse_item_schema,
    out=schemas.item_schema_out,
    catalog_key="catalogItemSchemas",
    not_found=errors.ITEM_SCHEMA_NOT_FOUND,
    already_exists=errors.ITEM_SCHEMA_ALREADY_EXISTS,
    in_use=errors.ITEM_SCHEMA_DELETION_USE,
)
CATEGORY_TREE = Kind(
    versions=CATEGORY_TREES,
    parse=parse_category_tree,
    out=schemas.category_tree_out,
    catalog_key="catalogCategoryTrees",
    not_found=errors.CATEGORY_TREE_NOT_FOUND,
    already_exists=errors.CATEGORY_TREE_ALREADY_EXISTS,
    in_use=errors.CATEGORY_TREE_DELETION_USE,
)


async def list_versions(call: Call, kind: Kind, tenancy: Tenancy, pattern: str = "") -> list[str]:
    """Return the list entry of every version, the newest first.

    `pattern` may occur anywhere in the name, in any case (inferred).
    """
    rows = await kind.versions.summaries(call.repository, tenancy)
    folded = pattern.casefold()
    return [row.summary for row in rows if folded in row.name.casefold()]


async def create_version(
    call: Call, kind: Kind, tenancy: Tenancy, body: object, *, fhr: bool
) -> int:
    """Store the first version of a new name and return its number.

    The number is 1, or higher if the name existed before. It is taken first, because that locks
    the name against concurrent calls.
    """
    document = kind.parse(body, tenancy, fhr=fhr)
    version = await kind.versions.next_version(call.repository, tenancy, document.name)
    if await kind.versions.exists(call.repository, tenancy, document.name):
        raise AttraqtError(kind.already_exists)
    return await _store(call, kind, tenancy, document, version)


async def replace_version(
    call: Call,
    kind: Kind,
    tenancy: Tenancy,
    name: str,
    read_body: Callable[[], object],
    *,
    fhr: bool,
) -> int:
    """Store a full new version and return its number; earlier versions stay as they are.

    The body is read after the name is found (docs/vendors/attraqt.md#12-error-body).
    """
    _check_name(kind, name)
    version = await kind.versions.next_version(call.repository, tenancy, name)
    if not await kind.versions.exists(call.repository, tenancy, name):
        raise AttraqtError(kind.not_found)
    document = kind.parse(read_body(), tenancy, name=name, fhr=fhr)
    return await _store(call, kind, tenancy, document, version)


async def get_version(call: Call, kind: Kind, tenancy: Tenancy, name: str, version: str) -> str:
    """Return the JSON of one version."""
    number = _number(kind, name, version)
    document = await kind.versions.find(call.repository, tenancy, name, number)
    if document is None:
        raise AttraqtError(kind.not_found)
    return document


async def delete_version(call: Call, kind: Kind, tenancy: Tenancy, name: str, version: str) -> None:
    """Delete one version that no catalog uses.

    The catalogs are locked first, so that none starts to use it before commit.
    """
    number = _number(kind, name, version)
    await catalogs.lock(call.repository, tenancy)
    if not await kind.versions.delete(call.repository, tenancy, name, number):
        raise AttraqtError(kind.not_found)
    for catalog in await catalogs.list_documents(call.repository, tenancy):
        if schemas.refers_to(catalog, kind.catalog_key, name, number):
            raise AttraqtError(kind.in_use)


async def _store(call: Call, kind: Kind, tenancy: Tenancy, new: Any, version: int) -> int:
    document, summary = kind.out(new, tenancy, version)
    await kind.versions.create(
        call.repository, tenancy, new.name, version, document=document, summary=summary
    )
    return version


def _number(kind: Kind, name: str, version: str) -> int:
    """Return the version of a path; raises `AttraqtError` (404) if it is malformed."""
    _check_name(kind, name)
    number = integer(version)
    if number is None:
        raise AttraqtError(kind.not_found)
    return number


def _check_name(kind: Kind, name: str) -> None:
    """Refuse a malformed name with 404, before the database reads it."""
    if not is_plain(name, MAX_NAME):
        raise AttraqtError(kind.not_found)
