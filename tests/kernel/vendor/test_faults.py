"""Faults: the calls that they apply to, counted exactly."""

from functools import partial
from typing import Any

import httpx
import pytest

from mockalog.kernel.database.interfaces import Connection
from mockalog.kernel.vendor import faults
from tests.arming import Arm, statuses
from tests.emulation import Emulation
from tests.kernel.factories import SHOP


async def _connection(emulation: Emulation) -> Connection:
    async with emulation.runtime.database.transaction() as connection:
        return connection


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

    @pytest.mark.parametrize("path", ["/catalogs/other-{}/items", "/catalogs/other-{}/*"])
    def test_many_faults_of_other_paths_cost_a_call_little(
        self, emulation: Emulation, arm: Arm, braze: httpx.Client, path: str
    ) -> None:
        """Exact paths are compared in the database, and each glob is compiled once."""
        fetched: list[int] = []
        for number in range(50):
            arm(path=path.format(number), status=503)
        arm(path="/catalogs//", status=504)

        async def count(connection: Connection, query: Any, values: Any) -> Any:
            rows = await all_rows(connection, query, values)
            if query in (faults._AT_CALL, faults._AT_JOBS):
                fetched.append(len(rows))
            return rows

        kind = type(emulation.run(partial(_connection, emulation)))
        all_rows = kind.all
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kind, "all", count)
            assert braze.get("/catalogs").status_code == 504
        assert fetched == [51 if "*" in path else 1]

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


def test_many_faults_are_listed_in_pages(arm: Arm, control: httpx.Client) -> None:
    """In the order of arming."""
    armed = [arm(status=503)["id"] for _ in range(faults.PAGE + 1)]

    listed = control.get("/faults").json()["faults"]

    assert [fault["id"] for fault in listed] == armed
