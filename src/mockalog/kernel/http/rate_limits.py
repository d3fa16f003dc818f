"""Rate limits: fixed windows on the sandbox's clock, aligned to the clock minute.

Windows are counted per sandbox, so a reset (which gives the sandbox a new identity) empties
them, and tests in other sandboxes cannot use them up.
"""

from typing import Any, Literal, NamedTuple, Protocol

from sqlalchemy import Integer, bindparam
from sqlalchemy.dialects.sqlite import insert

from mockalog.kernel.clock import SECOND
from mockalog.kernel.database.interfaces import Database, Query
from mockalog.kernel.database.models import windows

Mode = Literal["vendor", "tiny", "off"]


# Beyond this many windows (one a sandbox and bucket) counting starts over: memory is bounded.
MAX_WINDOWS = 100_000


class Limit(NamedTuple):
    """A fixed window: `calls` in `seconds`, counted under a name."""

    name: str
    calls: int
    seconds: int


class Quota(NamedTuple):
    """What a bucket answered: `reset` is the epoch second at which the next window begins."""

    limit: int
    used: int
    reset: int
    retry_after: int
    exceeded: bool

    @property
    def remaining(self) -> int:
        """Return how many calls are left in the window, never below zero."""
        return max(0, self.limit - self.used)


class Limiter(Protocol):
    """Counts calls; one implementation for one process, one for several."""

    async def count(self, sandbox_id: int, bucket: str, window: int, calls: int = 1) -> int:
        """Count calls (0: only look) and return how many the window has now."""
        ...


class MemoryLimiter:
    """Counts in this process: right when one process serves the database."""

    def __init__(self) -> None:
        self._windows: dict[tuple[int, str], tuple[int, int]] = {}

    async def count(self, sandbox_id: int, bucket: str, window: int, calls: int = 1) -> int:
        """Count calls; a later window replaces the one before."""
        if len(self._windows) > MAX_WINDOWS:
            self._windows.clear()
        key = sandbox_id, bucket
        current, used = self._windows.get(key, (window, 0))
        used = used + calls if current == window else calls
        self._windows[key] = window, used
        return used


class _WindowRow(NamedTuple):
    used: int


_first: Any = insert(windows).values(
    sandbox_id=bindparam("sandbox_id"),
    bucket=bindparam("bucket"),
    window_start=bindparam("window_start"),
    used=bindparam("used"),
)
_counted = _first.on_conflict_do_update(
    index_elements=["sandbox_id", "bucket"],
    set_={
        "used": (
            # SQLite and PostgreSQL both take a comparison times a CASE; this reads plainer.
            windows.c.used * (windows.c.window_start == _first.excluded.window_start).cast(Integer)
            + _first.excluded.used
        ),
        "window_start": _first.excluded.window_start,
    },
).returning(windows.c.used)
_COUNT = Query(_counted, _WindowRow)


class SharedLimiter:
    """Counts in the database: several processes see one window."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, sandbox_id: int, bucket: str, window: int, calls: int = 1) -> int:
        """Count calls in a transaction of its own: a call that is refused counts too."""
        async with self._database.transaction() as connection:
            values = {
                "sandbox_id": sandbox_id,
                "bucket": bucket,
                "window_start": window,
                "used": calls,
            }
            row = await connection.first(_COUNT, values)
        assert row is not None
        return row.used


async def consume(
    limiter: Limiter, limit: Limit, sandbox_id: int, now: int, mode: Mode, calls: int = 1
) -> Quota:
    """Count calls against a limit (0: only look) and return the rest of its window.

    `tiny` is a hundredth of the vendor's limit, at least 1; under `off` no limit is ever exceeded,
    though the figures stay the vendor's.
    """
    second = now // SECOND
    window = second - second % limit.seconds
    used = await limiter.count(sandbox_id, limit.name, window, calls)
    most = max(1, limit.calls // 100) if mode == "tiny" else limit.calls
    reset = window + limit.seconds
    return Quota(most, used, reset, reset - second, used > most and mode != "off")
