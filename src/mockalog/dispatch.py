"""The vendor of a request: by port, then by Host header, then by path prefix."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from mockalog import __version__
from mockalog.kernel.errors import UnreadableRequestError
from mockalog.kernel.formats.json import dumps
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.journal import CONTROL_PREFIX, is_control_path
from mockalog.kernel.sandboxes.attribution import attribute
from mockalog.kernel.vendor.app import REFUSAL
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import ADDRESSED, Vendor


class Dispatcher:
    """Dispatches each request to a vendor's app or to the control plane."""

    def __init__(
        self,
        control: ASGIApp,
        apps: Mapping[str, ASGIApp],
        vendors: Sequence[Vendor],
        runtime: Runtime,
        ports: Mapping[str, int],
    ) -> None:
        self._runtime = runtime
        self._control = control
        self._apps = apps
        self._ports = {port: name for name, port in ports.items() if port}
        self._hosts = [(host_pattern(host), v.name) for v in vendors for host in v.hosts]
        self._by_host: dict[bytes, str | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Dispatch one request; an unknown address is answered with the known ones."""
        if is_control_path(scope["path"]):
            addressed = self._vendor_of_address(scope)
            await self._control({**scope, ADDRESSED: addressed}, receive, send)
            return
        exchange: Exchange = scope["exchange"]
        name = self._vendor_of(scope, exchange)
        if name is None:
            await attribute(self._runtime.authenticator, self._runtime.sandboxes, exchange)
            await self._answer_unknown_address(scope.get("state", {}).get(REFUSAL), send)
        else:
            await self._apps[name](scope, receive, send)

    def _vendor_of(self, scope: Scope, exchange: Exchange) -> str | None:
        return self._vendor_of_address(scope) or self._vendor_of_prefix(exchange)

    def _vendor_of_address(self, scope: Scope) -> str | None:
        """Return the vendor of the port or the host: its API is at the root there."""
        server = scope.get("server")
        by_port = self._ports.get(server[1]) if server else None
        return by_port or self._vendor_of_host(scope["headers"])

    def _vendor_of_host(self, headers: Sequence[tuple[bytes, bytes]]) -> str | None:
        host = next((value for name, value in headers if name == b"host"), b"")
        if host not in self._by_host:
            if len(self._by_host) > 1000:  # a scanner with invented hosts
                self._by_host.clear()
            self._by_host[host] = self._match_host(host)
        return self._by_host[host]

    def _match_host(self, host: bytes) -> str | None:
        bare = re.sub(r":\d+$", "", host.decode("latin-1")).lower()
        return next((name for pattern, name in self._hosts if pattern.fullmatch(bare)), None)

    def _vendor_of_prefix(self, exchange: Exchange) -> str | None:
        """Return the vendor of the path's prefix, and take the prefix off the path."""
        first, _, rest = exchange.raw_path[1:].partition("/")
        if first not in self._apps:
            return None
        exchange.base_path = f"/{first}"
        exchange.raw_path = f"/{rest}"
        return first

    async def _answer_unknown_address(
        self, refusal: UnreadableRequestError | None, send: Send
    ) -> None:
        """Answer with the known addresses, or with the refusal of a head that cannot be read."""
        if refusal is not None:
            title = HTTPStatus(refusal.status).phrase
            await _send_problem(send, refusal.status, title, refusal.reason)
            return
        await _send_problem(
            send,
            404,
            "No vendor at this address",
            "Address a vendor by its port, its host or its path prefix.",
            vendors={name: self._addresses_of(name) for name in self._apps},
            control=f"{CONTROL_PREFIX}/info",
        )

    def _addresses_of(self, name: str) -> dict[str, object]:
        ports = [port for port, vendor in self._ports.items() if vendor == name]
        hosts = [pattern.pattern for pattern, vendor in self._hosts if vendor == name]
        return {"prefix": f"/{name}", "ports": ports, "hosts": [_readable(h) for h in hosts]}


def host_pattern(host: str) -> re.Pattern[str]:
    """Return the pattern of a virtual host; `*` matches one label or a part of it."""
    return re.compile(re.escape(host).replace(r"\*", "[^.]+"))


def _readable(pattern: str) -> str:
    return pattern.replace("[^.]+", "*").replace("\\", "")


async def _send_problem(send: Send, status: int, title: str, detail: str, **more: object) -> None:
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    body = dumps(said)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-mockalog", __version__.encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
