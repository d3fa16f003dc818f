"""One control call: the runtime, the sandbox that it acts on, its query and its body."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cached_property
from typing import Any, Protocol

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from mockalog.control.calls.client import Client
from mockalog.control.calls.long_responses import LongResponse
from mockalog.control.calls.problems import ProblemError
from mockalog.kernel.database.interfaces import Connection
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.sandboxes.attribution import bearer, selecting_headers
from mockalog.kernel.sandboxes.generations import validate_sandbox_name
from mockalog.kernel.sandboxes.placeholders import PLACEHOLDERS
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.turns import Turns
from mockalog.kernel.vendor.app import WAITING
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.settings import Settings

# Sandboxes that a call on the whole server changes in one transaction.
PART = 100


class DocumentSource(Protocol):
    """The OpenAPI documents, as routes read them."""

    async def response(self, name: str, dialect: str, servers: tuple[str, ...]) -> Response:
        """Return a document as a response."""
        ...

    async def dialects(self, name: str, dialect: str) -> tuple[str, ...]:
        """Return the dialects of a vendor, the default first."""
        ...


class App(Protocol):
    """The parts of the control plane's app that routes use: `scope["app"]`."""

    @property
    def runtime(self) -> Runtime:
        """The runtime of the server."""
        ...

    @property
    def settings(self) -> Settings:
        """The settings of the server."""
        ...

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """The vendors by name."""
        ...

    @property
    def documents(self) -> DocumentSource:
        """The OpenAPI documents."""
        ...

    async def send(self, response: Response | LongResponse, exchange: Exchange, send: Send) -> None:
        """Send a response and note its status in the exchange."""
        ...


class ControlCall:
    """A control call with the runtime, its sandbox, its query and its body."""

    # The sandbox that the call names or that its credential opens; None: the whole server.
    sandbox: Sandbox | None = None
    # The client's credential; "": the call has none.
    token = ""
    # In the types that the route declares.
    query: Any = None
    body: Any = None

    def __init__(self, app: App, scope: Scope, receive: Receive) -> None:
        self.app = app
        self.client = Client(receive)
        # The turns of a long call, which ends when its client has left.
        self.turns = Turns(self.client.has_left)
        self.runtime = app.runtime
        self.settings = app.settings
        self.vendors = app.vendors
        self.scope = scope
        self.exchange: Exchange = scope["exchange"]

    @cached_property
    def headers(self) -> Headers:
        """The request's headers; the first of repeated ones counts."""
        return Headers(raw=self.exchange.headers)

    @property
    def sandbox_id(self) -> int | None:
        """The id of the sandbox; None: the whole server."""
        return None if self.sandbox is None else self.sandbox.id

    async def find_sandbox(self) -> None:
        """Set `sandbox` from `X-Mockalog-Sandbox` or the credential.

        Only a call without both headers acts on the whole server. Raises `ProblemError` and
        `RepeatedHeaderError`.
        """
        authorization, name = selecting_headers(self.exchange)
        self.token = "" if authorization is None else _token(authorization)
        if name is not None:
            _check_name(name)
            await self.check_may_name(name)
        self.sandbox = await self.runtime.sandboxes.of_caller(self.token, name)
        if self.sandbox is not None:
            self.runtime.sandboxes.uses.note(self.sandbox.name)

    @property
    def is_admins(self) -> bool:
        """Whether the caller is an admin: the request guard has compared the admin token."""
        return self.settings.admin_token is not None

    async def check_may_name(self, name: str) -> None:
        """Raise `ProblemError` if a strict server has another owner for the sandbox."""
        if self.is_admins or await self.runtime.sandboxes.may_name(name, self.token):
            return
        raise ProblemError(
            403,
            f"sandbox {name!r} belongs to another credential: send a token that opens it, or set "
            "MOCKALOG_ADMIN_TOKEN",
        )

    async def targets(self) -> list[Sandbox]:
        """Return the sandboxes to act on: the call's own, or the template and every live one."""
        if self.sandbox is not None:
            return [self.sandbox]
        await self.runtime.sandboxes.open(TEMPLATE)
        return await self.runtime.sandboxes.all(self.turns)

    def parts(self, sandboxes: Sequence[Sandbox]) -> Iterator[Sequence[Sandbox]]:
        """Yield sandboxes in parts, of which each changes in one transaction."""
        for first in range(0, len(sandboxes), PART):
            yield sandboxes[first : first + PART]

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Return a transaction on a part of the targets, and give way after it."""
        async with self.runtime.database.transaction(self.sandbox_id) as connection:
            yield connection
        await self.turns.give_way()

    async def sandbox_or_template(self) -> Sandbox:
        """Return the call's sandbox; without one, the template of new sandboxes."""
        return self.sandbox or await self.runtime.sandboxes.open(TEMPLATE)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let the server's stop cancel the call at once; in process no server stops."""
        tasks: set[asyncio.Task[Any] | None] = self.scope.get("state", {}).get(WAITING, set())
        task = asyncio.current_task()
        tasks.add(task)
        try:
            yield
        finally:
            tasks.discard(task)

    async def load(self, *names: str) -> None:
        """Import the APIs of the named vendors; without a name, of all vendors."""
        for name in names or self.vendors:
            if name in self.vendors:
                await self.vendors[name].loaded()


def _token(authorization: str) -> str:
    """Return the token of the header. An unset variable of a script is not the whole server."""
    token = bearer(authorization)
    if token not in PLACEHOLDERS:
        return token
    what = f"{token!r} is the text of an unset variable" if token else "it has no bearer token"
    raise ProblemError(
        400,
        f"Authorization: {what}: send `Bearer <token>`, or no such header for the whole server",
    )


def _check_name(name: str) -> None:
    if not name.strip():
        raise ProblemError(400, "X-Mockalog-Sandbox: the name is empty")
    try:
        validate_sandbox_name(name)
    except ValueError as error:
        raise ProblemError(400, f"X-Mockalog-Sandbox: {error}") from None
