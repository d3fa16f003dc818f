"""Which vendor a request is for: port, Host header or path prefix."""

from typing import Any

import httpx
import pytest

from mockalog.control import Control
from mockalog.dispatch import Dispatcher
from mockalog.settings import load_settings
from mockalog.vendors import BY_NAME, VENDORS
from tests.emulation import Emulation, emulate

UNAUTHORIZED = 401


@pytest.mark.parametrize("vendor", [vendor.name for vendor in VENDORS])
def test_each_vendor_has_a_prefix_and_a_virtual_host(emulation: Emulation, vendor: str) -> None:
    """`/braze/…` on any host and `/…` on braze.localhost mean the same."""
    by_prefix = emulation.client(f"/{vendor}").get("/nowhere")
    by_host = emulation.client().get("/nowhere", headers={"Host": f"{vendor}.localhost:8000"})

    assert by_prefix.text == by_host.text
    assert by_prefix.status_code == by_host.status_code == 404


REAL_HOSTS = [
    ("rest.iad-03.braze.com", "/catalogs", 200),
    ("rest.fra-01.braze.eu", "/catalogs", 200),
    ("REST.IAD-01.BRAZE.COM:443", "/catalogs", 200),
    ("rest.evil.iad-01.braze.com", "/catalogs", 404),
    ("items.attraqt.io", "/catalogs?tenant=a&environment=b", 200),
    ("api.squared.ai", "/api/v1/connectors", 200),
]


@pytest.mark.parametrize(("host", "path", "status"), REAL_HOSTS)
def test_the_vendors_real_names_work_as_hosts(
    emulation: Emulation, host: str, path: str, status: int
) -> None:
    """A client whose DNS is bent needs no other change."""
    assert emulation.client().get(path, headers={"Host": host}).status_code == status


@pytest.mark.parametrize(("setting", "vendor"), [(f"{v.name}_port", v.name) for v in VENDORS])
def test_a_vendors_own_port_serves_it_at_the_root(setting: str, vendor: str) -> None:
    """The port wins over Host header and prefix."""
    settings: dict[str, Any] = {setting: 8642}
    with emulate(**settings) as emulation:
        at_port = emulation.client(headers={"Host": "rest.iad-03.braze.com"})
        at_port.base_url = httpx.URL("http://mockalog.test:8642")
        answer = at_port.get("/nowhere")
        expected = emulation.client(f"/{vendor}").get("/nowhere")

    assert answer.text == expected.text


@pytest.mark.parametrize("path", ["/", "/catalogs", "/brazen/catalogs", "/_mockalogs/info"])
def test_a_request_that_fits_no_vendor_is_told_how_to_address_each(
    emulation: Emulation, path: str
) -> None:
    """A 404 that helps."""
    answer = emulation.client().get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    ways = answer.json()["vendors"]
    assert set(ways) == {vendor.name for vendor in VENDORS}
    assert ways["braze"] == {
        "prefix": "/braze",
        "ports": [8002],
        "hosts": ["braze.localhost", "rest.*.braze.com", "rest.*.braze.eu"],
    }


def test_many_invented_hosts_do_not_fill_the_memory(emulation: Emulation) -> None:
    """What is remembered of hosts is bounded."""
    addressing = Dispatcher(
        Control(emulation.runtime, load_settings(), BY_NAME), {}, VENDORS, emulation.runtime, {}
    )
    for number in range(2500):
        addressing._vendor_of_host([(b"host", b"h%d" % number)])

    assert len(addressing._by_host) <= 1001


def test_no_vendor_path_begins_with_the_reserved_prefix() -> None:
    """`/_mockalog` answers on every port, so no vendor may use it."""
    paths = [operation.path for vendor in VENDORS for operation in vendor.api.router.operations]

    assert not [path for path in paths if path.startswith("/_mockalog")]
