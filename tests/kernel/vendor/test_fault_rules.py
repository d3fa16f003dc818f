"""Rules of faults: a fault that cannot apply to a call is refused."""

from typing import Any

import httpx
import pytest

from tests.arming import Arm


class TestRefusals:
    """A test gets the reason when it arms the fault, or imports it."""

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


class TestPathsAndStatuses:
    """Those that no operation of the vendor has."""

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

    def test_a_status_without_an_answer_is_refused(self, control: httpx.Client) -> None:
        """The error lists the statuses that the vendor can answer."""
        refused = control.post("/faults", json={"vendor": "braze", "status": 408})

        assert refused.status_code == 400
        said = "braze has no error for status 408 alone: arm an error id, or one of 400, 401, 403, "
        assert refused.json()["detail"].startswith(said)
