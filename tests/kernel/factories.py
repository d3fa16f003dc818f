"""Braze's catalogs in tests of the kernel."""

import httpx

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}
CATALOG = {"name": "x", "fields": [{"name": "id", "type": "string"}]}


def names(client: httpx.Client) -> list[str]:
    """Return the names of the catalogs that a Braze client sees."""
    return [catalog["name"] for catalog in client.get("/catalogs").json()["catalogs"]]
