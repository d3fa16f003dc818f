"""Faults: armed by a test, answered in the vendor's own words, counted exactly."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from mockalog.kernel.database.models import faults
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate
from tests.vendors.attraqt.factories import item, make_batch, make_catalog
from tests.vendors.attraqt.requests import ingest, ingestion, send, statistics, stored
from tests.vendors.attraqt.requests import states as catalog_states

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}

Arm = Callable[..., dict[str, Any]]


@pytest.fixture
def control(emulation: Emulation, braze: httpx.Client) -> httpx.Client:
    """The control plane of the Braze client's sandbox."""
    return emulation.control(braze)


@pytest.fixture
def arm(control: httpx.Client) -> Arm:
    """Return a function that arms a fault for Braze in its sandbox."""

    def arm(**wanted: Any) -> dict[str, Any]:
        answer = control.post("/faults", json={"vendor": "braze", **wanted})
        assert answer.status_code == 201, answer.text
        fault: dict[str, Any] = answer.json()
        return fault

    return arm


def statuses(client: httpx.Client, count: int) -> list[int]:
    """List the catalogs `count` times; return the statuses."""
    return [client.get("/catalogs").status_code for _ in range(count)]


def names(client: httpx.Client) -> list[str]:
    """Return the names of the catalogs."""
    return [catalog["name"] for catalog in client.get("/catalogs").json()["catalogs"]]


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


