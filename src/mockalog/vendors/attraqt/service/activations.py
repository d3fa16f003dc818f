"""Activations: the changes of a catalog's state, and their records in the feedback.

Source: docs/vendors/attraqt.md#32-lifecycle.
"""

from collections.abc import Sequence

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import SubjectGoneError
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import CATALOG_FHR_FAILED
from mockalog.vendors.attraqt.json_columns import Activation
from mockalog.vendors.attraqt.repository import activations, catalog_history, catalogs
from mockalog.vendors.attraqt.repository.catalogs import CatalogRow
from mockalog.vendors.attraqt.rules import catalogs as rules
from mockalog.vendors.attraqt.rules.feedback import (
    FAILURE,
    SUCCESS,
    activation_failed,
    activation_started,
    activation_succeeded,
)
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


def tenancy_of(activation: Activation) -> Tenancy:
    """Return the tenancy of the catalog."""
    return Tenancy(activation.tenant, activation.environment)


def states_of(stored: Sequence[CatalogRow]) -> dict[int, str]:
    """Return the state of each catalog by its version."""
    return {row.version: row.state for row in stored}


async def begin(repository: Repository, activation: Activation, now: int) -> None:
    """Make an INACTIVE catalog ACTIVATING and record it; raises `AttraqtError`."""
    tenancy, version = tenancy_of(activation), activation.version
    await catalogs.lock(repository, tenancy)
    stored = await catalogs.list_all(repository, tenancy)
    rules.check_activation(states_of(stored), version)
    await _set_state(repository, tenancy, stored, version, rules.ACTIVATING, now)
    history = await catalog_history.get(repository, tenancy, version)
    message = activation_started(version, activation.receipt)
    await activations.begin(
        repository, history.id, receipt=activation.receipt, message=message, now=now
    )


async def finish(
    repository: Repository, activation: Activation, now: int, *, fhr_fails: bool
) -> str:
    """End an activation and return its message.

    It fails if the Fredhopper side fails by then (inferred) or the catalog holds too few items.
    """
    await catalogs.lock(repository, tenancy_of(activation))
    history = await catalog_history.get(repository, tenancy_of(activation), activation.version)
    reason = rules.activation_shortfall(activation.min_item_count, history.num_items)
    if fhr_fails:
        reason = CATALOG_FHR_FAILED.text
    if reason:
        return await fail(repository, activation, reason, now)
    return await _succeed(repository, activation, now)


async def fail(repository: Repository, activation: Activation, reason: str, now: int) -> str:
    """Make an ACTIVATING catalog INACTIVE, record the FAILURE, and return its message."""
    tenancy, version = tenancy_of(activation), activation.version
    stored = await catalogs.list_all(repository, tenancy)
    await _set_state(repository, tenancy, stored, version, rules.INACTIVE, now)
    message = activation_failed(version, reason)
    return await _record(repository, activation, FAILURE, message, now)


async def _succeed(repository: Repository, activation: Activation, now: int) -> str:
    """Make the catalog ACTIVE; the ACTIVE one becomes INACTIVE before, as one may be ACTIVE."""
    tenancy, version = tenancy_of(activation), activation.version
    stored = await catalogs.list_all(repository, tenancy)
    for row in stored:
        if row.state == rules.ACTIVE:
            await _set_state(repository, tenancy, stored, row.version, rules.INACTIVE, now)
    await _set_state(repository, tenancy, stored, version, rules.ACTIVE, now)
    return await _record(repository, activation, SUCCESS, activation_succeeded(version), now)


async def _record(
    repository: Repository, activation: Activation, state: str, message: str, now: int
) -> str:
    history = await catalog_history.get(repository, tenancy_of(activation), activation.version)
    result = {"state": state, "message": message}
    await activations.end(repository, history.id, activation.receipt, **result, now=now)
    return message


async def _set_state(
    repository: Repository,
    tenancy: Tenancy,
    stored: Sequence[CatalogRow],
    version: int,
    state: str,
    now: int,
) -> None:
    row = next((row for row in stored if row.version == version), None)
    if row is None:
        raise SubjectGoneError(f"the catalog {version} does not exist")
    document = schemas.catalog_in_state(row.document, state, now)
    await catalogs.change_state(repository, tenancy, version, state=state, document=document)
