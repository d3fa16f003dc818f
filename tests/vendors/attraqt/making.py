"""What the tests make: small valid schemas, trees and catalogs, and clocks that stand still."""

from typing import Any

import httpx

from tests.emulation import Emulation

PRODUCT = {"name": "product", "attributes": [{"name": "title", "type": "TEXT"}]}
SHOP = {
    "name": "shop",
    "localizedNames": [{"name": "Shop", "locale": "en_GB"}],
    "children": [
        {
            "name": "men",
            "localizedNames": [{"name": "Men", "locale": "en_GB"}],
            "children": [
                {"name": "shoes", "localizedNames": [{"name": "Shoes", "locale": "en_GB"}]}
            ],
        }
    ],
}
OF_PRODUCT = {"catalogItemSchemas": [{"name": "product", "version": 1}]}


def make_item_schema(client: httpx.Client, **changes: Any) -> int:
    """Store an item schema and return its version."""
    return _version(client.post("/item-schemas", json={**PRODUCT, **changes}))


def make_category_tree(client: httpx.Client, **changes: Any) -> int:
    """Store a category tree and return its version."""
    return _version(client.post("/category-trees", json={**SHOP, **changes}))


def make_catalog(client: httpx.Client, **changes: Any) -> int:
    """Store a catalog and return its version; its schema is stored on the way if need be."""
    client.post("/item-schemas", json=PRODUCT)
    return _version(client.post("/catalogs", json={**OF_PRODUCT, **changes}))


def make_active_catalog(client: httpx.Client) -> int:
    """Store a catalog, activate it and return its version."""
    version = make_catalog(client)
    assert client.post(f"/catalogs/activate/{version}").status_code == 200
    return version


def states(client: httpx.Client) -> dict[int, str]:
    """Return the state of each catalog by its version."""
    return {c["version"]: c["state"] for c in client.get("/catalogs").json()["catalogs"]}


def freeze(emulation: Emulation, client: httpx.Client, now: str) -> None:
    """Stop the clock of the client's sandbox at an instant."""
    answer = emulation.control(client).put("/clock", json={"mode": "frozen", "now": now})
    assert answer.status_code == 200


def advance(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Let time pass in the client's sandbox."""
    answer = emulation.control(client).post("/clock/advance", json={"seconds": seconds})
    assert answer.status_code == 200


def delay_activation(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Let activations in the client's sandbox take their time."""
    answer = emulation.control(client).patch(
        "/settings", json={"attraqt.activation_delay": seconds}
    )
    assert answer.status_code == 200


def outcomes(emulation: Emulation, client: httpx.Client) -> list[str]:
    """Return what the jobs of the client's sandbox say of themselves."""
    return [job["outcome"] for job in emulation.control(client).get("/jobs").json()["jobs"]]


def error(answer: httpx.Response) -> tuple[int, int, str]:
    """Return status, code and category of an error, after a look at its shape."""
    body = answer.json()
    assert list(body) == ["code", "message", "details"]
    assert body["details"] == []
    category, separator, text = body["message"].partition(": ")
    assert separator
    assert text
    return answer.status_code, body["code"], category


def _version(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["version"]
    return int(answer.json()["version"])
