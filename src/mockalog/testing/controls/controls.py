"""All controls of one sandbox, or of a whole server."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from mockalog.kernel.documents.errors import VERSION
from mockalog.testing.controls.client import ControlClient
from mockalog.testing.controls.clock import Clock
from mockalog.testing.controls.credentials import Credentials
from mockalog.testing.controls.errors import UnfiredFaultsError, UnmatchedRequestsError
from mockalog.testing.controls.exchanges import Exchange
from mockalog.testing.controls.faults import Faults
from mockalog.testing.controls.jobs import Jobs
from mockalog.testing.controls.reports import unfired_report, unmatched_report
from mockalog.testing.controls.requests import Requests
from mockalog.testing.controls.sandboxes import Sandboxes
from mockalog.testing.controls.serialization import JsonObject, iso
from mockalog.testing.controls.settings import Settings
from mockalog.testing.controls.snapshots import Snapshot, Snapshots
from mockalog.testing.controls.state import Seed, naming, request_of


class Controls:
    """The control client selects the sandbox; `vendor` limits the journal to one vendor."""

    def __init__(self, control: ControlClient, vendor: str | None = None) -> None:
        self.control = control
        self._vendor = vendor
        self.requests = Requests(control, vendor)
        self.clock = Clock(control)
        self.settings = Settings(control)
        self.faults = Faults(control)
        self.snapshots = Snapshots(control)
        self.credentials = Credentials(control)
        self.jobs = Jobs(control)
        self.sandboxes = Sandboxes(control)

    def snapshot(self, name: str = "snapshot") -> Snapshot:
        """Save the present state under a name; the returned snapshot can restore it."""
        return self.snapshots[name].save()

    def seed(self, seed: Seed) -> None:
        """Add the contents of a file (JSON or YAML) or of a dictionary.

        A dictionary may leave out the version. On the whole server the contents are added to the
        template of new sandboxes.
        """
        __tracebackhide__ = True
        if isinstance(seed, Mapping):
            seed = {"mockalog": VERSION, **seed}
        self._send(self.control.call, "POST", "/seed", seed)

    def export_state(self) -> JsonObject:
        """Return the whole state as a document for `import_state`."""
        return dict(self.control.call("GET", "/state"))

    def import_state(self, seed: Seed) -> None:
        """Replace the present state by a document."""
        self._send(self.control.replace, "PUT", "/state", seed)

    def _send(self, send: Callable[..., object], method: str, path: str, seed: Seed) -> None:
        __tracebackhide__ = True
        with naming(seed):
            sent = request_of(seed)
            if "credentials" in sent.get("json", {}) or b"credentials" in sent.get("content", b""):
                self.control.has_registered = True
            send(method, path, **sent)

    def reset(self, to: str = "baseline") -> None:
        """Reset to `empty`, to `baseline` (the state as seeded), or to `snapshot:<name>`."""
        __tracebackhide__ = True
        self.control.replace("POST", "/reset", json={"to": to})

    def check_unmatched(self, since: date | None = None) -> None:
        """Raise `UnmatchedRequestsError` if a request matched no operation.

        Requests before a `reset`, a restore or an import of these controls count too.
        """
        noted = [one for one in map(Exchange, self.control.unmatched) if self._counts(one, since)]
        if unmatched := noted + self.requests.unmatched(since=since):
            raise UnmatchedRequestsError(unmatched_report(unmatched))

    def check_unfired(self) -> None:
        """Raise `UnfiredFaultsError` if a fault that these controls armed never fired.

        Faults that were armed before a `reset`, a restore or an import do not count.
        """
        unfired = [one for one in self.faults.unfired() if self._vendor in (None, one["vendor"])]
        if unfired:
            raise UnfiredFaultsError(unfired_report(unfired, self.requests.list()))

    def _counts(self, exchange: Exchange, since: date | None) -> bool:
        in_time = since is None or exchange.at >= datetime.fromisoformat(iso(since))
        return in_time and self._vendor in (None, exchange.vendor)
