"""Faults: armed by a test, struck in the vendor's own words, counted exactly."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.emulation import Emulation, emulate

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}
SCHEMA = {"name": "p", "attributes": [{"name": "a", "type": "TEXT"}]}

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
    """List the catalogs so many times; return the statuses."""
    return [client.get("/catalogs").status_code for _ in range(count)]


def names(client: httpx.Client) -> list[str]:
    """Return the names of the catalogs that there are."""
    return [catalog["name"] for catalog in client.get("/catalogs").json()["catalogs"]]


def tried(client: httpx.Client, method: str, url: str, **options: Any) -> list[Any]:
    """Send like a client that comes again after a failure; return what became of each try."""
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

    def test_a_fault_that_says_little_fails_the_next_call_once(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """With the vendor's own 500; what is left of it is shown."""
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

    def test_another_sandbox_notices_nothing_and_cannot_disarm(
        self, emulation: Emulation, arm: Arm, braze: httpx.Client
    ) -> None:
        """Faults are a sandbox's."""
        armed = arm()
        other = emulation.client("/braze")

        assert emulation.control(other).get("/faults").json() == {"faults": []}
        assert emulation.control(other).delete(f"/faults/{armed['id']}").status_code == 404
        assert emulation.control(other).delete("/faults").json() == {"count": 0}
        assert statuses(other, 1) == [200]
        assert statuses(braze, 1) == [500]

    def test_a_reset_disarms(self, arm: Arm, control: httpx.Client, braze: httpx.Client) -> None:
        """With everything else of the sandbox."""
        arm(times=5)

        control.post("/reset")

        assert statuses(braze, 1) == [200]
        assert control.get("/faults").json() == {"faults": []}

    def test_without_a_sandbox_all_calls_of_the_server_are_counted_together(self) -> None:
        """Those of sandboxes that open later too; what a sandbox has of its own stays its own."""
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
            assert [fault["times"] for fault in own.get("/faults").json()["faults"]] == [2, 9]
            assert len(server.get("/faults").json()["faults"]) == 2
            assert server.delete(f"/faults/{armed['id']}").status_code == 204
            assert server.delete("/faults").json() == {"count": 1}
            assert statuses(early, 1) == [200]

    REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
        ({"vendor": "brazen"}, "there is no vendor 'brazen'; there is: braze"),
        ({"operation": "create_item_"}, "there is no braze operation 'create_item_'; there is:"),
        ({"error": "catalog-notfound"}, "there is: catalog-not-found"),
        ({"error": "catalog-not-found", "status": 400}, "has status 404, not 400"),
        ({"status": 200}, "braze has no words for status 200"),
        ({"status": 418}, "braze has no words for status 418"),
        ({"phase": "job", "operation": "create_catalog"}, "create_catalog schedules no job"),
        ({"phase": "job", "vendor": "squared"}, "* schedules no job; of squared"),
        ({"phase": "job", "drop": True}, "a job has no answer to drop or to delay"),
        ({"phase": "job", "delay": 1}, "a job has no answer to drop or to delay"),
        ({"drop": True, "error": "item-not-found"}, "a dropped connection carries no error"),
        ({"times": 0}, "times"),
        ({"times": 2**31}, "times"),
        ({"after": -1}, "after"),
        ({"delay": -1}, "delay"),
        ({"delay": 1e9}, "delay"),
        ({"phase": "meanwhile"}, "phase"),
        ({"path": "catalogs"}, "path"),
        ({"path": "/\0"}, "path"),
        ({"error": "\0"}, "there is no braze error"),
        ({"sort": "of"}, "sort"),
    )

    @pytest.mark.parametrize(("wanted", "reason"), REFUSED)
    def test_what_could_never_strike_as_it_says_is_refused(
        self, control: httpx.Client, wanted: dict[str, Any], reason: str
    ) -> None:
        """Once, when it is armed, with the way out; nothing is armed then."""
        answer = control.post("/faults", json={"vendor": "braze", **wanted})

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert reason in answer.json()["detail"]
        assert control.get("/faults").json() == {"faults": []}


