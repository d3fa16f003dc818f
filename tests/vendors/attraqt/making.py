"""What the tests make: small valid schemas, trees and catalogs, and clocks that stand still."""

from typing import Any

import httpx
from sqlalchemy import bindparam, select, update

from mockalog.kernel.database.models import jobs
from mockalog.kernel.formats.json import dumps, loads
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


def item(item_id: str = "A1", version: int | str = 1, **changes: Any) -> dict[str, Any]:
    """Return an item of the small schema."""
    attributes = {"title": f"Thing {item_id}"}
    small = {"id": item_id, "catalogVersion": version, "type": "product", "attributes": attributes}
    return {**small, **changes}


def send(client: httpx.Client, *items: Any, **query: Any) -> list[dict[str, Any]]:
    """Stream items and return the answer, which must be a success."""
    answer = client.post("/items", json=items, params=query)
    assert answer.status_code == 200, answer.text
    receipts: list[dict[str, Any]] = answer.json()
    return receipts


def inspect(emulation: Emulation, client: httpx.Client, **query: Any) -> httpx.Response:
    """Ask the control plane for the items of catalog 1 of the client's tenancy."""
    params = {**dict(client.params), "catalogVersion": 1, **query}
    return emulation.control(client).get("/attraqt/items", params=params)


def stored(
    emulation: Emulation, client: httpx.Client, version: int = 1
) -> dict[str, dict[str, Any]]:
    """Return the attributes of the items of a catalog by id; counter and list must agree."""
    page = inspect(emulation, client, catalogVersion=version).json()
    assert page["count"] == len(page["items"])
    return {found["id"]: found["attributes"] for found in page["items"]}


def make_batch(client: httpx.Client, *items: Any) -> str:
    """Make a batch of items, which name no catalog, and return its id."""
    batch = str(client.post("/batch-imports").json()["id"])
    bare = [{k: v for k, v in one.items() if k != "catalogVersion"} for one in items]
    answer = client.post("/batch-imports/items", json=bare, params={"batch_id": batch})
    assert answer.status_code == 200, answer.text
    return batch


def ingest(client: httpx.Client, batch: str | None = None, **changes: Any) -> str:
    """Start an ingestion into catalog 1 and return its id."""
    body = {"catalogVersion": 1, "batchImportId": batch, **changes}
    answer = client.post("/batch-imports/ingestions", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def ingestion(client: httpx.Client, name: str) -> dict[str, Any]:
    """Return what an ingestion says of itself."""
    found: dict[str, Any] = client.get(f"/batch-imports/ingestions/{name}").json()
    return found


def statistics(client: httpx.Client, version: int = 1) -> dict[str, Any]:
    """Return the counts of a catalog's updates."""
    path = f"/feedback/catalog-version/{version}/updates/statistics/summary/absolute"
    counts: dict[str, Any] = client.get(path).json()
    return counts


def change_settings(emulation: Emulation, client: httpx.Client, **changes: Any) -> None:
    """Set Attraqt's options in the client's sandbox, by their last names."""
    settings = {f"attraqt.{name}": value for name, value in changes.items()}
    assert emulation.control(client).patch("/settings", json=settings).status_code == 200


def delay_activation(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Let activations in the client's sandbox take their time."""
    answer = emulation.control(client).patch(
        "/settings", json={"attraqt.activation_delay": seconds}
    )
    assert answer.status_code == 200


_PENDING = select(jobs).where(jobs.c.sandbox_id == bindparam("sandbox"), jobs.c.state == "pending")
_SPOIL = update(jobs).where(jobs.c.id == bindparam("job")).values(payload=bindparam("spoilt"))


def spoil(emulation: Emulation, client: httpx.Client, kind: str, key: str, value: Any) -> None:
    """Write a payload that cannot be carried out into the waiting jobs of a kind."""

    sandbox = sandbox_of(emulation, client)

    async def spoil_in_place() -> None:
        async with emulation.runtime.database.transaction() as connection:
            for job in await connection.all(_PENDING, {"sandbox": sandbox}):
                if job.kind == kind:
                    payload = dumps({**loads(job.payload), key: value}).decode()
                    await connection.run(_SPOIL, {"job": job.id, "spoilt": payload})

    emulation.run(spoil_in_place)


def sandbox_of(emulation: Emulation, client: httpx.Client) -> int:
    """Return the id of a client's sandbox."""
    token = client.headers["Authorization"].removeprefix("Bearer ")

    async def authenticate() -> int:
        principal = await emulation.runtime.authenticator.authenticate("attraqt", token, None)
        return principal.sandbox.id

    found: int = emulation.run(authenticate)
    return found


def update_of(client: httpx.Client, receipt: str, version: int = 1) -> dict[str, Any]:
    """Return what feedback tells of a receipt."""
    answer = client.get(f"/feedback/catalog-version/{version}/updates/{receipt}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["update"]
    return found


def updates_of(client: httpx.Client, state: str, version: int = 1) -> list[tuple[str, str]]:
    """Return item and message of a catalog's updates in a state, in their order."""
    path = f"/feedback/catalog-version/{version}/updates/statistics/details/{state}/absolute"
    listed = client.get(path).json()["updates"]
    return [(update["itemId"], update["message"]) for update in reversed(listed)]


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
