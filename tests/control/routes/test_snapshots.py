"""The calls of snapshots: saving, listing, and errors."""

import pytest

from tests.emulation import Emulation
from tests.kernel.factories import SHOP, names


def test_a_snapshot_outlives_resets_and_is_listed(emulation: Emulation) -> None:
    """By name; a second save replaces it; each sandbox has its own."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    client.post("/catalogs", json=SHOP)
    saved = control.put("/snapshots/b").json()
    control.put("/snapshots/a")
    client.delete("/catalogs/shop")
    control.put("/snapshots/a")

    control.post("/reset")
    listed = control.get("/snapshots").json()["snapshots"]

    assert [one["name"] for one in listed] == ["a", "b"]
    assert saved in listed
    assert emulation.control(emulation.client()).get("/snapshots").json() == {"snapshots": []}
    assert control.post("/snapshots/b/restore").json() == {"status": "restored", "name": "b"}
    assert names(client) == ["shop"]
    assert control.post("/reset", json={"to": "snapshot:a"}).status_code == 200
    assert names(client) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/snapshots/none/restore"), ("DELETE", "/snapshots/none"), ("POST", "/reset")],
)
def test_a_missing_snapshot_changes_nothing(emulation: Emulation, method: str, path: str) -> None:
    """The error is a 404."""
    client = emulation.client("/braze")
    client.post("/catalogs", json=SHOP)
    body = {"to": "snapshot:none"} if path == "/reset" else None

    answer = emulation.control(client).request(method, path, json=body)

    assert answer.status_code == 404
    assert answer.json()["detail"] == "snapshot 'none' does not exist"
    assert names(client) == ["shop"]


@pytest.mark.parametrize("name", ["%00", "%0A", "a" * 201])
def test_an_invalid_name_is_refused(emulation: Emulation, name: str) -> None:
    """Control characters and long names."""
    control = emulation.control(emulation.client())

    assert control.put(f"/snapshots/{name}").status_code == 400
