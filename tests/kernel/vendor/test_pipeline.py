"""Faults in the pipeline: before a call, after it, in its job."""

import time
from typing import Any

import httpx
import pytest

from tests.arming import Arm
from tests.emulation import Emulation
from tests.kernel.factories import SHOP, names
from tests.vendors.attraqt.factories import item, make_batch, make_catalog
from tests.vendors.attraqt.requests import ingest, ingestion, send, statistics, stored
from tests.vendors.attraqt.requests import states as catalog_states


def tried(client: httpx.Client, method: str, url: str, **options: Any) -> list[Any]:
    """Send a request again after each failure; return the result of each try."""
    outcomes: list[Any] = []
    for _ in range(4):
        try:
            answer = client.request(method, url, **options)
        except httpx.TransportError:
            outcomes.append("lost")
            continue
        outcomes.append(answer.status_code)
        if answer.status_code < 429:
            break
    return outcomes


class TestPhases:
    """Before, after, in a job; each seen by a client that tries again."""

    @pytest.mark.parametrize("how", [{"status": 503}, {"drop": True}])
    def test_before_changes_nothing(
        self, arm: Arm, braze: httpx.Client, how: dict[str, Any]
    ) -> None:
        """The second try makes the change."""
        arm(operation="create_catalog", **how)

        outcomes = tried(braze, "POST", "/catalogs", json=SHOP)

        assert outcomes == [how.get("status", "lost"), 201]
        assert names(braze) == ["shop"]

    @pytest.mark.parametrize("how", [{"status": 503}, {"drop": True}])
    def test_after_commits_the_change_and_loses_the_answer(
        self, arm: Arm, braze: httpx.Client, how: dict[str, Any]
    ) -> None:
        """The second try finds the change."""
        arm(operation="create_catalog", phase="after", **how)

        outcomes = tried(braze, "POST", "/catalogs", json=SHOP)

        assert outcomes == [how.get("status", "lost"), 400]
        assert names(braze) == ["shop"]

    def test_after_can_lose_a_refusal(self, arm: Arm, braze: httpx.Client) -> None:
        """It is used up by any answer."""
        arm(phase="after", status=504)

        assert braze.delete("/catalogs/none").status_code == 504
        assert braze.delete("/catalogs/none").status_code == 404

    def test_a_job_fails_after_its_call_was_accepted(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """A refused call uses up nothing; the next call's job succeeds."""
        braze.post("/catalogs", json=SHOP)
        fault = arm(operation="create_items", phase="job", error="arbitrary-error")
        items = "/catalogs/shop/items"

        assert braze.post(items, json={"items": "none"}).status_code == 400
        assert braze.post(items, json={"items": [{"id": "a"}]}).status_code == 202
        assert braze.get(f"{items}/a").status_code == 404
        assert braze.post(items, json={"items": [{"id": "a"}]}).status_code == 202
        assert braze.get(f"{items}/a").status_code == 200

        failed, done = control.get("/jobs").json()["jobs"]
        assert (failed["state"], done["state"]) == ("failed", "done")
        assert failed["outcome"] == f"fault {fault['id']} was armed: arbitrary-error"
        struck = [r for r in control.get("/requests").json()["requests"] if r["faults"]]
        assert [r["faults"] for r in struck] == [[{"id": fault["id"], "phase": "job"}]]

    def test_the_jobs_of_one_call_fail_together(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """One message for two catalogs is one call with two jobs; feedback shows both."""
        control = emulation.control(attraqt)
        versions = [make_catalog(attraqt) for _ in range(2)]
        control.patch("/settings", json={"attraqt.ingestion_delay": 1})
        wanted = {"vendor": "attraqt", "phase": "job", "status": 500, "after": 1}
        assert control.post("/faults", json=wanted).status_code == 201

        for name in ("A1", "A2"):
            send(attraqt, *(item(name, version) for version in versions))
        control.post("/clock/settle")

        for version in versions:
            assert set(stored(emulation, attraqt, version)) == {"A1"}
            counted = statistics(attraqt, version)
            assert (counted["numberOfSuccesses"], counted["numberOfFailures"]) == (1, 1)
        states = [job["state"] for job in control.get("/jobs").json()["jobs"]]
        assert states == ["done", "done", "failed", "failed"]

    def test_without_a_delay_streamed_items_fail_too(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """Feedback has the category's text; the list of jobs has ours."""
        control = emulation.control(attraqt)
        make_catalog(attraqt)
        wanted = {"vendor": "attraqt", "phase": "job", "operation": "upsert_items"}
        control.post("/faults", json={**wanted, "error": "UNAVAILABLE"})
        path = "/feedback/catalog-version/1/updates/"

        failed, done = (
            attraqt.post("/items", json=[item(name)]).json()[0]["receiptId"]
            for name in ("A1", "A2")
        )

        update = attraqt.get(path + failed).json()["update"]
        assert (update["state"], update["message"]) == (
            "FAILURE",
            "The service is scaling up, please try again",
        )
        assert attraqt.get(path + done).json()["update"]["state"] == "SUCCESS"
        assert set(stored(emulation, attraqt)) == {"A2"}
        [job] = control.get("/jobs").json()["jobs"]
        assert job["outcome"] == "fault 1 was armed: UNAVAILABLE"

    def test_a_failed_activation_leaves_the_catalog_inactive(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """It can be activated again."""
        control = emulation.control(attraqt)
        version = make_catalog(attraqt)
        wanted = {"vendor": "attraqt", "operation": "activate_catalog", "phase": "job"}
        control.post("/faults", json=wanted)
        activate = f"/catalogs/activate/{version}"

        assert attraqt.post(activate).status_code == 200
        assert catalog_states(attraqt) == {version: "INACTIVE"}
        assert attraqt.post(activate).status_code == 200
        assert catalog_states(attraqt) == {version: "ACTIVE"}

    @pytest.mark.parametrize("cancelled", [False, True])
    def test_a_failed_ingestion_shows_its_failure(
        self, emulation: Emulation, attraqt: httpx.Client, cancelled: bool
    ) -> None:
        """A cancelled one shows the cancellation; no item is stored."""
        control = emulation.control(attraqt)
        make_catalog(attraqt)
        control.patch("/settings", json={"attraqt.ingestion_delay": 1})
        wanted = {"vendor": "attraqt", "operation": "create_ingestion", "phase": "job"}
        control.post("/faults", json=wanted)
        name = ingest(attraqt, make_batch(attraqt, item()))
        if cancelled:
            attraqt.delete(f"/batch-imports/ingestions/{name}")
        control.post("/clock/settle")

        ended = ingestion(attraqt, name)

        assert ended["status"].lower() == "failed"
        reason = "Cancelled" if cancelled else "Internal error"
        assert reason in str(ended)
        assert stored(emulation, attraqt) == {}

    def test_a_delay_does_not_block_other_calls(
        self, emulation: Emulation, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """Other calls of the sandbox are answered meanwhile."""
        arm(operation="create_catalog", delay=0.3)
        arm(operation="delete_catalog", phase="after", delay=0.01)
        requests = [
            braze.build_request("POST", "/catalogs", json=SHOP),
            braze.build_request("GET", "/catalogs"),
        ]

        started = time.perf_counter()
        created, listed = emulation.at_once(braze, requests)

        assert time.perf_counter() - started >= 0.3
        assert (created.status_code, listed.json()["catalogs"]) == (201, [])
        assert braze.delete("/catalogs/shop").status_code == 200
        answered = [r["operation"] for r in control.get("/requests").json()["requests"]]
        assert answered == ["list_catalogs", "create_catalog", "delete_catalog"]

    def test_the_journal_lists_the_applied_faults(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """A dropped connection has status 0."""
        first, second = arm(status=503), arm(drop=True, phase="after")
        tried(braze, "POST", "/catalogs", json=SHOP)

        exchanges = control.get("/requests").json()["requests"]

        assert [(r["response"]["status"], r["faults"]) for r in exchanges] == [
            (503, [{"id": first["id"], "phase": "before"}]),
            (0, [{"id": second["id"], "phase": "after"}]),
            (400, []),
        ]
