"""Named snapshots."""

import builtins
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from mockalog.testing.controls.commands import command
from mockalog.testing.controls.errors import InvalidValueError

if TYPE_CHECKING:
    from mockalog.testing.controls.client import ControlClient


class SavedSnapshot(TypedDict):
    """A snapshot, as the server lists it; `created_at` is ISO 8601."""

    name: str
    created_at: str


class Snapshot:
    """A named snapshot. As a context manager it restores the state at the end of the block.

    Raises `InvalidValueError` for a name that does not fit into a path.
    """

    def __init__(self, control: "ControlClient", name: str) -> None:
        if not name.isprintable() or name in ("", ".", ".."):
            raise InvalidValueError(
                f"a snapshot's name has printable characters and is not '.' or '..': {name!r}"
            )
        self._control = control
        self._path = f"/snapshots/{quote(name, safe='')}"
        self.name = name

    def __enter__(self) -> "Snapshot":
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()

    def save(self) -> "Snapshot":
        """Save the present state; it replaces an older snapshot of the name."""
        self._control.call("PUT", self._path)
        return self

    def restore(self) -> None:
        """Restore the state; the snapshot stays."""
        self._control.replace("POST", f"{self._path}/restore")

    def delete(self) -> None:
        """Delete the snapshot."""
        self._control.call("DELETE", self._path)


class Snapshots:
    """The snapshots of one sandbox, or of the whole server."""

    def __init__(self, control: "ControlClient") -> None:
        self._control = control

    @command("list")
    def list(self) -> builtins.list[SavedSnapshot]:
        """List the snapshots."""
        return self._control.list("/snapshots", "snapshots")

    def __getitem__(self, name: str) -> Snapshot:
        return Snapshot(self._control, name)
