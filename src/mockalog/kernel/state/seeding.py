"""Applying a vendor's seed: its own calls, one after the other, in one transaction."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from mockalog.kernel.clock import LATEST
from mockalog.kernel.database.interfaces import Connection
from mockalog.kernel.documents.errors import InvalidDocumentError, Path
from mockalog.kernel.errors import ApiError
from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.late_imports import NotImportedError, import_in_thread, missing
from mockalog.kernel.sandboxes.authentication import Principal
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor

SUCCESS = range(200, 300)


class Seeder:
    """Calls one vendor for a seed: no credential, no limit, no journal, and jobs done at once.

    `sandbox` has the settings under which the seed is applied.
    """

    def __init__(
        self, runtime: Runtime, vendor: Vendor, connection: Connection, sandbox: Sandbox
    ) -> None:
        self._runtime = runtime
        self._vendor = vendor
        self._connection = connection
        self._sandbox = sandbox

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        at: Path,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return what the vendor answers; raises `InvalidDocumentError` with its own words."""
        exchange = _exchange(method, path, query or {}, headers or {})
        exchange.request_body = b"" if body is None else dumps(body)
        answer = await self._answer(exchange)
        if answer.status not in SUCCESS:
            said = answer.body.decode()
            problem = f"{self._vendor.title} refuses it with {answer.status}: {said}"
            raise InvalidDocumentError(problem, at)
        return loads(answer.body)

    async def _answer(self, exchange: Exchange) -> Response:
        try:
            route, parameters = self._find(exchange)
            call = Call(self._runtime, exchange, route)
            call.principal = Principal(self._sandbox)
            call.now = self._sandbox.clock.now()
            if modules := missing(route.libraries(call)):
                raise NotImportedError(route.name, partial(import_in_thread, modules))
            call.enter(self._connection)
            answer: Response = await route.endpoint(call, **parameters)
        except ApiError as refusal:
            return self._vendor.api.envelope(refusal, exchange)
        await self._runtime.jobs.run_within(call.repository, self._sandbox, LATEST)
        return answer

    def _find(self, exchange: Exchange) -> tuple[Route, dict[str, str]]:
        """Return the vendor's operation, or what it adds to the control plane, and parameters."""
        path = exchange.raw_path.removeprefix(f"{CONTROL_PREFIX}/{self._vendor.name}")
        is_own = path == exchange.raw_path
        api = self._vendor.api
        router = api.router if is_own else api.control_routes
        return router.find(exchange.method, path)


def _exchange(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> Exchange:
    sent = {"content-type": "application/json", **headers}
    return Exchange(
        {
            "scheme": "http",
            "method": method,
            "path": path,
            "query_string": urlencode(query).encode(),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }
    )
