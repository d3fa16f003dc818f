"""A remote emulator: a container, or a `mockalog serve` on any machine."""

import ssl
from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from mockalog.addresses import reachable
from mockalog.testing.controls.client import ControlClient
from mockalog.testing.controls.serialization import JsonObject
from mockalog.testing.emulators.direct import DirectTransport
from mockalog.testing.emulators.tls import context_of, fetch_certificate

# Seconds of each step of a request that finds out whether a port can be reached.
PROBE_TIMEOUT = 1.0


class Remote:
    """An emulator that runs already. It is neither started nor stopped here.

    `known_urls` holds addresses of vendors that the caller knows.
    """

    def __init__(
        self, url: str, headers: Mapping[str, str], known_urls: Mapping[str, str] | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._known_urls = known_urls or {}
        self._headers = headers
        self.urls: Mapping[str, str] = {"mockalog": self._url}
        self.strict = False
        self.ca_certificate: str | None = None

    def start(self) -> None:
        """Connect, and read the server's information; raises `UnreachableError`."""
        self.ca_certificate = fetch_certificate(self._url)
        self.transport = httpx.HTTPTransport(verify=self._context())
        self.control_transport = DirectTransport(self._context())
        try:
            self._read_info()
        except BaseException:
            self.stop()
            raise

    def _read_info(self) -> None:
        info = ControlClient(self._url, self.control_transport, self._headers).call("GET", "/info")
        self.strict = info["auth"] == "strict"
        addresses = {vendor["name"]: self._address(info, vendor) for vendor in info["vendors"]}
        self.urls = {"mockalog": self._url, **addresses}

    def stop(self) -> None:
        """Close the connections."""
        self.transport.close()
        self.control_transport.close()

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport for an `httpx.AsyncClient`."""
        return httpx.AsyncHTTPTransport(verify=self._context())

    def preload(self, vendors: Collection[str]) -> None:
        """Do nothing: the server reads its own disk."""

    def unmatched_possible(self, since: datetime | None = None) -> bool:
        """Return True: only a call could find out."""
        return True

    def _context(self) -> ssl.SSLContext:
        return context_of(self._url, self.ca_certificate)

    def _address(self, info: JsonObject, vendor: JsonObject) -> str:
        """Return a vendor's address: the known one, otherwise its port, otherwise its prefix.

        Many clients drop a path prefix, so the port is better. It is right only if the main port
        was not mapped to another one.
        """
        if known := self._known_urls.get(vendor["name"]):
            return known.rstrip("/")
        prefixed = f"{self._url}{vendor['prefix']}"
        here = urlsplit(self._url)
        if here.path or here.port != info["port"]:
            return prefixed
        by_port = f"{here.scheme}://{reachable(here.hostname or '')}:{urlsplit(vendor['url']).port}"
        return by_port if self._responses(by_port) else prefixed

    def _responses(self, url: str) -> bool:
        request = httpx.Request("GET", f"{url}/_mockalog/ready")
        steps = ("connect", "read", "write", "pool")
        request.extensions["timeout"] = dict.fromkeys(steps, PROBE_TIMEOUT)
        try:
            return self.control_transport.handle_request(request).status_code == 200
        except httpx.TransportError:
            return False
