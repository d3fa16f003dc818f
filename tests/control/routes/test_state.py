"""The calls of state documents: adding, replacing, and limits of bodies."""

import pytest

from tests.emulation import Emulation
from tests.kernel.factories import SHOP, names


def test_a_seed_adds_and_a_state_replaces(emulation: Emulation) -> None:
    """JSON works too; jobs of a seed run, and limits are not used."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    client.post("/catalogs", json=SHOP)
    more = {"mockalog": 1, "braze": {"catalogs": [{**SHOP["catalogs"][0], "name": "more"}]}}

    assert control.post("/seed", json=more).status_code == 200
    assert names(client) == ["shop", "more"]
    assert control.get("/requests/count").json() == {"count": 2}
    assert control.put("/state", json=more).json() == {"status": "replaced"}
    assert names(client) == ["more"]
    assert control.get("/requests/count").json() == {"count": 1}


def test_a_document_beyond_the_limit_is_refused(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 413."""
    monkeypatch.setattr("mockalog.control.routes.state.MAX_DOCUMENT", 10)

    answer = emulation.control(emulation.client()).put("/state", content="x" * 11)

    assert answer.status_code == 413
