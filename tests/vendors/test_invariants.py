"""The invariants across the rows of a state document."""

import uuid
from copy import deepcopy
from typing import Any

import pytest

from mockalog.kernel.database.models import AT_MOST
from mockalog.kernel.documents.invariants import OF_THE_KERNEL
from mockalog.schema import metadata
from mockalog.vendors import VENDORS
from tests.emulation import Emulation
from tests.vendors.world import World

BEYOND = 10**9
HUGE = 2**63 - 1
# All rows of a table.
GONE: dict[str, Any] = {}

COUNTED = "{} is not a number of {}".format
REFERS = "{} is not that of a row of {}".format
INTERVAL = "an interval needs a sync_interval and its sync_interval_unit"
AUTOMATED = "an automated schedule has a wrong sync_interval or sync_interval_unit"

# The table, what its rows are changed to, in which table that shows, and what is said of it.
BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("sandboxes", {"last_job": 1}, "jobs", COUNTED("id", "sandboxes.last_job")),
    ("sandboxes", GONE, "jobs", COUNTED("id", "sandboxes.last_job")),
    ("series", GONE, "faults", COUNTED("id", "series.last")),
    *(
        (table, {"id": BEYOND}, table, COUNTED("id", "series.last"))
        for table in (
            "braze_catalogs",
            "attraqt_ledgers",
            "attraqt_batches",
            "attraqt_ingestions",
            "attraqt_item_schemas",
            "attraqt_category_trees",
            "squared_users",
            "squared_organizations",
            "squared_workspaces",
            "squared_connectors",
            "squared_mails",
            "squared_catalogs",
            "squared_models",
            "squared_syncs",
            "squared_sync_runs",
            "squared_sync_records",
        )
    ),
    *(
        (changed, values, table, COUNTED(number, f"{owner}.{last}"))
        for owner, last, table, number in (
            ("braze_catalogs", "last_position", "braze_items", "position"),
            ("attraqt_ledgers", "last_item", "attraqt_items", "position"),
            ("attraqt_ledgers", "last_update", "attraqt_updates", "position"),
            ("attraqt_batches", "last_item", "attraqt_batch_items", "position"),
            ("squared_worlds", "last", "squared_rows", "number"),
        )
        for changed, values in (
            (owner, {last: 0}),
            (table, {number: -BEYOND}),
            (table, {number: HUGE}),
        )
    ),
    ("braze_catalogs", GONE, "braze_items", COUNTED("position", "braze_catalogs.last_position")),
    ("squared_worlds", GONE, "squared_rows", COUNTED("number", "squared_worlds.last")),
    ("attraqt_ledgers", GONE, "attraqt_catalogs", "the catalog has no open row in attraqt_ledgers"),
    (
        "attraqt_ledgers",
        {"is_open": False},
        "attraqt_catalogs",
        "the catalog has no open row in attraqt_ledgers",
    ),
    ("squared_syncs", {"sync_interval": None}, "squared_syncs", INTERVAL),
    ("squared_syncs", {"sync_interval": 0}, "squared_syncs", INTERVAL),
    ("squared_syncs", {"sync_interval_unit": "eons"}, "squared_syncs", INTERVAL),
    *(
        ("squared_syncs", {"schedule_type": "automated", **values}, "squared_syncs", AUTOMATED)
        for values in ({"sync_interval": 0}, {"sync_interval_unit": "eons"})
    ),
    (
        "squared_syncs",
        {"schedule_type": "cron_expression"},
        "squared_syncs",
        "a schedule by cron needs its cron_expression",
    ),
    ("squared_users", GONE, "series", "the first of squared_users is missing"),
    *(
        (table, {"version": BEYOND}, table, COUNTED("version", "series.last"))
        for table in ("attraqt_ledgers", "attraqt_item_schemas", "attraqt_category_trees")
    ),
    *(
        (table, {column: BEYOND}, table, REFERS(f"{column}, workspace_id", target))
        for table, column, target in (
            ("squared_models", "connector_id", "squared_connectors"),
            ("squared_syncs", "model_id", "squared_models"),
            ("squared_syncs", "source_id", "squared_connectors"),
            ("squared_syncs", "destination_id", "squared_connectors"),
        )
    ),
    ("faults", {"id": BEYOND}, "faults", COUNTED("id", "series.last")),
]


# The counters of the tables, and the largest value of each.
COUNTERS = {
    (table.name, column.name): column.info[AT_MOST]
    for table in metadata.tables.values()
    for column in table.columns
    if AT_MOST in column.info and "sandbox_id" in table.columns
}


@pytest.fixture(scope="module")
def state(emulation: Emulation) -> dict[str, Any]:
    """A world with something of everything, but for what would open it."""
    world = World(emulation, uuid.uuid4().hex)
    world.make()
    fault = {"vendor": "braze", "operation": "delete_catalog", "status": 500}
    world.control.post("/faults", json=fault).raise_for_status()
    return {**world.control.get("/state").json(), "credentials": []}


def put(emulation: Emulation, state: Any) -> tuple[int, str]:
    """Return the answer to a state for a sandbox of its own."""
    answer = emulation.control(emulation.client()).put("/state", json=state)
    return answer.status_code, answer.text


def changed(state: dict[str, Any], table: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the state without a table's rows, or with other values in each of them."""
    copy = deepcopy(state)
    given = copy["tables"][table] if values else copy["tables"].pop(table)
    for name, value in values.items():
        place = given["columns"].index(name)
        for number, row in enumerate(given["rows"]):
            row[place] = value - number if value in (BEYOND, -BEYOND, HUGE) else value
    return copy


def test_what_was_exported_owes_nothing(emulation: Emulation, state: dict[str, Any]) -> None:
    """It is taken as it is."""
    assert put(emulation, state)[0] == 200


def test_every_invariant_is_broken_here() -> None:
    """A new one cannot be forgotten."""
    vendors = (invariant for vendor in VENDORS for invariant in vendor.api.invariants())

    known = {(invariant.table.name, invariant.problem) for invariant in (*OF_THE_KERNEL, *vendors)}

    assert known == {(where, said) for _, _, where, said in BROKEN}


@pytest.mark.parametrize(("table", "values", "where", "said"), BROKEN)
def test_rows_that_owe_others_something_are_refused(
    emulation: Emulation,
    state: dict[str, Any],
    table: str,
    values: dict[str, Any],
    where: str,
    said: str,
) -> None:
    """With the table and the key of the first, before any call could fail on it."""
    status, text = put(emulation, changed(state, table, values))

    assert (status, f"tables.{where}: {said} (" in text) == (400, True), text


@pytest.mark.parametrize(("table", "column"), COUNTERS, ids=str)
@pytest.mark.parametrize("value", [-1, HUGE, "most + 1"])
def test_a_counter_has_room_to_count_on(
    emulation: Emulation, state: dict[str, Any], table: str, column: str, value: Any
) -> None:
    """Otherwise a later number would fit into no column."""
    most = COUNTERS[table, column]
    wanted = most + 1 if value == "most + 1" else value
    given = state["tables"].get(table) or {"columns": [], "rows": []}
    if not given["rows"]:
        pytest.skip("the world has no such rows")
    copy = deepcopy(state)
    copy["tables"][table]["rows"][0][given["columns"].index(column)] = wanted

    status, text = put(emulation, copy)

    assert status == 400
    assert f"tables.{table}.rows[0]" in text
    assert f"{column} must be an integer from 0 to {most}" in text
