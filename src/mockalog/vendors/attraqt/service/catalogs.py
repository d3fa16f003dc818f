"""Catalogs: list, create, activate and delete them.

Source: docs/vendors/attraqt.md#3-catalogs.
"""

from collections.abc import Callable

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import (
    CATALOG_CATEGORY_TREES,
    CATALOG_FHR_FAILED,
    CATALOG_NOT_FOUND,
    CATALOG_SCHEMAS,
    AttraqtError,
)
from mockalog.vendors.attraqt.json_columns import Activation
from mockalog.vendors.attraqt.repository import batch_imports, catalog_history, catalogs, items
from mockalog.vendors.attraqt.repository.catalogs import CatalogRow
from mockalog.vendors.attraqt.repository.versions import CATEGORY_TREES, ITEM_SCHEMAS
from mockalog.vendors.attraqt.rules import catalogs as rules
from mockalog.vendors.attraqt.rules.primitives import integer
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.service import activations
from mockalog.vendors.attraqt.service.activations import states_of
from mockalog.vendors.attraqt.service.jobs import ACTIVATE


async def list_catalogs(call: Call, tenancy: Tenancy) -> list[str]:
    """Return the JSON of the catalogs, the newest first."""
    return await catalogs.list_documents(call.repository, tenancy)


async def get_active_catalog(call: Call, tenancy: Tenancy) -> str:
    """Return the JSON of the ACTIVE catalog; an ACTIVATING one does not count."""
    document = await catalogs.find_active(call.repository, tenancy)
    if document is None:
        raise AttraqtError(CATALOG_NOT_FOUND, "There is no active catalog")
    return document


async def create_catalog(
    call: Call, tenancy: Tenancy, body: object, *, with_batch_import: bool
) -> int:
    """Store an INACTIVE catalog and return its version.

    The version is taken first, because that locks the tenancy: a concurrent call waits and then
    counts this catalog. A refusal gives the number back. The limit comes before the fields of the
    body (docs/vendors/attraqt.md#33-endpoints).
    """
    version = await catalogs.next_version(call.repository, tenancy)
    stored = await catalogs.list_all(call.repository, tenancy)
    slot = rules.free_slot([row.slot for row in stored])
    catalog = rules.parse_catalog(body, tenancy)
    await _check_references(call, tenancy, catalog)
    _check_fhr(call)
    document = schemas.catalog_out(catalog, tenancy, version, call.now)
    row = CatalogRow(version, slot, rules.INACTIVE, document)
    await catalogs.create(call.repository, tenancy, row)
    receipt = call.runtime.new_uuid()
    await catalog_history.create(call.repository, tenancy, version, receipt=receipt, now=call.now)
    if with_batch_import:
        await batch_imports.create(call.repository, tenancy, str(version), call.now)
    return version


async def activate_catalog(
    call: Call,
    tenancy: Tenancy,
    version: str,
    min_item_count: str | None,
    read_body: Callable[[], object],
) -> None:
    """Make an INACTIVE catalog ACTIVATING; a job ends that after the set delay.

    The state is checked without the lock, so that most refusals write nothing, and then under it.
    The body only must not be invalid. It is read after the catalog is found
    (docs/vendors/attraqt.md#12-error-body).
    """
    states = states_of(await catalogs.list_all(call.repository, tenancy))
    number = rules.existing_version(states, integer(version))
    read_body()
    rules.check_activation(states, number)
    item_count = rules.parse_min_item_count(min_item_count)
    _check_fhr(call)
    activation = Activation(*tenancy, number, item_count, receipt=call.runtime.new_uuid())
    # The job is stored before the tenancy is locked. Whatever runs jobs locks in this order too,
    # so the two cannot deadlock.
    due_at = call.after("attraqt.activation_delay")
    await call.schedule(ACTIVATE, activation._asdict(), due_at=due_at)
    await activations.begin(call.repository, activation, call.now)


async def delete_catalog(call: Call, tenancy: Tenancy, version: str) -> None:
    """Delete an INACTIVE catalog and all its items; its feedback stays.

    The history is locked after the tenancy, because streaming items locks only the history.
    """
    await catalogs.lock(call.repository, tenancy)
    stored = await catalogs.list_all(call.repository, tenancy)
    number = rules.check_deletion(states_of(stored), integer(version))
    history = await catalog_history.lock_open(call.repository, tenancy, number)
    assert history is not None
    await catalog_history.close(call.repository, history.id)
    await items.delete_all(call.repository, history.id)
    await catalogs.delete_one(call.repository, tenancy, number)


async def _check_references(call: Call, tenancy: Tenancy, catalog: rules.NewCatalog) -> None:
    existing = await ITEM_SCHEMAS.names(call.repository, tenancy)
    rules.check_references(catalog.item_schemas, existing, CATALOG_SCHEMAS)
    if catalog.category_trees:
        existing = await CATEGORY_TREES.names(call.repository, tenancy)
        rules.check_references(catalog.category_trees, existing, CATALOG_CATEGORY_TREES)


def _check_fhr(call: Call) -> None:
    """Refuse the call if a test lets the Fredhopper side fail."""
    if call.setting("attraqt.fhr_fails"):
        raise AttraqtError(CATALOG_FHR_FAILED)
