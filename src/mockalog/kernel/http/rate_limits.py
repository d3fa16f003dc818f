"""Rate limits: fixed windows on the sandbox's clock, aligned to multiples of their length.

Windows are counted per generation of a sandbox. So a reset empties them, and tests in other
sandboxes cannot use them up (docs/decisions/0005-jobs-and-limits-across-workers.md).
"""

from collections.abc import Container
from typing import Literal, NamedTuple, Protocol

from sqlalchemy import Integer, bindparam
from sqlalchemy.dialects.sqlite import Insert, insert

from mockalog.kernel.clock import SECOND
from mockalog.kernel.database.interfaces import Database, Query
from mockalog.kernel.database.models import windows

Mode = Literal["vendor", "tiny", "off"]


# The most windows in memory, one per sandbox and bucket. Beyond it, all of them start over.
MAX_WINDOWS = 100_000


class Limit(NamedTuple):
    """A fixed window: `calls` in `seconds`; `name` is the bucket that counts them."""

    name: str
    calls: int
    seconds: int


class Quota(NamedTuple):
    """The state of a window after a call.

    `reset` is the second since 1970 at which the next window begins, `retry_after` the number of
    seconds until then.
    """

    limit: int
    used: int
    reset: int
    retry_after: int
    exceeded: bool

    @property
    def remaining(self) -> int:
        """Return the number of calls that the window still allows, at least 0."""
        return max(0, self.limit - self.used)


class Limiter(Protocol):
    """Counts calls, in memory for one process or in the database for several."""

    async def count(self, sandbox_id: int, bucket: str, window: int, calls: int = 1) -> int:
        """Add `calls` to a window (0: only read it), and return the number of its calls.

        `window` is the second since 1970 at which the window begins.
        """
        ...

    def forget(self, sandbox_ids: Container[int]) -> None:
        """Drop the windows of removed sandboxes from memory."""
        ...


class MemoryLimiter:
    """Counts in memory, for a database that one process serves."""

    def __init__(self) -> None:
        self._windows: dict[tuple[int, str], tuple[int, int]] = {}

    async def count(self, sandbox_id: int, bucket: str, window: int, calls: int = 1) -> int:
        """Add calls to a window; another window of the same bucket replaces it."""
        if len(self._windows) > MAX_WINDOWS:
            self._windows.clear()
        key = sandbox_id, bucket
        current, used = self._windows.get(key, (window, 0))
        used = used + calls if current == window else calls
        self._windows[key] = window, used
        return used

    def forget(self, sandbox_ids: Container[int]) -> None:
        """Drop the windows of removed sandboxes."""
        for key in [key for key in self._windows if key[0] in sandbox_ids]:
            del self._windows[key]


class _WindowRow(NamedTuple):
    used: int


_first: Insert = insert(windows).values(
    sandbox_id=bindparam("sandbox_id"),
    bucket=bindparam("bucket"),
    window_start=bindparam("window_start"),
    used=bindparam("used"),
)
_counted = _first.on_conflict_do_update(
    index_elements=["sandbox_id", "bucket"],
    set_={
        "used": (
            # The old number counts only if the window is the same.
            windows.c.used * (windows.c.window_start == _first.excluded.window_start).cast(Integer)
            + _first.excluded.used
        ),
        "window_start": _first.excluded.window_start,
    },
).returning(windows.c.used)
_COUNT = Query(_counted, _WindowRow)


class SharedLimiter:
    """Counts in the database, so that several processes share a window."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, sandbox_id: int, bucket: str, window: int, calls: int = 1) -> int:
        """Add calls in a transaction of its own, so that a refused call counts too."""
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

    def forget(self, sandbox_ids: Container[int]) -> None:
        """Do nothing: the rows of removed sandboxes are deleted with the others."""


async def consume(
    limiter: Limiter, limit: Limit, sandbox_id: int, now: int, mode: Mode, calls: int = 1
) -> Quota:
    """Count calls against a limit (0: only read it) and return the state of its window.

    `now` is an instant. The mode `tiny` allows a hundredth of the vendor's limit, at least 1 call.
    Under `off` no limit is exceeded, but the quota shows the vendor's numbers.
    """
    second = now // SECOND
    window = second - second % limit.seconds
    used = await limiter.count(sandbox_id, limit.name, window, calls)
    most = max(1, limit.calls // 100) if mode == "tiny" else limit.calls
    reset = window + limit.seconds
    return Quota(most, used, reset, reset - second, used > most and mode != "off")
