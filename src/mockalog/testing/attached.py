"""An emulator that runs elsewhere: a container, `mockalog serve`, a colleague's."""

import ssl
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from mockalog.addresses import reachable
from mockalog.testing.control import Control
from mockalog.testing.trust import context_of, fetch_certificate


class Attached:
    """Somebody else's emulator. It is neither started nor stopped."""

    def __init__(
        self, url: str, headers: Mapping[str, str], known: Mapping[str, str] | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._known = known or {}
        self._headers = headers
        self.urls: Mapping[str, str] = {"mockalog": self._url}
        self.strict = False
        self.ca_certificate: str | None = None

    def start(self) -> None:
        """Ask what it is; raises `Unreachable`."""
        self.ca_certificate = fetch_certificate(self._url)
        self.transport = httpx.HTTPTransport(verify=self._context())
        try:
            self._look_around()
        except BaseException:
            self.transport.close()
            raise

    def _look_around(self) -> None:
        info = Control(self._url, self.transport, self._headers).call("GET", "/info")
        self.strict = info["auth"] == "strict"
        addresses = {vendor["name"]: self._address(info, vendor) for vendor in info["vendors"]}
        self.urls = {"mockalog": self._url, **addresses}

    def stop(self) -> None:
        """Hang up."""
        self.transport.close()

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return what an `httpx.AsyncClient` reaches the server through."""
        return httpx.AsyncHTTPTransport(verify=self._context())

    def unmatched_possible(self, since: datetime | None = None) -> bool:
        """Return True: only a call could tell."""
        return True

    def _context(self) -> ssl.SSLContext:
        return context_of(self._url, self.ca_certificate)

    def _address(self, info: Mapping[str, Any], vendor: Mapping[str, Any]) -> str:
        """Return a vendor's address: the known one, its port, else its prefix.

        Many clients drop a path, so the port is better; it holds if the main one was not mapped.
        """
        if named := self._known.get(vendor["name"]):
            return named.rstrip("/")
        prefixed = f"{self._url}{vendor['prefix']}"
        here = urlsplit(self._url)
        if here.path or here.port != info["port"]:
            return prefixed
        by_port = f"{here.scheme}://{reachable(here.hostname or '')}:{urlsplit(vendor['url']).port}"
        return by_port if self._answers(by_port) else prefixed

    def _answers(self, url: str) -> bool:
        request = httpx.Request("GET", f"{url}/_mockalog/ready")
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), 1.0)
        try:
            answer = self.transport.handle_request(request)
            answer.read()
            answer.close()
            return answer.status_code == 200
        except httpx.HTTPError:
            return False
