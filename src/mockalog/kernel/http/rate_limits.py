"""Rate limits: fixed windows on the sandbox's clock, aligned to the clock minute.

Windows are counted per sandbox, so a reset (which gives the sandbox a new identity) empties
them, and tests in other sandboxes cannot use them up.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from sqlalchemy import Integer, bindparam
from sqlalchemy.dialects.sqlite import insert

from mockalog.kernel.clock import SECOND
from mockalog.kernel.database.interfaces import Database
from mockalog.kernel.database.models import windows

if TYPE_CHECKING:
    from mockalog.kernel.call import Call

Mode = Literal["vendor", "tiny", "off"]


# Beyond this many windows (one a sandbox and bucket) counting starts over: memory is bounded.
MAX_WINDOWS = 100_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """A named limit that routes share: `limit` calls in `seconds`."""

    name: str
    limit: int
    seconds: int
    # The dotted setting and the value of it under which this bucket does not exist.
    unless: tuple[str, str] | None = None
    # Whose window a call counts in, where each caller of a sandbox has one; None: in nobody's.
    caller: Callable[["Call"], str | None] | None = None

    def of(self, call: "Call") -> "Bucket | None":
        """Return the bucket of who makes this call, None if theirs does not count."""
        if self.caller is None:
            return self
        caller = self.caller(call)
        return None if caller is None else replace(self, name=f"{self.name} {caller}")


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


_COUNT: Any = insert(windows).values(
    sandbox_id=bindparam("sandbox_id"),
    bucket=bindparam("bucket"),
    window_start=bindparam("window_start"),
    used=bindparam("used"),
)
_COUNT = _COUNT.on_conflict_do_update(
    index_elements=["sandbox_id", "bucket"],
    set_={
        "used": (
            # SQLite and PostgreSQL both take a comparison times a CASE; this reads plainer.
            windows.c.used * (windows.c.window_start == _COUNT.excluded.window_start).cast(Integer)
            + _COUNT.excluded.used
        ),
        "window_start": _COUNT.excluded.window_start,
    },
).returning(windows.c.used)


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
            row: Any = await connection.first(_COUNT, values)
            return int(row.used)


async def take(
    limiter: Limiter, bucket: Bucket, sandbox_id: int, now: int, mode: Mode, calls: int = 1
) -> Quota:
    """Count calls against `bucket` (0: only look) and say what is left.

    `tiny` is a hundredth of the vendor's limit, at least 1; under `off` nothing is ever
    exceeded, though the figures stay the vendor's.
    """
    second = now // SECOND
    window = second - second % bucket.seconds
    used = await limiter.count(sandbox_id, bucket.name, window, calls)
    limit = max(1, bucket.limit // 100) if mode == "tiny" else bucket.limit
    reset = window + bucket.seconds
    return Quota(limit, used, reset, reset - second, used > limit and mode != "off")
