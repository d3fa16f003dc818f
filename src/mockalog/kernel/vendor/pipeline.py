"""The way of a vendor's call: admission, faults, transaction, answer.

Framework dependencies could say the same; docs/decisions/0001-routes-of-fastapi.md tells how much this saves.
"""

import asyncio
from collections.abc import Mapping

from starlette.types import Receive, Scope, Send

from mockalog.kernel.errors import (
    ConnectionDroppedError,
    ForbiddenError,
    RateLimitedError,
    UnauthorizedError,
)
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.rate_limits import consume
from mockalog.kernel.http.responses import Response
from mockalog.kernel.sandboxes.attribution import credentials
from mockalog.kernel.sandboxes.authentication import Principal, identify_public_caller
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.fault_responses import refusal_for
from mockalog.kernel.vendor.faults import Fault
from mockalog.kernel.vendor.responder import Responder
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router


class VendorRoute(Route):
    """An operation of a vendor's API."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call whose body is read; what is refused is raised, for the app to word.

        The app and the exchange are in the scope: a route belongs to no responder.
        """
        responder: Responder = scope["responder"]
        exchange: Exchange = scope["exchange"]
        exchange.operation = self.name
        call = Call(responder.runtime, exchange, self)
        if responder.api.parse_json_before_auth:
            _check_json(call)
        await self._admit(responder, call)
        if self.imports:
            await self.import_late(call)
        parameters: Mapping[str, str] = scope["path_params"]
        if call.sandbox.armed:
            answer = await self._handle_with_faults(responder, call, parameters)
        else:
            answer = await self._run_endpoint(responder, call, parameters)
        await responder.send(answer, exchange, send)

    async def _run_endpoint(
        self, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response:
        async with responder.runtime.database.transaction() as connection:
            call.enter(connection)
            answer: Response = await self.endpoint(call, **parameters)
            return answer

    async def _handle_with_faults(
        self, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response:
        """Do what is asked where faults are armed, and tell the journal which of them struck."""
        async with responder.runtime.database.transaction() as connection:
            fault = await call.match_fault(connection)
        responder.runtime.sandboxes.forget()
        if fault is not None:
            _note(call, fault)
            return await self._apply_fault(responder, call, parameters, fault)
        return await self._run_with_jobs(responder, call, parameters)

    async def _apply_fault(
        self, responder: Responder, call: Call, parameters: Mapping[str, str], fault: Fault
    ) -> Response:
        """Let a fault happen: before anything is done, or instead of the answer to it.

        Nothing waits for the delay but this call: it is in no transaction.
        """
        reply = None
        if fault.phase == "after":
            reply = await self._outcome(responder, call, parameters)
        await asyncio.sleep(fault.delay)
        if fault.drops:
            raise ConnectionDroppedError
        if refusal := refusal_for(
            responder.api.faults,
            responder.api.statuses,
            fault,
            call.exchange,
            self.unauthorized_error,
            parameters,
        ):
            return responder.refuse(refusal, call.exchange)
        return reply or await self._run_with_jobs(responder, call, parameters)

    async def _outcome(
        self, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response:
        """Return the answer, a refusal too: whatever it is, it may get lost."""
        try:
            return await self._run_with_jobs(responder, call, parameters)
        except Exception as error:  # noqa: BLE001 - nothing may reach a client unworded
            return responder.refuse(error, call.exchange)

    async def _run_with_jobs(
        self, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response:
        reply = await self._run_endpoint(responder, call, parameters)
        if call.job_fault is not None:
            _note(call, call.job_fault)
        return reply

    async def _admit(self, responder: Responder, call: Call) -> None:
        """Authenticate, bring the sandbox up to date, check the permission, count the call."""
        call.principal = principal = await self._authenticate(responder, call)
        sandbox = principal.sandbox
        call.exchange.sandbox_id = sandbox.id
        call.now = now = sandbox.clock.now()
        if sandbox.has_due(now):
            await responder.runtime.jobs.run_due(
                sandbox, now, delayed_only=self.runs_before_immediate_jobs
            )
        if not responder.api.service_checks_permission:
            await self._authorise(responder, call)
        await self._count(responder, call)

    async def _authenticate(self, responder: Responder, call: Call) -> Principal:
        token, sandbox = credentials(call.exchange)
        call.exchange.token = token
        authenticator, sandboxes = responder.runtime.authenticator, responder.runtime.sandboxes
        if self.public:
            who = responder.vendor.name, token, sandbox
            if principal := await identify_public_caller(authenticator, sandboxes, *who):
                return principal
        if self.credential is not None:
            call.exchange.token = token = self.credential(call)
        try:
            if not token:
                raise UnauthorizedError
            return await authenticator.authenticate(responder.vendor.name, token, sandbox)
        except UnauthorizedError:
            if self.unauthorized_error is UnauthorizedError:
                raise
            raise self.unauthorized_error from None

    async def _authorise(self, responder: Responder, call: Call) -> None:
        """Check the permission; a refusal shows the bucket, though it takes nothing from it."""
        try:
            call.authorise()
        except ForbiddenError:
            await self._count(responder, call, calls=0)
            raise

    async def _count(self, responder: Responder, call: Call, calls: int = 1) -> None:
        """Count the call against its bucket; raises `RateLimitedError`."""
        limit = None if self.bucket is None else self.bucket.limit_for(call)
        if limit is None:
            return
        limiter, mode = responder.runtime.limiter, call.setting("rate_limits")
        quota = await consume(limiter, limit, call.sandbox.id, call.now, mode, calls)
        call.exchange.quota = quota
        if quota.exceeded and calls:
            raise RateLimitedError(quota.retry_after)


class VendorRouter(Router):
    """The operations of a vendor's API."""

    kind = VendorRoute


def _check_json(call: Call) -> None:
    if b"json" in dict(call.exchange.headers).get(b"content-type", b"").lower():
        _ = call.json


def _note(call: Call, fault: Fault) -> None:
    call.exchange.faults += ({"id": fault.id, "phase": fault.phase},)
