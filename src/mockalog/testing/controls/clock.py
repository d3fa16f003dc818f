"""The virtual clock of a sandbox."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

from mockalog.testing.controls.commands import command
from mockalog.testing.controls.errors import InvalidValueError
from mockalog.testing.controls.serialization import iso

if TYPE_CHECKING:
    from mockalog.testing.controls.client import ControlClient


class ClockState(TypedDict):
    """A clock: its mode, and its instant in ISO 8601."""

    mode: Literal["real", "frozen"]
    now: str


class Clock:
    """The clock of a sandbox; without a sandbox, of every sandbox and of new ones."""

    def __init__(self, control: "ControlClient") -> None:
        self._control = control

    @command("show")
    def show(self) -> ClockState:
        """Show the clock."""
        shown = self._control.call("GET", "/clock")
        return {"mode": shown["mode"], "now": shown["now"]}

    def now(self) -> datetime:
        """Return the clock's instant, in UTC."""
        return datetime.fromisoformat(self.show()["now"])

    def freeze(self, at: date | str | None = None) -> datetime:
        """Freeze the clock at an instant or at the start of a day, by default at its present one.

        An instant without an offset is UTC. Return the instant.
        """
        return self._put("frozen", at)

    def set(self, at: date | str) -> datetime:
        """Let the clock run from an instant, or from the start of a day; return the instant."""
        return self._put("real", at)

    def run(self) -> datetime:
        """Let the clock show the machine's time; return it."""
        return self._put("real", None)

    def advance(self, seconds: float | timedelta) -> int:
        """Advance the clock and run the jobs that fall due; return the number of jobs."""
        step = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        response = self._control.call("POST", "/clock/advance", json={"seconds": step})
        return int(response["jobs_run"])

    def settle(self) -> int:
        """Run jobs until only recurring ones are left; return the number of jobs.

        The clock moves to the due time of the last job.
        """
        return int(self._control.call("POST", "/clock/settle")["jobs_run"])

    def _put(self, mode: str, at: date | str | None) -> datetime:
        now = {} if at is None else {"now": _serialized(at)}
        response = self._control.call("PUT", "/clock", json={"mode": mode, **now})
        return datetime.fromisoformat(response["now"])


def _serialized(at: date | str) -> str:
    try:
        return iso(datetime.fromisoformat(at) if isinstance(at, str) else at)
    except (ValueError, AttributeError):
        raise InvalidValueError(
            f"{at!r} is not an instant: write it as 2025-03-01T12:00:00Z"
        ) from None
