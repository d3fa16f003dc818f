"""Snapshots of tests, and the rows of sandboxes."""

from typing import Any

import httpx

from mockalog.kernel.database.models import sandboxes
from mockalog.kernel.sandboxes.credentials import digest
from tests.emulation import Emulation
from tests.kernel.factories import SHOP
from tests.queries import query_of

SEED = {
    "mockalog": 1,
    "settings": {"braze.async_delay": 3},
    "braze": {
        "catalogs": [
            {
                "name": "seeded",
                "fields": [{"name": "id", "type": "string"}],
                "items": [{"id": f"i{n}"} for n in range(60)],
            }
        ]
    },
}


def identities(emulation: Emulation) -> list[Any]:
    """Return the row of every identity, live or not."""

    async def read() -> list[Any]:
        async with emulation.runtime.database.transaction() as connection:
            return list(await connection.all(query_of(sandboxes.select()), {}))

    found: list[Any] = emulation.run(read)
    return found


def row_of(emulation: Emulation, client: httpx.Client) -> Any:
    """Return the row of a client's sandbox."""
    name = digest(client.headers["authorization"].removeprefix("Bearer "))
    [found] = [row for row in identities(emulation) if row.name == name]
    return found


def kept_shop(emulation: Emulation) -> tuple[httpx.Client, httpx.Client]:
    """Return a client with a catalog in the snapshot `s`, and its control plane."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    client.post("/catalogs", json=SHOP)
    control.put("/snapshots/s")
    return client, control
