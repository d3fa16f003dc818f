"""Pending jobs of an imported document: a wrong payload is refused, a gone subject is a failure."""

import json
import logging
from typing import Any

import httpx
import pytest

from mockalog.vendors import VENDORS
from tests.emulation import Emulation
from tests.vendors.attraqt.factories import item, make_batch, make_catalog
from tests.vendors.attraqt.requests import ingest

TENANCY = {"tenant": "acme", "environment": "live1"}
UUID = "00000000-0000-0000-0000-000000000000"
OPERATION = {
    "kind": "upsert",
    "id": "A1",
    "type": "product",
    "context": "",
    "parent_id": "",
    "at": 0,
    "attributes": {},
    "fhr": False,
}
ACTIVATION = {**TENANCY, "version": 9, "min_item_count": 0, "receipt": UUID}
INGESTION = {**TENANCY, "name": UUID, "uuid": UUID, "receipt": UUID}
MESSAGE = {**TENANCY, "version": 9, "first_update": 0, "operations": [OPERATION]}
ITEMS = {"catalog": 9, "tokens": 0, "drops": 0, "items": [["a", {}]]}
NO_CATALOG = ("done", "the catalog is gone")

# A kind of job, its payload, its state after it ran, and its outcome. In the sandbox, Attraqt's
# catalog 1 was deleted, and catalog 2 exists.
GONE: list[tuple[str, dict[str, Any], str, str]] = [
    ("attraqt.activate", ACTIVATION, "failed", "the catalog 9 never existed"),
    ("attraqt.activate", {**ACTIVATION, "version": 1}, "failed", "the catalog 1 does not exist"),
    ("attraqt.ingest", INGESTION, "failed", f"the ingestion {UUID} does not exist"),
    ("attraqt.take_in", MESSAGE, "failed", "the catalog 9 never existed"),
    ("squared.advance_run", {"run": 9}, "done", "the run is over"),
    ("squared.scheduled_run", {"sync": 9}, "done", "the schedule is another now"),
    ("braze.create_items", ITEMS, *NO_CATALOG),
    ("braze.replace_items", ITEMS, *NO_CATALOG),
    ("braze.update_items", ITEMS, *NO_CATALOG),
    ("braze.delete_items", ITEMS, *NO_CATALOG),
    ("braze.create_fields", {"catalog": 9, "fields": [["a", "string"]]}, *NO_CATALOG),
    ("braze.delete_field", {"catalog": 9, "field": "a", "token": 0}, *NO_CATALOG),
    ("braze.delete_selection", {"catalog": 9, "number": 1}, *NO_CATALOG),
    (
        "braze.create_selection",
        {
            "catalog": 9,
            "selection": {
                "name": "a",
                "description": "",
                "external_id": None,
                "source": None,
                "filters": [],
                "results_limit": None,
                "sort_field": None,
                "sort_order": None,
            },
        },
        *NO_CATALOG,
    ),
]

JOBS = ["id", "kind", "payload", "state", "due_at", "created_at", "recurring"]


@pytest.fixture(scope="module")
def state(emulation: Emulation) -> dict[str, Any]:
    """A sandbox whose first Attraqt catalog was deleted."""
    client = emulation.client("/attraqt", params=TENANCY)
    make_catalog(client)
    assert client.delete("/catalogs/1").status_code == 200
    make_catalog(client)
    exported: dict[str, Any] = emulation.control(client).get("/state").json()
    return {**exported, "credentials": []}


def with_job(state: dict[str, Any], kind: str, payload: object) -> dict[str, Any]:
    """Return the state with a pending job that is due."""
    row = [1, kind, json.dumps(payload), "pending", 0, 0, False]
    own = state["tables"]["sandboxes"]
    last_job = [1 if name == "last_job" else 0 for name in own["columns"]]
    sandboxes = {"columns": own["columns"], "rows": [last_job]}
    tables = {**state["tables"], "sandboxes": sandboxes, "jobs": {"columns": JOBS, "rows": [row]}}
    return {**state, "tables": tables}


def imported(emulation: Emulation, state: object) -> tuple[httpx.Client, httpx.Response]:
    """Import a state into a new sandbox; return the sandbox's control plane and the response."""
    control = emulation.control(emulation.client())
    return control, control.put("/state", json=state)


@pytest.mark.parametrize(("kind", "payload", "end", "outcome"), GONE)
def test_a_job_without_its_subject_ends_with_the_reason(
    emulation: Emulation,
    state: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    kind: str,
    payload: dict[str, Any],
    end: str,
    outcome: str,
) -> None:
    """No traceback is logged, and the state can be exported and imported."""
    control, answer = imported(emulation, with_job(state, kind, payload))
    assert answer.status_code == 200, answer.text

    settled = control.post("/clock/settle")
    [job] = control.get("/jobs").json()["jobs"]

    assert settled.status_code == 200
    assert (job["state"], job["outcome"]) == (end, outcome)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    again = {**control.get("/state").json(), "credentials": []}
    assert imported(emulation, again)[1].status_code == 200


def test_every_kind_of_job_is_tried_here() -> None:
    """A new one cannot be forgotten."""
    kinds = {kind for vendor in VENDORS for kind in vendor.api.jobs}

    assert kinds == {kind for kind, *_ in GONE}


@pytest.mark.parametrize(("kind", "payload"), [(kind, payload) for kind, payload, *_ in GONE])
def test_a_payload_of_another_form_is_refused(
    emulation: Emulation, state: dict[str, Any], kind: str, payload: dict[str, Any]
) -> None:
    """Without any of its keys, and with a value of another type in each."""
    lacking = [{key: payload[key] for key in payload if key != one} for one in payload]
    values: tuple[object, ...] = (None, 2**63, [1], {"a": []})
    wrong = [{**payload, key: value} for key in payload for value in values]

    for bad in (*lacking, *wrong):
        answer = imported(emulation, with_job(state, kind, bad))[1]

        assert answer.status_code == 400, bad
        assert f"tables.jobs.rows[0]: payload of {kind}: " in answer.json()["detail"]


def test_an_ingestion_into_a_catalog_that_never_existed_fails(
    emulation: Emulation, caplog: pytest.LogCaptureFixture
) -> None:
    """Its configuration names the catalog."""
    client = emulation.client("/attraqt", params=TENANCY)
    emulation.sandbox(client).settings["attraqt.ingestion_delay"] = 60
    make_catalog(client)
    ingest(client, make_batch(client, item()))
    exported = emulation.control(client).get("/state").json()
    text = json.dumps({**exported, "credentials": []}).replace(
        '\\"version\\":1,\\"min_items', '\\"version\\":7,\\"min_items'
    )

    control, answer = imported(emulation, json.loads(text))
    control.post("/clock/settle")

    assert answer.status_code == 200
    [job] = control.get("/jobs").json()["jobs"]
    assert (job["state"], job["outcome"]) == ("failed", "the catalog 7 never existed")
    assert not [record for record in caplog.records if record.exc_info]


def test_a_seed_beside_a_job_without_its_subject_is_refused(
    emulation: Emulation, state: dict[str, Any]
) -> None:
    """The seed runs due jobs, and takes no half of them."""
    fields = [{"name": "id", "type": "string"}]
    seeded = {"braze": {"catalogs": [{"name": "shop", "fields": fields}]}}

    answer = imported(emulation, {**with_job(state, "attraqt.ingest", INGESTION), **seeded})[1]

    assert answer.status_code == 400
    reason = f"a pending job fails: the ingestion {UUID} does not exist"
    assert f"tables.jobs: {reason}" in answer.json()["detail"]
