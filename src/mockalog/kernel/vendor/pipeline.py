"""The pipeline of a vendor's call: admission, faults, transaction, response.

docs/decisions/0001-routes-of-fastapi.md tells why this is no chain of dependencies.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import assert_never

from starlette.types import Receive, Scope, Send

from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.errors import (
    ConnectionDroppedError,
    ForbiddenError,
    RateLimitedError,
    UnauthorizedError,
)
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.rate_limits import consume
from mockalog.kernel.http.responses import Response
from mockalog.kernel.jobs.runner import DueJobError
from mockalog.kernel.late_imports import NotReadyError
from mockalog.kernel.sandboxes.attribution import credentials
from mockalog.kernel.sandboxes.authentication import (
    OpenAuthenticator,
    Principal,
    identify_anonymous_caller,
    identify_by_subject,
    identify_public_caller,
)
from mockalog.kernel.sandboxes.placeholders import PLACEHOLDERS
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.fault_responses import refusal_for
from mockalog.kernel.vendor.faults import Fault
from mockalog.kernel.vendor.responder import Responder
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router


class VendorRoute(Route):
    """An operation of a vendor's API."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call whose body is read; raise errors for the app to word.

        Responder and exchange come in the scope, because several apps share a route.
        """
        responder: Responder = scope["responder"]
        exchange: Exchange = scope["exchange"]
        exchange.operation = self.name
        call = Call(responder.runtime, exchange, self)
        if responder.api.auth.parse_json_first:
            _check_json(call)
        await self._admit(responder, call)
        if self.imports:
            await self.import_late(call)
        parameters: Mapping[str, str] = scope["path_params"]
        if call.sandbox.armed:
            response = await self._handle_with_faults(responder, call, parameters)
        else:
            response = await self._run_endpoint(responder, call, parameters)
        await responder.send(responder.api.revalidated(exchange, response), exchange, send)

    async def _run_endpoint(
        self, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response:
        try:
            async with responder.runtime.database.transaction(call.sandbox.id) as connection:
                call.enter(connection)
                response: Response = await self.endpoint(call, **parameters)
                return response
        except DueJobError:  # raised by `Call.catch_up`, before any change of the call
            await responder.runtime.jobs.run_due(call.sandbox, call.sandbox.clock.now())
        except NotReadyError as late:
            await late.load()
        return await self._run_endpoint(responder, call, parameters)

    async def _handle_with_faults(
        self, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response:
        """Apply the fault that matches the call, if any, and record it in the journal."""
        async with responder.runtime.database.transaction(call.sandbox.id) as connection:
            fault = await call.match_fault(connection)
        responder.runtime.sandboxes.forget()
        if fault is None:
            return await self._run_with_jobs(responder, call, parameters)
        _record(call, fault)
        return await self._apply_fault(responder, call, parameters, fault)

    async def _apply_fault(
        self, responder: Responder, call: Call, parameters: Mapping[str, str], fault: Fault
    ) -> Response:
        """Return the fault's response, or the endpoint's if the fault only delays the call.

        The delay is in no transaction, so it delays no other call.
        """
        response = await self._response_before(fault, responder, call, parameters)
        await asyncio.sleep(fault.delay)
        if fault.drops:
            raise ConnectionDroppedError
        if refusal := self._refusal(fault, responder, call, parameters):
            return responder.refuse(refusal, call.exchange)
        return response or await self._run_with_jobs(responder, call, parameters)

    async def _response_before(
        self, fault: Fault, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response | None:
        """Return the endpoint's response if the fault's phase lets the endpoint run first."""
        match fault.phase:
            case "before" | "job":
                return None
            case "after":
                return await self._outcome(responder, call, parameters)
            case _ as never:
                assert_never(never)

    def _refusal(
        self, fault: Fault, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Exception | None:
        errors, unauthorized = responder.api.faults, self.unauthorized_error
        return refusal_for(errors, fault, call.exchange, unauthorized, parameters)

    async def _outcome(
        self, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response:
        """Return the endpoint's response; an error is worded too, because it may be replaced."""
        try:
            return await self._run_with_jobs(responder, call, parameters)
        except Exception as error:  # noqa: BLE001 - no error reaches a client unworded
            return responder.refuse(error, call.exchange)

    async def _run_with_jobs(
        self, responder: Responder, call: Call, parameters: Mapping[str, str]
    ) -> Response:
        response = await self._run_endpoint(responder, call, parameters)
        if call.job_fault is not None:
            _record(call, call.job_fault)
        return response

    async def _admit(self, responder: Responder, call: Call) -> None:
        """Authenticate, run due jobs, check the permission, count the call."""
        call.principal = principal = await self._authenticate(responder, call)
        call.now = principal.sandbox.clock.now()
        if principal.sandbox.name != TEMPLATE:
            await self._enter(responder, call)
        if not responder.api.auth.service_checks_permission:
            await self._authorise(responder, call)
        await self._count(responder, call)

    async def _enter(self, responder: Responder, call: Call) -> None:
        """Note the use of the caller's sandbox, and run its due jobs."""
        sandbox, now = call.sandbox, call.now
        responder.runtime.sandboxes.uses.note(sandbox.name)
        call.exchange.sandbox_id = sandbox.id
        if sandbox.has_due(now):
            jobs, delayed_only = responder.runtime.jobs, self.runs_before_immediate_jobs
            await jobs.run_due(sandbox, now, delayed_only=delayed_only)

    async def _authenticate(self, responder: Responder, call: Call) -> Principal:
        token, sandbox = credentials(call.exchange)
        call.exchange.token = token
        vendor = responder.vendor.name
        authenticator, sandboxes = responder.runtime.authenticator, responder.runtime.sandboxes
        if self.public:
            caller = await identify_public_caller(authenticator, sandboxes, vendor, token, sandbox)
            if caller is not None:
                return caller
            if self.anonymous:
                return await identify_anonymous_caller(sandboxes)
        for reading in self._readings(call, token):
            call.exchange.token = token = reading
            if token not in PLACEHOLDERS:
                if (found := await self._identify_by_subject(responder, token)) is not None:
                    return found
                with suppress(UnauthorizedError):
                    return await authenticator.authenticate(vendor, token, sandbox)
        if self.unauthorized_error is UnauthorizedError:
            raise UnauthorizedError(token)
        raise self.unauthorized_error

    async def _identify_by_subject(self, responder: Responder, token: str) -> Principal | None:
        runtime, find = responder.runtime, self.find_sandboxes
        if find is None or not isinstance(runtime.authenticator, OpenAuthenticator):
            return None
        vendor = responder.vendor.name
        return await identify_by_subject(runtime.database, runtime.sandboxes, vendor, token, find)

    def _readings(self, call: Call, token: str) -> tuple[str, ...]:
        """Return the readings of the credential; `token` is the one of `Authorization: Bearer`."""
        found = token if self.credential is None else self.credential(call)
        return (found,) if isinstance(found, str) else found

    async def _authorise(self, responder: Responder, call: Call) -> None:
        """Check the permission; a refused call shows the rate limit without using it."""
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


def _record(call: Call, fault: Fault) -> None:
    call.exchange.faults += ({"id": fault.id, "phase": fault.phase},)
