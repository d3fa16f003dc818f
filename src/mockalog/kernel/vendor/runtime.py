"""The runtime: everything that an app needs, built once."""

import random
from dataclasses import dataclass, field

from mockalog.kernel.database.interfaces import Database
from mockalog.kernel.http.rate_limits import Limiter
from mockalog.kernel.jobs.runner import JobRunner
from mockalog.kernel.journal.journal import Journal
from mockalog.kernel.journal.journals import Journals
from mockalog.kernel.journal.redaction import Redaction
from mockalog.kernel.sandboxes.authentication import Authenticator
from mockalog.kernel.sandboxes.sandboxes import Sandboxes
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.kernel.sandboxes.snapshots import Snapshots


@dataclass(frozen=True)
class Runtime:
    """The parts of one app. Two apps in one process share none of them."""

    database: Database
    sandboxes: Sandboxes
    authenticator: Authenticator
    limiter: Limiter
    setting_registry: SettingRegistry
    jobs: JobRunner
    # This process's journal, and the journals of all processes.
    journal: Journal
    journals: Journals
    redaction: Redaction
    snapshots: Snapshots
    # The start of URLs in responses, if callers come through a proxy.
    public_url: str | None = None
    # Only registered and issued credentials are accepted.
    strict: bool = False
    # Seeded by the operating system; the secrets of emulated vendors protect nothing real.
    randomness: random.Random = field(default_factory=random.Random)

    def new_uuid(self) -> str:
        """Return a random UUID (version 4) as text; most responses need one, so it is cheap."""
        bits = f"{self.randomness.getrandbits(128):032x}"
        variant = "89ab"[int(bits[16], 16) & 3]
        return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-{variant}{bits[17:20]}-{bits[20:]}"
