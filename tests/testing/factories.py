"""Test data of the package `mockalog.testing`."""

from typing import Any

import httpx

SHOP: dict[str, Any] = {
    "catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]
}


def shops(client: httpx.Client) -> int:
    """Return the number of Braze catalogs."""
    return len(client.get("/catalogs").json()["catalogs"])
