"""The way of a control call: whose sandbox, the parts of the call, the endpoint, the answer.

docs/decisions/0001-routes-of-fastapi.md tells why this is no chain of dependencies.
"""

from collections.abc import Mapping
from functools import cached_property
from inspect import signature
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from mockalog.control.call import ControlCall
from mockalog.control.parts import Body, Part, Query
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router

if TYPE_CHECKING:
    from mockalog.control.app import ControlApp


class ControlRoute(Route):
    """A call of the control plane itself."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call whose body is read; what is refused is raised, for the app to word."""
        app: ControlApp = scope["app"]
        call = ControlCall(app, scope)
        call.exchange.operation = self.name
        if self.imports:
            await self.import_late(call)
        await app.send(await self._answer(call, scope["path_params"]), call.exchange, send)

    async def _answer(self, call: ControlCall, given: Mapping[str, str]) -> Response:
        """Bad JSON is noticed first, then whose sandbox is meant; types come last."""
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
        return self._worded(await self.endpoint(call, **parameters))

    def _worded(self, found: Any) -> Response:
        """Return what an endpoint found as an answer of the usual status."""
        if isinstance(found, Response):
            return found
        answers: Any = self.declaration["responses"]
        status = next(iter(answers))
        if found is None:
            return Response(status, content_type=None)
        return Response(status, to_json(found, inf_nan_mode="null"))

    @property
    def acts_on_sandbox(self) -> bool:
        """Whether a call is about a sandbox, or about the whole server."""
        return self.declaration.get("headers") is SandboxHeaders

    @cached_property
    def path_parts(self) -> Mapping[str, Part]:
        """The parameters of the path, in the types of the endpoint's signature."""
        declared = signature(self.endpoint).parameters
        return {name: Part(f"path.{name}", declared[name].annotation) for name in self.parameters}

    @cached_property
    def query_part(self) -> Query | None:
        """The query, if one is declared."""
        model = self.declaration.get("query")
        return None if model is None else Query(model)

    @cached_property
    def body_part(self) -> Body | None:
        """The body, if one is declared."""
        model = self.declaration.get("body")
        is_optional = self.declaration.get("optional_body", False)
        return None if model is None else Body(model, is_optional=is_optional)


class ControlRouter(Router):
    """The calls of the control plane itself.

    A slash too many is part of the path here: it names no call, but it can be part of a name.
    """

    kind = ControlRoute
    merges_slashes = False
