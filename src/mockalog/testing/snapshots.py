"""Named snapshots, from a test."""

from typing import Any
from urllib.parse import quote

from mockalog.testing.control import Control
from mockalog.testing.errors import WrongValue


class Snapshot:
    """A kept state. As a context manager it brings the state back at the end of the block.

    Raises `WrongValue` for a name that no path can hold.
    """

    def __init__(self, control: Control, name: str) -> None:
        if not name.isprintable() or name in ("", ".", ".."):
            raise WrongValue(f"a snapshot's name is a word or more, not {name!r}")
        self._control = control
        self._path = f"/snapshots/{quote(name, safe='')}"
        self.name = name

    def __enter__(self) -> "Snapshot":
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()

    def save(self) -> "Snapshot":
        """Keep the state as it is now under this name, in place of what was kept there."""
        self._control.call("PUT", self._path)
        return self

    def restore(self) -> None:
        """Go back to it; it can be gone back to again."""
        self._control.replace("POST", f"{self._path}/restore")

    def delete(self) -> None:
        """Forget it."""
        self._control.call("DELETE", self._path)


class Snapshots:
    """The snapshots of one sandbox, or of the whole server."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def list(self) -> list[dict[str, Any]]:
        """Return what is kept."""
        return self._control.list("/snapshots", "snapshots")

    def __getitem__(self, name: str) -> Snapshot:
        return Snapshot(self._control, name)
