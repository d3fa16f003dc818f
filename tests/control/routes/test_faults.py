"""The calls of faults: arming, listing, disarming."""

import httpx

from tests.arming import Arm, statuses
from tests.emulation import Emulation, emulate


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