class TestArming:
    """`GET/POST/DELETE /_mockalog/faults`."""

    def test_a_fault_with_defaults_fails_the_next_call(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """With the vendor's own 500; the list shows the remaining number."""
        armed = arm()
        expected = {"operation": "*", "path": None, "status": 500, "error": None, "times": 1}
        rest = {"after": 0, "delay": 0.0, "phase": "before", "drop": False, "vendor": "braze"}
        assert armed.items() >= {**expected, **rest, "fired": 0, "remaining": 1}.items()

        first = braze.get("/catalogs")

        assert (first.status_code, first.json()) == (500, {"message": "Internal Server Error"})
        assert statuses(braze, 2) == [200, 200]
        [shown] = control.get("/faults").json()["faults"]
        assert shown == {**armed, "fired": 1, "remaining": 0}

    def test_faults_are_disarmed_alone_or_together(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """Only those of the sandbox."""
        first = arm(status=503)
        arm(status=429)

        assert control.delete(f"/faults/{first['id']}").status_code == 204
        assert control.delete(f"/faults/{first['id']}").status_code == 404
        assert statuses(braze, 1) == [429]
        assert control.delete("/faults").json() == {"count": 1}
        assert control.get("/faults").json() == {"faults": []}

    def test_faults_are_separate_between_sandboxes(
        self, emulation: Emulation, arm: Arm, braze: httpx.Client
    ) -> None:
        """Another sandbox can neither see nor disarm them."""
        armed = arm()
        other = emulation.client("/braze")

        assert emulation.control(other).get("/faults").json() == {"faults": []}
        assert emulation.control(other).delete(f"/faults/{armed['id']}").status_code == 404
        assert emulation.control(other).delete("/faults").json() == {"count": 0}
        assert statuses(other, 1) == [200]
        assert statuses(braze, 1) == [500]

    def test_a_reset_disarms(self, arm: Arm, control: httpx.Client, braze: httpx.Client) -> None:
        """It removes the faults with the sandbox's data."""
        arm(times=5)

        control.post("/reset")

        assert statuses(braze, 1) == [200]
        assert control.get("/faults").json() == {"faults": []}

    def test_a_fault_of_the_server_counts_all_calls_together(self) -> None:
        """Those of later sandboxes too; a sandbox's own faults stay its own."""
        with emulate() as emulation:
            early, late = emulation.client("/braze"), emulation.client("/braze")
            assert statuses(early, 1) == [200]
            server = emulation.control()
            wanted = {"vendor": "braze", "status": 503, "times": 2}
            armed = server.post("/faults", json=wanted).json()

            assert armed["sandbox"] is None
            assert [*statuses(early, 1), *statuses(late, 1)] == [503, 503]
            assert [*statuses(early, 1), *statuses(late, 1)] == [200, 200]
            own = emulation.control(early)
            own.post("/faults", json={"vendor": "braze", "times": 9})
            assert [fault["times"] for fault in own.get("/faults").json()["faults"]] == [9, 2]
            assert len(server.get("/faults").json()["faults"]) == 2
            assert server.delete(f"/faults/{armed['id']}").status_code == 204
            assert server.delete("/faults").json() == {"count": 1}
            assert statuses(early, 1) == [200]

    REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
        ({"vendor": "brazen"}, "vendor 'brazen' does not exist; use one of: braze"),
        (
            {"operation": "create_item_"},
            "braze operation 'create_item_' does not exist; use one of:",
        ),
        ({"error": "catalog-notfound"}, "use one of: catalog-not-found"),
        ({"error": "catalog-not-found", "status": 400}, "has status 404, not 400"),
        ({"status": 200}, "braze has no error for status 200 alone"),
        ({"status": 418}, "braze has no error for status 418 alone"),
        ({"phase": "job", "operation": "create_catalog"}, "create_catalog schedules no job"),
        ({"phase": "job", "vendor": "squared", "operation": "login"}, "login schedules no job"),
        ({"phase": "job", "drop": True}, "a job has no answer to drop or to delay"),
        ({"phase": "job", "delay": 1}, "a job has no answer to drop or to delay"),
        ({"drop": True, "error": "item-not-found"}, "a dropped connection carries no error"),
        ({"retry_after": 1}, "retry_after goes with an answer of status 429"),
        ({"retry_after": 1, "status": 503}, "retry_after goes with an answer of status 429"),
        ({"retry_after": 1, "status": 429, "drop": True}, "retry_after goes with an answer"),
        ({"retry_after": 1, "status": 429, "vendor": "attraqt"}, "attraqt has no such header"),
        ({"retry_after": -1, "status": 429}, "retry_after"),
        ({"times": 0}, "times"),
        ({"times": 2**31}, "times"),
        ({"after": -1}, "after"),
        ({"delay": -1}, "delay"),
        ({"delay": 1e9}, "delay"),
        ({"phase": "meanwhile"}, "phase"),
        ({"path": "catalogs"}, "path"),
        ({"path": "/\0"}, "path"),
        ({"error": "\0"}, "error: NUL is"),
        ({"sort": "of"}, "sort"),
    )

    @pytest.mark.parametrize(("wanted", "reason"), REFUSED)
    def test_an_impossible_fault_is_refused(
        self, control: httpx.Client, wanted: dict[str, Any], reason: str
    ) -> None:
        """When it is armed, with the possible values."""
        answer = control.post("/faults", json={"vendor": "braze", **wanted})

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert reason in answer.json()["detail"]
        assert control.get("/faults").json() == {"faults": []}

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"vendor": "nope"}, "vendor 'nope' does not exist"),
            ({"operation": "nope"}, "braze operation 'nope' does not exist"),
            ({"error": "nope"}, "braze error 'nope' does not exist"),
            ({"phase": "weird"}, "phase: Input should be 'before', 'after' or 'job'"),
            ({"status": 418}, "has status 404, not 418"),
            ({"delay": 1e9}, "delay: Input should be less than or equal to 3600"),
            ({"drops": True, "error": "item-not-found"}, "a dropped connection carries no error"),
        ],
    )
    def test_an_import_refuses_impossible_faults(
        self, arm: Arm, control: httpx.Client, change: dict[str, Any], problem: str
    ) -> None:
        """Armed faults are imported as they were."""
        armed = arm(error="catalog-not-found", after=1)
        state = control.get("/state").json()
        rows = state["tables"]["faults"]
        assert control.put("/state", json=state).status_code == 200
        assert control.get("/faults").json() == {"faults": [armed]}

        for name, value in change.items():
            rows["rows"][0][rows["columns"].index(name)] = value
        answer = control.put("/state", json=state)

        assert answer.status_code == 400
        assert problem in answer.json()["detail"]

    def test_a_fault_with_a_former_error_id_answers_500(
        self, emulation: Emulation, arm: Arm, braze: httpx.Client
    ) -> None:
        """An older version armed it in a persistent database."""
        armed = arm(error="catalog-not-found")
        assert armed["status"] == 404
        statement = update(faults).values(error="gone")

        async def age() -> None:
            async with emulation.runtime.database.transaction() as connection:
                await connection.run(statement, {})

        emulation.run(age)

        assert statuses(braze, 2) == [500, 200]


