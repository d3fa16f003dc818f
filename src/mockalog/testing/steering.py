"""What can be steered, by topic: in one sandbox, or on the whole server."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from mockalog.kernel.documents.errors import VERSION
from mockalog.testing.clock import Clock
from mockalog.testing.control import Control
from mockalog.testing.credentials import Credentials
from mockalog.testing.errors import UnfiredFaults, UnmatchedRequests
from mockalog.testing.faults import Faults
from mockalog.testing.reports import describe, describe_idle
from mockalog.testing.requests import Exchange, Requests
from mockalog.testing.settings import Settings
from mockalog.testing.snapshots import Snapshot, Snapshots
from mockalog.testing.state import Seed, naming, read_seed
from mockalog.testing.values import iso


class Steering:
    """Whose sandbox is meant is the control's to know; `vendor` narrows the journal to one."""

    def __init__(self, control: Control, vendor: str | None = None) -> None:
        self.control = control
        self._vendor = vendor
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
        """Add what a file (JSON or YAML) says, or the document, which need not name its version.

        On the whole server: add it to what new sandboxes start with.
        """
        __tracebackhide__ = True
        if isinstance(seed, Mapping):
            seed = {"mockalog": VERSION, **seed}
        self._send(self.control.call, "POST", "/seed", seed)

    def export_state(self) -> dict[str, Any]:
        """Return the state as one document, as `import_state` and `seed` take it."""
        return dict(self.control.call("GET", "/state"))

    def import_state(self, seed: Seed) -> None:
        """Put what a document says in place of the present state."""
        self._send(self.control.replace, "PUT", "/state", seed)

    def _send(self, send: Callable[..., Any], method: str, path: str, seed: Seed) -> None:
        __tracebackhide__ = True
        with naming(seed):
            sent = read_seed(seed)
            if "credentials" in sent.get("json", {}) or b"credentials" in sent.get("content", b""):
                self.control.registers = True
            send(method, path, **sent)

    def reset(self, to: str = "baseline") -> None:
        """Go back to `empty`, `baseline` (the state as seeded) or `snapshot:<name>`."""
        __tracebackhide__ = True
        self.control.replace("POST", "/reset", json={"to": to})

    def check_unmatched(self, since: date | None = None) -> None:
        """Raise `UnmatchedRequests` if a request was sent that fits no operation.

        What a `reset`, a restore or an import from here took out of the journal counts too.
        """
        kept = [one for one in map(Exchange, self.control.strayed) if self._means(one, since)]
        if strayed := kept + self.requests.unmatched(since=since):
            raise UnmatchedRequests(describe(strayed))

    def check_unfired(self) -> None:
        """Raise `UnfiredFaults` if a fault that was armed from here never struck.

        Those that were armed before a `reset`, a restore or an import do not count.
        """
        idle = [one for one in self.faults.unfired() if self._vendor in (None, one["vendor"])]
        if idle:
            raise UnfiredFaults(describe_idle(idle, self.requests.list()))

    def _means(self, exchange: Exchange, since: date | None) -> bool:
        in_time = since is None or exchange.at >= datetime.fromisoformat(iso(since))
        return in_time and self._vendor in (None, exchange.vendor)
