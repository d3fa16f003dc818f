"""The route of a control call: find the sandbox, validate the parts, run the endpoint, answer.

FastAPI's dependencies could do the same; decision 1 in CONTRIBUTING.md says why they do not.
"""

from collections.abc import Mapping
from functools import cached_property
from inspect import signature
from typing import Any

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from mockalog.control.calls.call import App, ControlCall
from mockalog.control.calls.long_responses import LongResponse
from mockalog.control.calls.models import SandboxHeaders
from mockalog.control.calls.parts import Body, Part, Query
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router


class ControlRoute(Route):
    """A call of the control plane itself."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call whose body has been read. The app turns exceptions into problems."""
        app: App = scope["app"]
        call = ControlCall(app, scope, receive)
        call.exchange.operation = self.name
        try:
            if self.imports:
                await self.import_late(call)
            await app.send(await self._response(call, scope["path_params"]), call.exchange, send)
        finally:
            call.client.forget()

    async def _response(
        self, call: ControlCall, given: Mapping[str, str]
    ) -> Response | LongResponse:
        """Check that the body is JSON, then the sandbox, then the types of all parts."""
        exchange, body = call.exchange, None
        if self.body_part is not None:
            content_type = call.headers.get("content-type", "")
            body = self.body_part.read_json(exchange.request_body, content_type)
        if self.acts_on_sandbox:
            await call.find_sandbox()
        parameters = {name: part.read(given[name]) for name, part in self.path_parts.items()}
        if self.query_part is not None:
            call.query = self.query_part.read(exchange.query_string)
        if self.body_part is not None:
            call.body = self.body_part.read(body)
        return self._serialized(await self.endpoint(call, **parameters))

    def _serialized(self, result: Any) -> Response | LongResponse:
        """Return an endpoint's result as a response with the first declared status."""
        if isinstance(result, Response | LongResponse):
            return result
        answers: Any = self.declaration["responses"]
        status = next(iter(answers))
        if result is None:
            return Response(status, content_type=None)
        return Response(status, to_json(result, inf_nan_mode="null"))

    @property
    def acts_on_sandbox(self) -> bool:
        """Whether a call acts on a sandbox or on the whole server."""
        return self.declaration.get("headers") is SandboxHeaders

    @cached_property
    def path_parts(self) -> Mapping[str, Part]:
        """The parameters of the path, in the types of the endpoint's signature."""
        declared = signature(self.endpoint).parameters
        return {name: Part(f"path.{name}", declared[name].annotation) for name in self.parameters}

    @cached_property
    def query_part(self) -> Query | None:
        """The query, if the route declares one."""
        model = self.declaration.get("query")
        return None if model is None else Query(model)

    @cached_property
    def body_part(self) -> Body | None:
        """The body, if the route declares one."""
        model = self.declaration.get("body")
        is_optional = self.declaration.get("optional_body", False)
        return None if model is None else Body(model, is_optional=is_optional)


class ControlRouter(Router):
    """The calls of the control plane itself.

    An empty segment is part of the path: no call has one, but a snapshot's name may.
    """

    kind = ControlRoute
    merges_slashes = False
