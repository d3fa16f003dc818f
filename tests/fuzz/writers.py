"""A client that writes, and knows which of its writes were acknowledged."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from random import Random
from threading import Semaphore

import httpx

TENANCY = {"tenant": "acme", "environment": "live1"}
SEED = {
    "mockalog": 1,
    "settings": {"rate_limits": "off"},
    "braze": {
        "catalogs": [
            {
                "name": "shop",
                "fields": [{"name": "id", "type": "string"}, {"name": "N", "type": "number"}],
                "items": [{"id": "counter", "N": 0}],
            }
        ]
    },
    "attraqt": {
        "tenancies": [
            {
                **TENANCY,
                "locale": "en_GB",
                "schemas": [{"name": "product", "attributes": [{"name": "title", "type": "TEXT"}]}],
                "trees": [],
                "catalogs": [{"active": True}],
            }
        ]
    },
}
_CONNECTORS = "/api/v1/connectors"

# A loopback server speaks no TLS, and reading the certificates takes 20 ms.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

# Seconds: a busy machine is no failure.
PATIENCE = 60


class Lost(Exception):  # noqa: N818 - it is no error of this program
    """A response that differs from an acknowledged write."""


class Writer:
    """Writes into a sandbox of its own, on all three vendors and the control plane.

    A number that is written has three values: the last acknowledged, the last attempted, and the
    present one, which must lie between them.
    """

    def __init__(self, token: str, acknowledged: Semaphore, seed: int) -> None:
        self.count = 0
        self._headers = {"Authorization": f"Bearer {token}", "Workspace-Id": "1"}
        self._acknowledged = acknowledged
        self._random = Random(seed)
        self._number = 0
        self._is_seeded = False
        # The acknowledged and the attempted value of each number.
        self._values = dict.fromkeys(self._writes(), (0, 0))
        self._items: list[str] = []
        self._connectors: list[str] = []

    def _writes(self) -> dict[str, Callable[[httpx.Client, Mapping[str, str], int], None]]:
        return {
            "counter": self._write_counter,
            "title": self._write_title,
            "setting": self._write_setting,
            "item": self._write_item,
            "accepted item": self._write_accepted_item,
            "connector": self._write_connector,
        }

    def check_and_write(self, addresses: Mapping[str, str]) -> list[str]:
        """Look for every acknowledged write, then write until the server is gone."""
        findings = self.lost(addresses)
        try:
            with self._client() as client:
                while True:
                    self._write(client, addresses)
        except httpx.TransportError:
            return findings
        except Lost as problem:
            return [*findings, str(problem)]

    def lost(self, addresses: Mapping[str, str]) -> list[str]:
        """Return the acknowledged writes that are lost; empty if the server ends meanwhile."""
        if not self._is_seeded:
            return []
        try:
            with self._client() as client:
                return list(self._lost(client, addresses))
        except httpx.TransportError:
            return []

    def _client(self) -> httpx.Client:
        return httpx.Client(headers=self._headers, verify=NO_TLS, timeout=PATIENCE, trust_env=False)

    def _write(self, client: httpx.Client, addresses: Mapping[str, str]) -> None:
        """Make one write; it counts when its response is a success."""
        if not self._is_seeded:
            seeded = client.post(f"{addresses['mockalog']}/_mockalog/seed", json=SEED)
            # A kill after the commit leaves the seed without its acknowledgement.
            if not seeded.is_success and b"already" not in seeded.content:
                raise Lost(f"the seed: {seeded.text}")
            self._is_seeded = True
        kind = self._random.choice([*self._values])
        self._number += 1
        self._values[kind] = self._values[kind][0], self._number
        self._writes()[kind](client, addresses, self._number)
        self._values[kind] = self._number, self._number
        self.count += 1
        self._acknowledged.release()

    def _write_counter(self, client: httpx.Client, urls: Mapping[str, str], number: int) -> None:
        path = f"{urls['braze']}/catalogs/shop/items/counter"
        _success(client.patch(path, json={"items": [{"N": number}]}))

    def _write_title(self, client: httpx.Client, urls: Mapping[str, str], number: int) -> None:
        attributes = {"title": str(number)}
        item = {"id": "A", "type": "product", "catalogVersion": 1, "attributes": attributes}
        _success(client.post(f"{urls['attraqt']}/items", params=TENANCY, json=[item]))

    def _write_setting(self, client: httpx.Client, urls: Mapping[str, str], number: int) -> None:
        path = f"{urls['mockalog']}/_mockalog/settings"
        _success(client.patch(path, json={"braze.random_seed": number}))

    def _write_item(self, client: httpx.Client, urls: Mapping[str, str], number: int) -> None:
        path = f"{urls['braze']}/catalogs/shop/items/i{number}"
        _success(client.post(path, json={"items": [{"N": number}]}))
        self._items.append(f"i{number}")

    def _write_accepted_item(
        self, client: httpx.Client, urls: Mapping[str, str], number: int
    ) -> None:
        body = {"items": [{"id": f"i{number}", "N": number}]}
        _success(client.post(f"{urls['braze']}/catalogs/shop/items", json=body))
        self._items.append(f"i{number}")

    def _write_connector(self, client: httpx.Client, urls: Mapping[str, str], number: int) -> None:
        connector = {
            "name": f"c{number}",
            "connector_type": "source",
            "connector_name": "Snowflake",
            "configuration": {"host": "h"},
        }
        path = f"{urls['squared']}{_CONNECTORS}"
        created = _success(client.post(path, json={"connector": connector}))
        self._connectors.append(str(created.json()["data"]["id"]))

    def _lost(self, client: httpx.Client, urls: Mapping[str, str]) -> Iterator[str]:
        for kind, present in self._present(client, urls):
            least, most = self._values[kind]
            if not least <= present <= most:
                yield f"{kind} is {present}, acknowledged was {least} and attempted {most}"
        for item in self._items:
            found = client.get(f"{urls['braze']}/catalogs/shop/items/{item}")
            if found.status_code != 200:
                yield f"item {item}: {found.status_code} {found.text}"
        for connector in self._connectors:
            found = client.get(f"{urls['squared']}{_CONNECTORS}/{connector}")
            if found.status_code != 200:
                yield f"connector {connector}: {found.status_code} {found.text}"

    def _present(self, client: httpx.Client, urls: Mapping[str, str]) -> Iterator[tuple[str, int]]:
        """Yield the present value of each number."""
        counter = client.get(f"{urls['braze']}/catalogs/shop/items/counter").json()
        yield "counter", int(counter["items"][0]["N"])
        control = f"{urls['mockalog']}/_mockalog"
        yield "setting", int(client.get(f"{control}/settings").json()["braze.random_seed"])
        query = {**TENANCY, "catalogVersion": "1"}
        items = client.get(f"{control}/attraqt/items", params=query).json()["items"]
        yield "title", int(items[0]["attributes"]["title"]) if items else 0


def _success(response: httpx.Response) -> httpx.Response:
    if not response.is_success:
        raise Lost(
            f"{response.request.method} {response.url}: {response.status_code} {response.text}"
        )
    return response
