"""The jobs of a sandbox: asynchronous effects, pending or ended."""

import builtins
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from typing_extensions import Doc

from mockalog.testing.controls.commands import command

if TYPE_CHECKING:
    from mockalog.testing.controls.client import ControlClient


class JobEntry(TypedDict):
    """A job, as the server lists it; instants are ISO 8601."""

    id: int
    kind: str
    state: Literal["pending", "done", "failed"]
    outcome: str | None
    due_at: str
    created_at: str
    finished_at: str | None


class Jobs:
    """The jobs of one sandbox, or of the whole server."""

    def __init__(self, control: "ControlClient") -> None:
        self._control = control

    @command("list")
    def list(
        self,
        *,
        limit: Annotated[int | None, Doc("Only the first so many.")] = None,
        status: Annotated[str | None, Doc("pending, done or failed.")] = None,
        kind: Annotated[str | None, Doc("Such as braze.create_items.")] = None,
        after: Annotated[int | None, Doc("Only jobs after this id, of one sandbox.")] = None,
    ) -> builtins.list[JobEntry]:
        """List pending and ended jobs, ordered by id."""
        filters = {"limit": limit, "status": status, "kind": kind, "after": after}
        params = {name: value for name, value in filters.items() if value is not None}
        return self._control.list("/jobs", "jobs", params=params)
