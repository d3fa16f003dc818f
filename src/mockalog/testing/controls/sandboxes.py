"""The sandboxes of a server."""

import builtins
from typing import TYPE_CHECKING, Annotated, TypedDict
from urllib.parse import quote

from typing_extensions import Doc

from mockalog.testing.controls.commands import command

if TYPE_CHECKING:
    from mockalog.testing.controls.client import ControlClient


class SandboxEntry(TypedDict):
    """A sandbox, as the server lists it; instants are ISO 8601."""

    name: str
    created_at: str
    used_at: str | None
    rows: int
    exchanges: int


class Sandboxes:
    """The sandboxes of the whole server, or the one that these controls act on."""

    def __init__(self, control: "ControlClient") -> None:
        self._control = control

    @command("list")
    def list(
        self,
        *,
        limit: Annotated[int | None, Doc("Only the first so many; by default 100.")] = None,
        after: Annotated[str | None, Doc("Only sandboxes after this name.")] = None,
    ) -> builtins.list[SandboxEntry]:
        """List the sandboxes with their last use and their size, ordered by name."""
        page = {"limit": limit, "after": after}
        params = {name: value for name, value in page.items() if value is not None}
        return self._control.list("/sandboxes", "sandboxes", params=params)

    @command("rm")
    def remove(self, name: str) -> None:
        """Delete a sandbox with all that it holds."""
        self._control.replace("DELETE", f"/sandboxes/{quote(name, safe='')}")
