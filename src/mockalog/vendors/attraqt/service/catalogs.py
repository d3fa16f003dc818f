"""Catalogs: create, list, activate, delete (attraqt.md, section 3)."""

from collections.abc import Sequence
from typing import Any

from mockalog.kernel.call import Call
from mockalog.kernel.clock import LATEST, SECOND
from mockalog.kernel.jobs import Job
from mockalog.kernel.repository import Repository
from mockalog.vendors.attraqt import repository, schemas
from mockalog.vendors.attraqt.errors import (
    CATALOG_CATEGORY_TREES,
    CATALOG_NOT_FOUND,
    CATALOG_SCHEMAS,
    CATALOG_TENANT_ENV,
    Rejected,
)
from mockalog.vendors.attraqt.rules import catalogs as rules
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, integer
from mockalog.vendors.attraqt.service.tenancy import tenancy_of

# The job that ends an activation.
ACTIVATE = "attraqt.activate"


async def list_catalogs(call: Call) -> list[str]:
    """Return the catalogs' documents, newest first."""
    return await repository.list_catalogs(call.repository, tenancy_of(call, CATALOG_TENANT_ENV))


async def get_active_catalog(call: Call) -> str:
    """Return the document of the ACTIVE catalog; an ACTIVATING one does not count."""
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    document = await repository.active_catalog(call.repository, tenancy)
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
    version = await repository.next_catalog_version(call.repository, tenancy)
    stored = await repository.all_catalogs(call.repository, tenancy)
    slot = rules.free_slot([row.slot for row in stored])
    catalog = rules.new_catalog(call.json, tenancy)
    await _check_references(call.repository, tenancy, catalog)
    await repository.create_catalog(
        call.repository,
        tenancy,
        version=version,
        slot=slot,
        state=rules.INACTIVE,
        document=schemas.catalog_out(catalog, tenancy, version, call.now),
    )
    return version


async def _check_references(rows: Repository, tenancy: Tenancy, catalog: rules.NewCatalog) -> None:
    known = await repository.ITEM_SCHEMAS.known(rows, tenancy)
    rules.check_known(catalog.item_schemas, known, CATALOG_SCHEMAS)
    if catalog.category_trees:
        known = await repository.CATEGORY_TREES.known(rows, tenancy)
        rules.check_known(catalog.category_trees, known, CATALOG_CATEGORY_TREES)


async def delete_catalog(call: Call, version: str) -> None:
    """Delete an INACTIVE catalog and all it holds."""
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    await repository.lock_catalogs(call.repository, tenancy)
    stored = await repository.all_catalogs(call.repository, tenancy)
    found = rules.check_deletion(_states(stored), integer(version))
    await repository.delete_catalog(call.repository, tenancy, found)


async def activate_catalog(call: Call, version: str) -> None:
    """Make an INACTIVE catalog ACTIVATING; a job ends that after the set delay.

    Looked at twice: without a lock, so that most refusals write nothing, and under it.
    """
    tenancy = tenancy_of(call, CATALOG_TENANT_ENV)
    stored = await repository.all_catalogs(call.repository, tenancy)
    found = rules.check_activation(_states(stored), integer(version))
    wanted = rules.min_item_count(call.query.get("minItemCount"))
    # The job is stored before the tenancy is locked, because whoever runs jobs takes these two
    # in that order as well: the other way round each could wait for the other.
    await _schedule_activation(call, tenancy, found, wanted)
    await repository.lock_catalogs(call.repository, tenancy)
    stored = await repository.all_catalogs(call.repository, tenancy)
    rules.check_activation(_states(stored), found)
    await _move(call.repository, tenancy, stored, found, rules.ACTIVATING, call.now)


async def _schedule_activation(
    call: Call, tenancy: Tenancy, version: int, min_item_count: int
) -> None:
    delay = round(call.setting("attraqt.activation_delay") * SECOND)
    payload = {**tenancy._asdict(), "version": version, "min_item_count": min_item_count}
    due_at = min(call.now + delay, LATEST)
    await call.schedule(ACTIVATE, payload, due_at=due_at)


async def run_activation(rows: Repository, job: Job) -> str:
    """End an activation at the job's due time; return what became of it.

    The old ACTIVE catalog steps back first: there is never more than one.
    """
    tenancy = Tenancy(job.payload["tenant"], job.payload["environment"])
    version, wanted = job.payload["version"], job.payload["min_item_count"]
    await repository.lock_catalogs(rows, tenancy)
    stored = await repository.all_catalogs(rows, tenancy)
    found = 0  # there are no item calls yet
    if found < wanted:
        await _move(rows, tenancy, stored, version, rules.INACTIVE, job.due_at)
    else:
        for old in (row for row in stored if row.state == rules.ACTIVE):
            await _move(rows, tenancy, stored, old.version, rules.INACTIVE, job.due_at)
        await _move(rows, tenancy, stored, version, rules.ACTIVE, job.due_at)
    return rules.activation_outcome(version, wanted=wanted, found=found)


async def _move(
    rows: Repository, tenancy: Tenancy, stored: Sequence[Any], version: int, state: str, at: int
) -> None:
    """Bring one of the stored catalogs into a state."""
    document = next(row.document for row in stored if row.version == version)
    document = schemas.catalog_in_state(document, state, at)
    await repository.change_catalog(rows, tenancy, version, state=state, document=document)


def _states(stored: Sequence[Any]) -> dict[int, str]:
    return {row.version: row.state for row in stored}