class TestMatching:
    """The calls to which a fault applies."""

    def test_a_fault_applies_by_operation_and_path(self, arm: Arm, braze: httpx.Client) -> None:
        """The path is exact or a glob, as the vendor's API has it."""
        braze.post("/catalogs", json=SHOP)
        arm(operation="list_items", status=502)
        arm(path="/catalogs/*/items/?", status=503)
        arm(path="/catalogs/[shop]/items", status=504)

        assert braze.get("/catalogs").status_code == 200
        assert braze.get("/catalogs/shop/items/7%37").status_code == 404
        assert braze.get("/catalogs/shop/items").status_code == 502
        assert braze.get("/catalogs/shop/items/%37").status_code == 503
        assert braze.get("/catalogs/[shop]/items").status_code == 504

    @pytest.mark.parametrize(
        ("wanted", "detail"),
        [
            (
                {"path": "/catalog/*"},
                "path of braze '/catalog/*' does not exist; use one of: /catalogs",
            ),
            ({"path": "/braze/catalogs"}, "path of braze '/braze/catalogs' does not exist"),
            ({"path": "/catalogs.json"}, "path of braze '/catalogs.json' does not exist"),
            (
                {"path": "/catalogs", "operation": "create_items"},
                "of create_items '/catalogs' does not exist; use one of: /catalogs/*/items",
            ),
        ],
    )
    def test_a_path_that_no_operation_has_is_refused(
        self, control: httpx.Client, wanted: dict[str, str], detail: str
    ) -> None:
        """The error lists similar paths."""
        refused = control.post("/faults", json={"vendor": "braze", **wanted})

        assert refused.status_code == 400
        assert detail in refused.json()["detail"]

    @pytest.mark.parametrize("path", ["/api/v1/workspaces.json", "*.jso?", "/api/v1/workspaces.*"])
    def test_a_path_may_have_squareds_suffix(
        self, emulation: Emulation, squared: httpx.Client, path: str
    ) -> None:
        """As Squared's server routes it."""
        fault = {"vendor": "squared", "path": path, "status": 503}
        assert emulation.control(squared).post("/faults", json=fault).status_code == 201

        assert squared.get("/api/v1/workspaces.json").status_code == 503

    @pytest.mark.parametrize("path", ["/catalogs/a%2Fb/items", "/catalogs/a%2Fb/*"])
    def test_a_segment_may_hold_a_slash(self, arm: Arm, braze: httpx.Client, path: str) -> None:
        """The fault has it as it is sent."""
        arm(path=path, status=503)

        assert braze.get("/catalogs/a%2Fb/items").status_code == 503

    def test_a_status_without_an_answer_is_refused(self, control: httpx.Client) -> None:
        """The error lists the statuses that the vendor can answer."""
        refused = control.post("/faults", json={"vendor": "braze", "status": 408})

        assert refused.status_code == 400
        said = "braze has no error for status 408 alone: arm an error id, or one of 400, 401, 403, "
        assert refused.json()["detail"].startswith(said)

    def test_repeated_slashes_do_not_matter(self, arm: Arm, braze: httpx.Client) -> None:
        """As in routing: in the fault and in the call."""
        arm(path="/catalogs/", status=502)
        arm(path="/catalogs", status=503)

        assert braze.get("/catalogs").status_code == 502
        assert braze.get("/catalogs//").status_code == 503

    def test_the_first_n_pass_and_the_next_m_fail(self, arm: Arm, braze: httpx.Client) -> None:
        """In the order of the calls."""
        arm(after=2, times=3, status=503)

        assert statuses(braze, 6) == [200, 200, 503, 503, 503, 200]

    def test_several_faults_apply_in_order(self, arm: Arm, braze: httpx.Client) -> None:
        """The first armed applies first; each counts its own passes."""
        arm(status=503)
        arm(status=429)
        arm(status=504, after=3)

        assert statuses(braze, 5) == [503, 429, 200, 504, 200]

    def test_exactly_three_of_fifty_concurrent_calls_fail(
        self, emulation: Emulation, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """After five that pass."""
        control.patch("/settings", json={"rate_limits": "off"})
        arm(times=3, after=5, status=503)
        requests = [braze.build_request("GET", "/catalogs") for _ in range(50)]

        answered = [answer.status_code for answer in emulation.at_once(braze, requests)]

        assert sorted(answered) == [200] * 47 + [503] * 3
        assert control.get("/faults").json()["faults"][0]["remaining"] == 0

    def test_an_earlier_refusal_uses_up_no_fault(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """Unknown paths, missing credentials and exhausted limits come first."""
        control.patch("/settings", json={"rate_limits": "tiny"})
        control.put("/clock", json={"mode": "frozen"})
        arm(status=503)

        sandbox = {"X-Mockalog-Sandbox": "x", "Authorization": ""}
        assert braze.get("/nope").status_code == 404
        assert braze.get("/catalogs", headers=sandbox).status_code == 401
        assert statuses(braze, 2) == [503, 429]

    def test_without_faults_there_is_no_query(
        self, emulation: Emulation, arm: Arm, braze: httpx.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A fault that is used up is not queried again."""
        emulation.settle()  # what other tests have left to be swept is not counted
        arm()
        statuses(braze, 2)
        asked = []
        database: Any = type(emulation.runtime.database)
        transaction = database.transaction

        def counted(self: Any) -> Any:
            asked.append(self)
            return transaction(self)

        monkeypatch.setattr(database, "transaction", counted)

        statuses(braze, 1)
        loads = int(emulation.runtime.database.shared)

        assert len(asked) <= 1 + 3 * loads


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


class TestAnswers:
    """A failure has the vendor's own body and headers."""

    @pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
    def test_every_error_id_can_be_armed(self, emulation: Emulation, vendor: Vendor) -> None:
        """The answer has the armed status, and the id if the vendor's body has ids."""
        client = emulation.client(f"/{vendor.name}")
        control = emulation.control(client)
        control.patch("/settings", json={"rate_limits": "off"})
        operation = next(o for o in vendor.api.router.operations if o.credential is None)
        for error in vendor.api.faults.by_id:
            armed = control.post("/faults", json={"vendor": vendor.name, "error": error}).json()

            path = operation.path.replace("{", "").replace("}", "")
            answer = client.request(operation.verbs[0], path, json={})

            assert answer.status_code == armed["status"] >= 400
            assert "x-mockalog" in answer.headers
            if vendor.name != "squared":
                assert error in answer.text

    STATUSES: tuple[tuple[str, int, Any], ...] = (
        ("braze", 400, {"id": "arbitrary-error"}),
        ("braze", 401, {"message": "Invalid API key: "}),
        ("braze", 403, {"message": "Access Denied"}),
        ("braze", 404, {"message": "Not Found"}),
        ("braze", 413, {"message": "Request Entity Too Large"}),
        ("braze", 429, {"message": "Rate limit exceeded"}),
        ("braze", 500, {"message": "Internal Server Error"}),
        ("braze", 502, {"message": "Bad Gateway"}),
        ("braze", 503, {"message": "Service Unavailable"}),
        ("braze", 504, {"message": "Gateway Timeout"}),
        ("attraqt", 400, {"code": 3}),
        ("attraqt", 401, {"code": 16}),
        ("attraqt", 403, {"code": 7}),
        ("attraqt", 404, {"code": 5}),
        ("attraqt", 409, {"code": 10}),
        ("attraqt", 429, {"code": 8}),
        ("attraqt", 500, {"code": 13}),
        ("attraqt", 503, {"code": 14}),
        ("attraqt", 504, {"code": 13}),
        ("squared", 400, {"title": "Bad Request"}),
        ("squared", 401, {"detail": "Unauthorized"}),
        ("squared", 403, {"detail": "You are not authorized to do this action"}),
        ("squared", 404, {"detail": "Not found"}),
        ("squared", 413, {"status": 413}),
        ("squared", 422, {"detail": "Unprocessable Entity"}),
        ("squared", 424, {"detail": "Failed Dependency"}),
        ("squared", 429, {"error": "Too many requests. Please try again later."}),
        ("squared", 500, {"detail": "Internal Server Error"}),
        ("squared", 502, {"detail": "Bad Gateway"}),
        ("squared", 503, {"detail": "Service Unavailable"}),
        ("squared", 504, {"detail": "Gateway Timeout"}),
        ("attraqt", 502, {"message": "INTERNAL: Internal error"}),
    )

    @pytest.mark.parametrize("dialect", ["docs", "server"])
    def test_a_status_alone_has_the_vendors_body(self, emulation: Emulation, dialect: str) -> None:
        """In both dialects of Squared."""
        client = emulation.client(headers={"Accept": "application/json"})
        control = emulation.control(client)
        control.patch("/settings", json={"squared.dialect": dialect, "rate_limits": "off"})
        paths = {"braze": "/braze/catalogs", "attraqt": "/attraqt/catalogs"}
        for vendor, status, words in self.STATUSES:
            control.post("/faults", json={"vendor": vendor, "status": status})

            answer = client.get(paths.get(vendor, "/squared/api/v1/connectors"))

            body = answer.json()
            body = {**body, **(body["errors"][0] if "errors" in body else {})}
            assert answer.status_code == status
            [(name, expected)] = words.items()
            assert str(body[name]).startswith(str(expected)), (vendor, status, body)

    def test_a_429_shows_an_exhausted_limit(
        self, emulation: Emulation, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """If the call has a limit; `Retry-After` leads to its next window."""
        control.put("/clock", json={"mode": "frozen", "now": "2025-03-01T09:00:18Z"})
        arm(status=429)

        limited = braze.get("/catalogs").headers

        assert (limited["x-ratelimit-remaining"], limited["retry-after"]) == ("0", "42")
        assert braze.get("/catalogs").headers["x-ratelimit-remaining"] == "48"
        client = emulation.client("/attraqt")
        wanted = {"vendor": "attraqt", "status": 429}
        emulation.control(client).post("/faults", json=wanted)
        assert client.get("/catalogs").json()["message"].startswith("RESOURCE_EXHAUSTED")

    @pytest.mark.parametrize("limits", ["vendor", "off"])
    def test_a_429_has_the_armed_retry_after(self, emulation: Emulation, limits: str) -> None:
        """With every limit and vendor; 0 lets a client retry at once."""
        client = emulation.client()
        control = emulation.control(client)
        control.patch("/settings", json={"rate_limits": limits})
        control.put("/clock", json={"mode": "frozen", "now": "2025-03-01T09:00:18Z"})
        calls = {"braze": ("GET", "/braze/catalogs"), "squared": ("POST", "/squared/api/v1/signup")}
        for vendor, (method, path) in calls.items():
            for wait in (0, 7):
                wanted = {"vendor": vendor, "status": 429, "retry_after": wait}
                armed = control.post("/faults", json=wanted).json()
                limited = client.request(method, path)

                assert armed["retry_after"] == wait
                assert (limited.status_code, limited.headers["retry-after"]) == (429, str(wait))
        assert client.get("/braze/catalogs").headers["x-ratelimit-remaining"] != "0"

    def test_the_reset_header_agrees_with_retry_after(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """Both headers show the same instant."""
        control.put("/clock", json={"mode": "frozen", "now": "2025-03-01T09:00:18Z"})
        arm(status=429, retry_after=5)

        limited = braze.get("/catalogs").headers

        assert int(limited["x-ratelimit-reset"]) == 1740819618 + 5

    def test_brazes_error_has_the_values_of_the_path(self, arm: Arm, braze: httpx.Client) -> None:
        """Parameters and values agree if possible."""
        arm(error="item-not-found")

        [error] = braze.get("/catalogs/shop/items/a").json()["errors"]

        assert (error["parameters"], error["parameter_values"]) == (["item_id"], ["a"])

    def test_the_token_endpoint_fails_with_an_oauth_error(self, emulation: Emulation) -> None:
        """As its own errors."""
        client = emulation.client("/attraqt", token="")
        operation = next(
            o
            for v in VENDORS
            if v.name == "attraqt"
            for o in v.api.router.operations
            if o.credential
        )
        sandbox = {"X-Mockalog-Sandbox": "oauth"}
        wanted = {"vendor": "attraqt", "operation": operation.name, "status": 401}
        emulation.control(headers=sandbox).post("/faults", json=wanted)
        path = operation.path.replace("{", "").replace("}", "")
        form = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}

        answer = client.post(path, data=form, headers=sandbox)

        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
