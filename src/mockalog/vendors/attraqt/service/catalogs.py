"""Catalogs: create, list, delete (docs/vendors/attraqt.md#3-catalogs)."""

from collections.abc import Sequence
from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import (
    CATALOG_CATEGORY_TREES,
    CATALOG_FHR_FAILED,
    CATALOG_NOT_FOUND,
    CATALOG_SCHEMAS,
    CATALOG_TENANT_ENV,
    Rejected,
)
from mockalog.vendors.attraqt.repository import batches, catalogs, items, ledgers
from mockalog.vendors.attraqt.repository.versions import CATEGORY_TREES, ITEM_SCHEMAS
from mockalog.vendors.attraqt.rules import catalogs as rules
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, integer, is_true
from mockalog.vendors.attraqt.service.tenancy import tenancy_of


async def list_catalogs(call: Call) -> list[str]:
    """Return the catalogs' documents, newest first."""
    return await catalogs.documents(call.repository, tenancy_of(call, CATALOG_TENANT_ENV))


async def get_active_catalog(call: Call) -> str:
    """Return the document of the ACTIVE catalog; an ACTIVATING one does not count."""
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    document = await catalogs.active(call.repository, tenancy)
    if document is None:
        raise Rejected(CATALOG_NOT_FOUND, "There is no active catalog")
    return document


async def create_catalog(call: Call) -> int:
    """Store an INACTIVE catalog and return its version.

    The number comes first because it locks the tenancy: one of two creators waits here and then
    counts what the other one stored. A refusal gives the number back. Then the limit is looked
    at, and the body last (order inferred).
    """
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    version = await catalogs.next_version(call.repository, tenancy)
    stored = await catalogs.all_of(call.repository, tenancy)
    slot = rules.free_slot([row.slot for row in stored])
    catalog = rules.new_catalog(call.json, tenancy)
    await _check_references(call.repository, tenancy, catalog)
    check_fhr(call)
    document = schemas.catalog_out(catalog, tenancy, version, call.now)
    await catalogs.create(
        call.repository,
        tenancy,
        version=version,
        slot=slot,
        state=rules.INACTIVE,
        document=document,
    )
    await _open_ledger(call, tenancy, version)
    return version


async def _open_ledger(call: Call, tenancy: Tenancy, version: int) -> None:
    """Record the creation, and make the default batch if one is asked for."""
    receipt = call.runtime.new_uuid()
    await ledgers.create(call.repository, tenancy, version, receipt=receipt, now=call.now)
    if is_true(call.query.get("createBatchImport")):
        await batches.create(call.repository, tenancy, str(version), call.now)


def check_fhr(call: Call) -> None:
    """Refuse if a test has let the Fredhopper side fail."""
    if call.setting("attraqt.fhr_fails"):
        raise Rejected(CATALOG_FHR_FAILED)


async def _check_references(rows: Repository, tenancy: Tenancy, catalog: rules.NewCatalog) -> None:
    known = await ITEM_SCHEMAS.known(rows, tenancy)
    rules.check_known(catalog.item_schemas, known, CATALOG_SCHEMAS)
    if catalog.category_trees:
        known = await CATEGORY_TREES.known(rows, tenancy)
        rules.check_known(catalog.category_trees, known, CATALOG_CATEGORY_TREES)


async def delete_catalog(call: Call, version: str) -> None:
    """Delete an INACTIVE catalog and all its items; its feedback stays.

    After the tenancy the ledger is locked: whoever streams items has only that one.
    """
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    await catalogs.lock(call.repository, tenancy)
    stored = await catalogs.all_of(call.repository, tenancy)
    found = rules.check_deletion(states(stored), integer(version))
    ledger: Any = await ledgers.lock(call.repository, tenancy, found)
    await ledgers.close(call.repository, ledger.id)
    await items.delete_all(call.repository, ledger.id)
    await catalogs.delete_one(call.repository, tenancy, found)


def states(stored: Sequence[Any]) -> dict[int, str]:
    """Return the state of each catalog by its version."""
    return {row.version: row.state for row in stored}
