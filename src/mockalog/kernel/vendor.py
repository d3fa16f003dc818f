"""A vendor, the way of a request through it, and the choke point for everything refused.

Routing, admission and the transaction stand here in one readable line instead of in framework
dependencies: see "Decisions" in CONTRIBUTING.md for what that saves.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from mockalog import __version__
from mockalog.kernel.attribution import attribute, credentials
from mockalog.kernel.auth import Principal, bystander
from mockalog.kernel.body import read_body
from mockalog.kernel.call import Call
from mockalog.kernel.database import Outage
from mockalog.kernel.errors import (
    Dropped,
    Forbidden,
    RateLimited,
    Refused,
    Unauthorized,
    Unexpected,
)
from mockalog.kernel.failures import Provoke, provoked
from mockalog.kernel.faults import Fault
from mockalog.kernel.jobs import FailureHandler, Handler
from mockalog.kernel.journal import Exchange
from mockalog.kernel.options import Options
from mockalog.kernel.rate_limit import take
from mockalog.kernel.routing import Operation, Router
from mockalog.kernel.seeds import Seed
from mockalog.kernel.wire import Answer, Headers

if TYPE_CHECKING:
    from mockalog.kernel.invariants import Invariant
    from mockalog.kernel.runtime import Runtime

logger = logging.getLogger(__name__)

VERSION_HEADER = (b"x-mockalog", __version__.encode())
NO_CONTENT = 204

# Where a server puts, in a scope's state, what closes the connection without an answer.
DROP = "mockalog.drop"

# Of a vendor that names no limit of its own. No vendor documents a larger one.
MAX_BODY = 16 * 1024 * 1024


@dataclass(frozen=True)
class Vendor:
    """One emulated API, as data."""

    name: str
    title: str
    router: Router
    # Words a refusal; the only place that knows the vendor's error JSON.
    envelope: Callable[[Refused, Exchange], Answer]
    # What every answer carries besides its type and length.
    headers: Callable[["Runtime", Exchange, Answer], Headers]
    # Virtual hosts: `<name>.localhost` and the vendor's real names; `*` matches one label.
    hosts: tuple[str, ...] = ()
    options: type[Options] = Options
    # Returns what a seed file may say of it; a function, so that it can be imported late.
    seed: Callable[[], type[Seed]] = lambda: Seed
    # Returns what its rows owe each other; late, too.
    invariants: Callable[[], "Iterable[Invariant]"] = tuple
    jobs: Mapping[str, Handler] = field(default_factory=dict)
    # What follows when a job of that kind failed; a kind may have nothing to mend.
    job_failures: Mapping[str, FailureHandler] = field(default_factory=dict)
    # What a test can provoke: by the vendor's error id, and by a status alone. The kernel knows
    # 401, 403, 429, 500 and 502 to 504.
    faults: Mapping[str, Provoke] = field(default_factory=dict)
    statuses: Mapping[int, Provoke] = field(default_factory=dict)
    # What a credential may hold though no operation here asks for it.
    permissions: frozenset[str] = frozenset()
    # Calls under `/_mockalog/<name>` that show or do what the vendor's API cannot.
    inspections: Router = field(default_factory=Router)
    # What a path may end in without meaning anything else, such as Rails' `.json`.
    suffix: str = ""
    # Bytes; larger bodies are refused while they arrive, unread.
    max_body: int = MAX_BODY
    # Answers what needs neither credential nor operation, such as a browser's preflight.
    upfront: Callable[[Exchange], Answer | None] = lambda exchange: None
    # What the journal calls these.
    upfront_names: frozenset[str] = frozenset()
    # Whether bad JSON is noticed before the credential is looked at.
    parses_first: bool = False
    # Whether the service itself calls `Call.authorise`, after its own first checks.
    authorises_late: bool = False


class VendorApp:
    """The vendor as an ASGI app: every byte it sends is the vendor's."""

    def __init__(self, vendor: Vendor, runtime: "Runtime") -> None:
        self._vendor = vendor
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong on the way is worded by the vendor."""
        exchange: Exchange = scope["exchange"]
        exchange.vendor = self._vendor.name
        try:
            answer = await self._attributed(exchange, receive)
        except (Dropped, asyncio.CancelledError) as end:  # cancelled: the server stops
            await self._drop(scope, exchange, send, end)
            return
        except Exception as error:  # noqa: BLE001 - nothing may reach a client unworded
            answer = self._refuse(error, exchange)
        await self._send(answer, exchange, send)

    async def _attributed(self, exchange: Exchange, receive: Receive) -> Answer:
        """Take the request on its way; if it is refused before that is known, say whose it is."""
        try:
            return await self._answer(exchange, receive)
        except Refused:
            if exchange.sandbox_id is None:
                await attribute(self._runtime.authenticator, self._runtime.sandboxes, exchange)
            raise

    async def _answer(self, exchange: Exchange, receive: Receive) -> Answer:
        """Take the request through routing, admission and its transaction."""
        exchange.request_body = await read_body(exchange.headers, receive, self._vendor.max_body)
        if reply := self._vendor.upfront(exchange):
            return reply
        path = exchange.raw_path.rstrip("/").removesuffix(self._vendor.suffix)
        operation, parameters = self._vendor.router.find(exchange.method, path)
        exchange.operation = operation.name
        call = Call(self._runtime, exchange, operation)
        if self._vendor.parses_first:
            self._check_json(call)
        await self._admit(call, operation)
        if call.sandbox.armed:
            return await self._under_fire(call, parameters)
        return await self._do(call, parameters)

    async def _do(self, call: Call, parameters: Mapping[str, str]) -> Answer:
        async with self._runtime.database.transaction() as connection:
            call.enter(connection)
            return await call.operation.endpoint(call, **parameters)

    async def _under_fire(self, call: Call, parameters: Mapping[str, str]) -> Answer:
        """Do what is asked where faults are armed, and tell the journal which of them struck."""
        async with self._runtime.database.transaction() as connection:
            fault = await call.strike(connection)
        self._runtime.sandboxes.forget()
        if fault is not None:
            _note(call, fault)
            return await self._struck(call, parameters, fault)
        return await self._do_with_jobs(call, parameters)

    async def _struck(self, call: Call, parameters: Mapping[str, str], fault: Fault) -> Answer:
        """Let a fault happen: before anything is done, or instead of the answer to it.

        Nothing waits for the delay but this call: it is in no transaction.
        """
        reply = None
        if fault.phase == "after":
            reply = await self._outcome(call, parameters)
        await asyncio.sleep(fault.delay)
        if fault.drops:
            raise Dropped
        if refusal := provoked(self._vendor, fault, call.exchange, call.operation, parameters):
            return self._refuse(refusal, call.exchange)
        return reply or await self._do_with_jobs(call, parameters)

    async def _outcome(self, call: Call, parameters: Mapping[str, str]) -> Answer:
        """Return the answer, a refusal too: whatever it is, it may get lost."""
        try:
            return await self._do_with_jobs(call, parameters)
        except Exception as error:  # noqa: BLE001 - nothing may reach a client unworded
            return self._refuse(error, call.exchange)

    async def _do_with_jobs(self, call: Call, parameters: Mapping[str, str]) -> Answer:
        reply = await self._do(call, parameters)
        if call.job_fault is not None:
            _note(call, call.job_fault)
        return reply

    def _check_json(self, call: Call) -> None:
        if b"json" in dict(call.exchange.headers).get(b"content-type", b"").lower():
            _ = call.json

    async def _admit(self, call: Call, operation: Operation) -> None:
        """Authenticate, bring the sandbox up to date, check the permission, count the call."""
        call.principal = principal = await self._authenticate(call, operation)
        sandbox = principal.sandbox
        call.exchange.sandbox_id = sandbox.id
        call.now = now = sandbox.clock.now()
        if sandbox.has_due(now):
            await self._runtime.jobs.run_due(sandbox, now, delayed_only=operation.overtakes)
        if not self._vendor.authorises_late:
            await self._authorise(call, operation)
        await self._count(call, operation)

    async def _authenticate(self, call: Call, operation: Operation) -> Principal:
        token, sandbox = credentials(call.exchange)
        call.exchange.token = token
        authenticator, sandboxes = self._runtime.authenticator, self._runtime.sandboxes
        if operation.public:
            who = self._vendor.name, token, sandbox
            if principal := await bystander(authenticator, sandboxes, *who):
                return principal
        if operation.credential is not None:
            call.exchange.token = token = operation.credential(call)
        try:
            if not token:
                raise Unauthorized
            return await authenticator.authenticate(self._vendor.name, token, sandbox)
        except Unauthorized:
            if operation.unauthorized is Unauthorized:
                raise
            raise operation.unauthorized from None

    async def _authorise(self, call: Call, operation: Operation) -> None:
        """Check the permission; a refusal shows the bucket, though it takes nothing from it."""
        try:
            call.authorise()
        except Forbidden:
            await self._count(call, operation, calls=0)
            raise

    async def _count(self, call: Call, operation: Operation, calls: int = 1) -> None:
        """Count the call against its bucket, unless a setting takes the bucket away."""
        bucket = operation.bucket
        if bucket is None or (bucket.unless and call.setting(bucket.unless[0]) == bucket.unless[1]):
            return
        bucket = bucket.of(call)
        if bucket is None:
            return
        mode = call.setting("rate_limits")
        quota = await take(self._runtime.limiter, bucket, call.sandbox.id, call.now, mode, calls)
        call.exchange.quota = quota
        if quota.exceeded and calls:
            raise RateLimited(quota.retry_after)

    def _refuse(self, error: Exception, exchange: Exchange) -> Answer:
        """Word a refusal; anything else is our own fault, logged and answered without detail."""
        if not isinstance(error, Refused):
            # An outage is no fault in the code, whose trace would tell anything.
            trace = None if isinstance(error, Outage) else error
            logger.error("%s %s failed: %s", exchange.method, exchange.path, error, exc_info=trace)
            error = Unexpected()
        return self._vendor.envelope(error, exchange)

    async def _drop(self, scope: Scope, exchange: Exchange, send: Send, end: BaseException) -> None:
        """Close the connection; raises `end` where there is none, in process."""
        drop = scope.get("state", {}).get(DROP)
        if drop is None:
            self._runtime.journal.record(exchange)
            raise end
        drop()
        # Goes nowhere, but the server takes the request for done.
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        exchange.status, exchange.response_headers = 0, []

    async def _send(self, answer: Answer, exchange: Exchange, send: Send) -> None:
        headers: list[tuple[bytes, bytes]] = []
        if answer.status != NO_CONTENT:  # RFC 9110: such an answer has no length
            headers.append((b"content-length", b"%d" % len(answer.body)))
        if answer.content_type is not None:
            headers.append((b"content-type", answer.content_type))
        headers += self._vendor.headers(self._runtime, exchange, answer)
        headers += answer.headers
        headers.append(VERSION_HEADER)
        body = b"" if exchange.method == "HEAD" else answer.body
        start = {"type": "http.response.start", "status": answer.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _note(call: Call, fault: Fault) -> None:
    call.exchange.faults += ({"id": fault.id, "phase": fault.phase},)
