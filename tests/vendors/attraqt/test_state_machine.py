"""Catalogs and items compared with a small model, in any order of calls."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.emulation import Emulation, emulate
from tests.vendors.attraqt.factories import OF_PRODUCT, item, make_item_schema
from tests.vendors.attraqt.requests import states, stored
from tests.vendors.attraqt.steering import change_settings, limit_rates, settle

VERSIONS = st.integers(1, 6)
IDS = st.sampled_from(["A1", "A2", "A3"])


class Model:
    """The expected state and items of each catalog; `last` is the highest version."""

    def __init__(self) -> None:
        self.last = 0
        self.states: dict[int, str] = {}
        self.items: dict[int, set[str]] = {}

    def create(self) -> bool:
        """Two catalogs at most; numbers never come back."""
        if len(self.states) == 2:
            return False
        self.last += 1
        self.states[self.last], self.items[self.last] = "INACTIVE", set()
        return True

    def delete(self, version: int) -> bool:
        """Only an inactive one, with its items."""
        allowed = self.states.get(version) == "INACTIVE"
        if allowed:
            del self.states[version], self.items[version]
        return allowed

    def activate(self, version: int) -> bool:
        """Only an inactive one, and only one at a time."""
        allowed = self.states.get(version) == "INACTIVE"
        if allowed := allowed and "ACTIVATING" not in self.states.values():
            self.states[version] = "ACTIVATING"
        return allowed

    def settle(self, wanted: int) -> None:
        """End the activation: the catalog becomes ACTIVE, or INACTIVE if items are missing."""
        for version in [v for v, state in self.states.items() if state == "ACTIVATING"]:
            enough = len(self.items[version]) >= wanted
            if enough:
                self.states = {
                    v: "INACTIVE" if s == "ACTIVE" else s for v, s in self.states.items()
                }
            self.states[version] = "ACTIVE" if enough else "INACTIVE"


class Machine(RuleBasedStateMachine):
    """Makes the same calls to the emulator and to the model, and compares them."""

    emulation: Emulation

    def __init__(self) -> None:
        super().__init__()
        query = {"tenant": "acme", "environment": "live1"}
        self.client = self.emulation.client("/attraqt", params=query)
        limit_rates(self.emulation, self.client, "off")
        change_settings(self.emulation, self.client, activation_delay=60)
        make_item_schema(self.client)
        self.model = Model()
        self.wanted = 0

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """Send a request, which never fails with 500."""
        answer = self.client.request(method, path, json=body, params=query)
        assert answer.status_code in (200, 400, 404)
        return answer

    @rule()
    def create(self) -> None:
        """Create a catalog."""
        answer = self.ask("POST", "/catalogs", OF_PRODUCT)
        assert (answer.status_code == 200) == self.model.create()
        if answer.status_code == 200:
            assert answer.json() == {"version": self.model.last}

    @rule(version=VERSIONS)
    def delete(self, version: int) -> None:
        """Delete a catalog, whether it is there or not."""
        answer = self.ask("DELETE", f"/catalogs/{version}")
        assert (answer.status_code == 200) == self.model.delete(version)

    @rule(version=VERSIONS, wanted=st.integers(0, 2))
    def activate(self, version: int, wanted: int) -> None:
        """Start an activation."""
        answer = self.ask("POST", f"/catalogs/activate/{version}", minItemCount=wanted)
        assert (answer.status_code == 200) == self.model.activate(version)
        if answer.status_code == 200:
            self.wanted = wanted

    @precondition(lambda self: "ACTIVATING" in self.model.states.values())
    @rule()
    def settle(self) -> None:
        """End the activation: the catalog becomes ACTIVE, or INACTIVE if items are missing."""
        settle(self.emulation, self.client)
        self.model.settle(self.wanted)

    @rule(version=VERSIONS, ids=st.lists(IDS, max_size=3))
    def send(self, version: int, ids: list[str]) -> None:
        """Stream items, some of them twice."""
        answer = self.ask("POST", "/items", [item(one, version) for one in ids])
        assert (answer.status_code == 200) == (not ids or version in self.model.items)
        if answer.status_code == 200 and ids:
            self.model.items[version] |= set(ids)

    @rule(version=VERSIONS, ids=st.lists(IDS, min_size=1, max_size=2))
    def remove(self, version: int, ids: list[str]) -> None:
        """Delete items, whether they are there or not."""
        answer = self.ask("POST", "/items/delete", [item(one, version) for one in ids])
        assert (answer.status_code == 200) == (version in self.model.items)
        if answer.status_code == 200:
            self.model.items[version] -= set(ids)

    @invariant()
    def agree(self) -> None:
        """Never more than two catalogs, one ACTIVE, one ACTIVATING; deleted items are gone."""
        found = states(self.client)
        assert found == self.model.states
        assert len(found) <= 2
        for state in ("ACTIVE", "ACTIVATING"):
            assert list(found.values()).count(state) <= 1
        for version in found:
            assert set(stored(self.emulation, self.client, version)) == self.model.items[version]


@pytest.fixture(scope="module")
def alone(database_url: str) -> Iterator[Emulation]:
    """An app of this test alone, because it uses hundreds of sandboxes."""
    with emulate(database_url=database_url, migrate=True) as emulation:
        yield emulation


def test_the_emulator_agrees_with_the_model(alone: Emulation) -> None:
    """Fewer calls if each takes longer."""
    Machine.emulation = alone
    is_sqlite = not alone.runtime.database.shared
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25 if is_sqlite else 8,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
