"""Seeding: apply a vendor's seed by its own calls."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from urllib.parse import urlencode

from mockalog.kernel.clock import LATEST
from mockalog.kernel.database.interfaces import Connection
from mockalog.kernel.documents.errors import InvalidDocumentError, Path
from mockalog.kernel.errors import ApiError
from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.jobs.queue import SubjectGoneError
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.late_imports import NotImportedError, import_in_thread, missing
from mockalog.kernel.sandboxes.authentication import Principal
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor

SUCCESS = range(200, 300)


# Runs one call's work in a transaction: one of its own, or one that all calls share.
Transactions = Callable[[Callable[[Connection], Awaitable[Response]]], Awaitable[Response]]


class Seeder:
    """Makes a vendor's calls for a seed: without credential, rate limit, journal or delay of jobs.

    `sandbox` has the settings that apply to the calls.
    """

    def __init__(
        self, runtime: Runtime, vendor: Vendor, transactions: Transactions, sandbox: Sandbox
    ) -> None:
        self._runtime = runtime
        self._vendor = vendor
        self._transactions = transactions
        self._sandbox = sandbox

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        at: Path,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> object:
        """Return the value of the vendor's response (see `Caller.call`)."""
        exchange = _exchange(method, path, query or {}, headers or {})
        exchange.request_body = b"" if body is None else dumps(body)
        response = await self._respond(exchange)
        if response.status not in SUCCESS:
            refusal = f"{response.status}: {response.body.decode()}"
            raise InvalidDocumentError(f"{self._vendor.title} refuses it with {refusal}", at)
        return loads(response.body)

    async def _respond(self, exchange: Exchange) -> Response:
        try:
            return await self._transactions(partial(self._run, exchange))
        except ApiError as refusal:
            return self._vendor.api.envelope(refusal, exchange)

    async def _run(self, exchange: Exchange, connection: Connection) -> Response:
        route, parameters = self._find(exchange)
        call = Call(self._runtime, exchange, route)
        call.principal = Principal(self._sandbox)
        call.now = self._sandbox.clock.now()
        if modules := missing(route.libraries(call)):
            raise NotImportedError(route.name, partial(import_in_thread, modules))
        call.enter(connection)
        response: Response = await route.endpoint(call, **parameters)
        try:
            await self._runtime.jobs.run_within(call.repository, self._sandbox, LATEST)
        except SubjectGoneError as error:
            raise InvalidDocumentError(
                f"a pending job fails: {error}", ("tables", "jobs")
            ) from None
        return response

    def _find(self, exchange: Exchange) -> tuple[Route, dict[str, str]]:
        """Return the route and its parameters: the vendor's own, or one of its control routes."""
        path = exchange.raw_path.removeprefix(f"{CONTROL_PREFIX}/{self._vendor.name}")
        is_control = path != exchange.raw_path
        api = self._vendor.api
        router = api.control_routes if is_control else api.router
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