class TestWhom:
    """Which calls a fault strikes."""

    def test_by_operation_and_by_path(self, arm: Arm, braze: httpx.Client) -> None:
        """Exactly or by a glob, as the vendor's API has the path."""
        braze.post("/catalogs", json=SHOP)
        arm(operation="list_items", status=502)
        arm(path="/catalogs/*/items/?", status=503)
        arm(path="/catalogs/[shop]/items", status=504)

        assert braze.get("/catalogs").status_code == 200
        assert braze.get("/catalogs/shop/items/7%37").status_code == 404
        assert braze.get("/catalogs/shop/items").status_code == 502
        assert braze.get("/catalogs/shop/items/%37").status_code == 503
        assert braze.get("/catalogs/[shop]/items").status_code == 504

    def test_the_first_n_pass_and_the_next_m_fail(self, arm: Arm, braze: httpx.Client) -> None:
        """In the order of the calls."""
        arm(after=2, times=3, status=503)

        assert statuses(braze, 6) == [200, 200, 503, 503, 503, 200]

    def test_several_faults_strike_one_after_the_other(self, arm: Arm, braze: httpx.Client) -> None:
        """In the order in which they were armed; each counts the calls that it lets pass."""
        arm(status=503)
        arm(status=429)
        arm(status=504, after=3)

        assert statuses(braze, 5) == [503, 429, 200, 504, 200]

    def test_of_fifty_calls_at_once_exactly_three_fail(
        self, emulation: Emulation, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """And five pass before, whichever those are."""
        control.patch("/settings", json={"rate_limits": "off"})
        arm(times=3, after=5, status=503)
        requests = [braze.build_request("GET", "/catalogs") for _ in range(50)]

        answered = [answer.status_code for answer in emulation.at_once(braze, requests)]

        assert sorted(answered) == [200] * 47 + [503] * 3
        assert control.get("/faults").json()["faults"][0]["remaining"] == 0

    def test_what_is_refused_before_uses_nothing_up(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """Unknown paths, missing credentials and used-up limits come first."""
        control.patch("/settings", json={"rate_limits": "tiny"})
        control.put("/clock", json={"mode": "frozen"})
        arm(status=503)

        sandbox = {"X-Mockalog-Sandbox": "x", "Authorization": ""}
        assert braze.get("/nope").status_code == 404
        assert braze.get("/catalogs", headers=sandbox).status_code == 401
        assert statuses(braze, 2) == [503, 429]

    def test_nothing_armed_costs_no_statement(
        self, emulation: Emulation, arm: Arm, braze: httpx.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The sandbox knows; a fault that is used up is not asked for again."""
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
    """Before, after, in a job: each seen by a client that tries again."""

    @pytest.mark.parametrize("how", [{"status": 503}, {"drop": True}])
    def test_before_nothing_is_done(
        self, arm: Arm, braze: httpx.Client, how: dict[str, Any]
    ) -> None:
        """The second try does it."""
        arm(operation="create_catalog", **how)

        outcomes = tried(braze, "POST", "/catalogs", json=SHOP)

        assert outcomes == [how.get("status", "lost"), 201]
        assert names(braze) == ["shop"]

    @pytest.mark.parametrize("how", [{"status": 503}, {"drop": True}])
    def test_after_the_change_is_committed_once_and_its_answer_lost(
        self, arm: Arm, braze: httpx.Client, how: dict[str, Any]
    ) -> None:
        """The second try meets what the first has done."""
        arm(operation="create_catalog", phase="after", **how)

        outcomes = tried(braze, "POST", "/catalogs", json=SHOP)

        assert outcomes == [how.get("status", "lost"), 400]
        assert names(braze) == ["shop"]

    def test_a_refusal_can_get_lost_too(self, arm: Arm, braze: httpx.Client) -> None:
        """Whatever the answer was."""
        arm(phase="after", status=504)

        assert braze.delete("/catalogs/none").status_code == 504
        assert braze.delete("/catalogs/none").status_code == 404

    def test_a_job_fails_after_its_call_was_accepted(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """A refused call uses nothing up; the next call's job works."""
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
        """One message for two catalogs is one call."""
        control = emulation.control(attraqt)
        control.patch("/settings", json={"attraqt.ingestion_delay": 1})
        attraqt.post("/item-schemas", json=SCHEMA)
        for _ in range(2):
            body = {"catalogItemSchemas": [{"name": "p", "version": 1}]}
            assert attraqt.post("/catalogs", json=body).status_code == 200
        wanted = {"vendor": "attraqt", "phase": "job", "status": 500, "after": 1}
        assert control.post("/faults", json=wanted).status_code == 201
        for number in ("1", "2"):
            item = {
                "id": f"a-{number}",
                "type": "p",
                "itemSchema": {"name": "p", "version": 1},
                "attributes": [],
            }
            operations = [{"catalogVersion": version, "item": item} for version in (1, 2)]
            attraqt.post("/items", json={"items": operations})
        control.post("/clock/settle")

    def test_a_delay_alone_answers_late_and_holds_nobody_up(
        self, emulation: Emulation, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """The sandbox's other calls are answered meanwhile."""
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
        by_operation = {r["operation"]: r for r in control.get("/requests").json()["requests"]}
        assert (
            by_operation["create_catalog"]["duration"]
            >= 0.3
            > by_operation["list_catalogs"]["duration"]
        )

    def test_the_journal_tells_which_fault_struck(
        self, arm: Arm, control: httpx.Client, braze: httpx.Client
    ) -> None:
        """A dropped connection has no status."""
        first, second = arm(status=503), arm(drop=True, phase="after")
        tried(braze, "POST", "/catalogs", json=SHOP)

        exchanges = control.get("/requests").json()["requests"]

        assert [(r["response"]["status"], r["faults"]) for r in exchanges] == [
            (503, [{"id": first["id"], "phase": "before"}]),
            (0, [{"id": second["id"], "phase": "after"}]),
            (400, []),
        ]
