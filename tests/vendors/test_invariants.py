"""What the rows of a state document owe each other."""

import uuid
from copy import deepcopy
from typing import Any

import pytest

from mockalog.kernel.invariants import OF_THE_KERNEL
from mockalog.vendors import VENDORS
from tests.emulation import Emulation
from tests.vendors.world import World

BEYOND = 10**9
# All rows of a table.
GONE: dict[str, Any] = {}

# The tables, what their rows are changed to, in which table that shows, and what is said of it.
BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("sandboxes", {"last_job": 1}, "jobs", "id is beyond what sandboxes.last_job counts (id: 2"),
    ("sandboxes", GONE, "jobs", "id is beyond what sandboxes.last_job counts"),
    ("series", GONE, "attraqt_ledgers", "id is beyond what series.last counts (id: 1)"),
    ("braze_catalogs", {"id": BEYOND}, "braze_catalogs", "id is beyond what series.last counts"),
    (
        "braze_items",
        {"position": BEYOND},
        "braze_items",
        f"beyond what braze_catalogs.last_position counts (catalog_id: 1, position: {BEYOND})",
    ),
    ("braze_catalogs", GONE, "braze_items", "beyond what braze_catalogs.last_position counts"),
    ("attraqt_ledgers", {"id": BEYOND}, "attraqt_ledgers", "beyond what series.last counts"),
    ("attraqt_batches", {"id": BEYOND}, "attraqt_batches", "beyond what series.last counts"),
    ("attraqt_ingestions", {"id": BEYOND}, "attraqt_ingestions", "what series.last counts"),
    ("attraqt_ledgers", GONE, "attraqt_catalogs", "version names no row of attraqt_ledgers"),
    ("attraqt_catalogs", {"tenant": "x"}, "attraqt_catalogs", "version names no row of"),
    ("attraqt_activations", {"ledger_id": BEYOND}, "attraqt_activations", "names no row of"),
    ("attraqt_ingestions", {"ledger_id": BEYOND}, "attraqt_ingestions", "ledger_id names no row"),
    ("attraqt_batches", GONE, "attraqt_ingestions", "batch_id names no row of attraqt_batches"),
    ("attraqt_ledgers", {"last_item": 3}, "attraqt_items", "attraqt_ledgers.last_item counts"),
    ("attraqt_ledgers", {"last_update": 3}, "attraqt_updates", "ledgers.last_update counts"),
    ("attraqt_batches", {"last_item": 0}, "attraqt_batch_items", "batches.last_item counts"),
    ("squared_users", {"id": BEYOND}, "squared_users", "id is beyond what series.last counts"),
    ("squared_organizations", {"id": BEYOND}, "squared_organizations", "series.last counts"),
    ("squared_workspaces", {"id": BEYOND}, "squared_workspaces", "series.last counts"),
    ("squared_connectors", {"id": BEYOND}, "squared_connectors", "series.last counts"),
    ("squared_mails", {"id": BEYOND}, "squared_mails", "series.last counts"),
    ("squared_catalogs", {"id": BEYOND}, "squared_catalogs", "series.last counts"),
    ("squared_models", {"id": BEYOND}, "squared_models", "series.last counts"),
    ("squared_syncs", {"id": BEYOND}, "squared_syncs", "series.last counts"),
    ("squared_sync_runs", {"id": BEYOND}, "squared_sync_runs", "series.last counts"),
    ("squared_sync_records", {"id": BEYOND}, "squared_sync_records", "series.last counts"),
    ("squared_organizations", GONE, "squared_workspaces", "organization_id names no row of"),
    ("squared_users", GONE, "squared_memberships", "user_id names no row of squared_users"),
    (
        "squared_memberships",
        {"workspace_id": BEYOND},
        "squared_memberships",
        f"workspace_id names no row of squared_workspaces (user_id: 1, workspace_id: {BEYOND}",
    ),
    ("squared_connectors", {"workspace_id": 9}, "squared_connectors", "workspace_id names no row"),
    ("squared_catalogs", {"workspace_id": 1}, "squared_catalogs", "connector_id names no row of"),
    ("squared_models", {"connector_id": 99}, "squared_models", "connector_id names no row of"),
    ("squared_syncs", {"source_id": 99}, "squared_syncs", "source_id names no row of"),
    ("squared_syncs", {"destination_id": 99}, "squared_syncs", "destination_id names no row of"),
    ("squared_models", GONE, "squared_syncs", "model_id names no row of squared_models"),
    ("squared_sync_runs", {"workspace_id": 1}, "squared_sync_runs", "sync_id names no row of"),
    ("squared_sync_records", {"sync_id": 99}, "squared_sync_records", "sync_id names no row of"),
    ("squared_sync_records", {"sync_run_id": 99}, "squared_sync_records", "sync_run_id names no"),
    ("squared_worlds", {"connector_id": BEYOND}, "squared_worlds", "connector_id names no row of"),
    ("squared_rows", {"number": -BEYOND}, "squared_rows", "squared_worlds.last counts"),
    ("squared_worlds", GONE, "squared_rows", "number is beyond what squared_worlds.last counts"),
    ("squared_syncs", {"sync_interval": None}, "squared_syncs", "an interval needs a sync_int"),
    ("squared_syncs", {"sync_interval": 0}, "squared_syncs", "an interval needs a sync_interval"),
    ("squared_syncs", {"sync_interval_unit": "eons"}, "squared_syncs", "an interval needs a sync"),
    ("squared_syncs", {"schedule_type": "cron_expression"}, "squared_syncs", "by cron needs its"),
    ("squared_users squared_memberships", GONE, "series", "the first of squared_users is missing"),
]


@pytest.fixture(scope="module")
def state(emulation: Emulation) -> dict[str, Any]:
    """A world with something of everything, but for what would open it."""
    world = World(emulation, uuid.uuid4().hex)
    world.make()
    return {**world.control.get("/state").json(), "credentials": []}


def put(emulation: Emulation, state: Any) -> tuple[int, str]:
    """Return the answer to a state for a sandbox of its own."""
    answer = emulation.control(emulation.client()).put("/state", json=state)
    return answer.status_code, answer.text


def changed(state: dict[str, Any], tables: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the state without the tables' rows, or with other values in each of them."""
    copy = deepcopy(state)
    for table in tables.split():
        given = copy["tables"][table] if values else copy["tables"].pop(table)
        for name, value in values.items():
            place = given["columns"].index(name)
            for number, row in enumerate(given["rows"]):
                row[place] = value + number if value in (BEYOND, -BEYOND) else value
    return copy


def test_what_was_exported_owes_nothing(emulation: Emulation, state: dict[str, Any]) -> None:
    """It is taken as it is."""
    assert put(emulation, state)[0] == 200


def test_every_invariant_is_broken_here() -> None:
    """A new one cannot be forgotten."""
    told = {(where, said.split(" (")[0]) for _, _, where, said in BROKEN}
    for invariant in (*OF_THE_KERNEL, *(one for vendor in VENDORS for one in vendor.invariants())):
        name = invariant.table.name
        assert any(where == name and said in invariant.problem for where, said in told), invariant


@pytest.mark.parametrize(("tables", "values", "where", "said"), BROKEN)
def test_rows_that_owe_others_something_are_refused(
    emulation: Emulation,
    state: dict[str, Any],
    tables: str,
    values: dict[str, Any],
    where: str,
    said: str,
) -> None:
    """With the table and the key of the first, before any call could fail on it."""
    status, text = put(emulation, changed(state, tables, values))

    assert status == 400, text
    assert f"tables.{where}: " in text
    assert said in text
