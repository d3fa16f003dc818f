"""What can be steered, by topic: in one sandbox, or on the whole server."""

from typing import Any

from mockalog.testing.clock import Clock
from mockalog.testing.control import Control
from mockalog.testing.credentials import Credentials
from mockalog.testing.errors import UnmatchedRequests
from mockalog.testing.faults import Faults
from mockalog.testing.requests import Requests
from mockalog.testing.settings import Settings
from mockalog.testing.snapshots import Snapshot, Snapshots
from mockalog.testing.state import Seed, naming, read_seed
from mockalog.testing.unmatched import describe


class Steering:
    """Whose sandbox is meant is the control's to know; `vendor` narrows the journal to one."""

    def __init__(self, control: Control, vendor: str | None = None) -> None:
        self.control = control
        self.requests = Requests(control, vendor)
        self.clock = Clock(control)
        self.settings = Settings(control)
        self.faults = Faults(control)
        self.snapshots = Snapshots(control)
        self.credentials = Credentials(control)

    def snapshot(self, name: str = "snapshot") -> Snapshot:
        """Keep the state as it is now; what is returned brings it back."""
        return self.snapshots[name].save()

    def seed(self, seed: Seed) -> None:
        """Add what a file (JSON or YAML) says, or the document itself.

        On the whole server: add it to what new sandboxes start with.
        """
        __tracebackhide__ = True
        self._send("POST", "/seed", seed)

    def export_state(self) -> dict[str, Any]:
        """Return the state as one document, as `import_state` and `seed` take it."""
        return dict(self.control.call("GET", "/state"))

    def import_state(self, seed: Seed) -> None:
        """Put what a document says in place of the present state."""
        self._send("PUT", "/state", seed)

    def _send(self, method: str, path: str, seed: Seed) -> None:
        __tracebackhide__ = True
        with naming(seed):
            sent = read_seed(seed)
            if "credentials" in sent.get("json", {}) or b"credentials" in sent.get("content", b""):
                self.control.registers = True
            self.control.call(method, path, **sent)

    def reset(self, to: str = "baseline") -> None:
        """Go back to `empty`, `baseline` (the state as seeded) or `snapshot:<name>`."""
        __tracebackhide__ = True
        self.control.call("POST", "/reset", json={"to": to})

    def check_unmatched(self, **filters: Any) -> None:
        """Raise `UnmatchedRequests` if a request was sent that fits no operation."""
        if strayed := self.requests.unmatched(**filters):
            raise UnmatchedRequests(describe(strayed))
