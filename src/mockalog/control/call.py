"""One control call on its way: the runtime, whose sandbox it acts on, and what it says."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.types import Scope

from mockalog.control.problems import Problem
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.sandboxes.attribution import bearer
from mockalog.kernel.sandboxes.generations import validate_sandbox_name
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.vendor.runtime import Runtime

if TYPE_CHECKING:
    from mockalog.control.app import ControlApp


class ControlCall:
    """A control call: its runtime, its sandbox, its query and its body."""

    # The sandbox that is named or that the credential opens; None: the whole server.
    sandbox: Sandbox | None = None
    # In the types that the route declares.
    query: Any = None
    body: Any = None

    def __init__(self, app: "ControlApp", scope: Scope) -> None:
        self.app = app
        self.runtime: Runtime = app.runtime
        self.scope = scope
        self.exchange: Exchange = scope["exchange"]

    @cached_property
    def headers(self) -> Headers:
        """The request's headers; of repeated ones the first."""
        return Headers(raw=self.exchange.headers)

    @property
    def sandbox_id(self) -> int | None:
        """The number of the sandbox; None: the whole server."""
        return None if self.sandbox is None else self.sandbox.id

    async def find_sandbox(self) -> None:
        """Find out whose sandbox is meant."""
        name = self.headers.get("x-mockalog-sandbox")
        if name is not None:
            _check_name(name)
        token = bearer(self.headers.get("authorization", ""))
        self.sandbox = await self.runtime.sandboxes.of_caller(token, name)

    async def targets(self) -> list[Sandbox]:
        """Return what a call acts on: one sandbox, or the template and every live one."""
        if self.sandbox is not None:
            return [self.sandbox]
        await self.runtime.sandboxes.open(TEMPLATE)
        return await self.runtime.sandboxes.all()

    async def sandbox_or_template(self) -> Sandbox:
        """Return the sandbox; without one what new ones start with."""
        return self.sandbox or await self.runtime.sandboxes.open(TEMPLATE)

    async def load(self, *names: str) -> None:
        """Import the APIs of the vendors that are named; without a name of all of them."""
        for name in names or self.runtime.vendors:
            if name in self.runtime.vendors:
                await self.runtime.vendors[name].loaded()


def _check_name(name: str) -> None:
    if not name:  # a script's variable that is not set would mean the whole server
        raise Problem(400, "X-Mockalog-Sandbox: the name is empty")
    try:
        validate_sandbox_name(name)
    except ValueError as error:
        raise Problem(400, f"X-Mockalog-Sandbox: {error}") from None
