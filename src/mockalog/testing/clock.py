"""A sandbox's virtual clock, from a test."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from mockalog.testing.control import Control
from mockalog.testing.errors import WrongValue
from mockalog.testing.values import iso


class Clock:
    """Without a sandbox: of every sandbox and of new ones."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def show(self) -> dict[str, Any]:
        """Return `mode` ("real" or "frozen") and `now` (ISO 8601)."""
        shown = self._control.call("GET", "/clock")
        return {name: shown[name] for name in ("mode", "now")}

    def now(self) -> datetime:
        """Return the clock's instant, in UTC."""
        return datetime.fromisoformat(self.show()["now"])

    def freeze(self, at: date | str | None = None) -> datetime:
        """Stop the clock at an instant or at the start of a day, by default where it stands.

        What has no offset is in UTC.
        """
        return self._put("frozen", at)

    def set(self, at: date | str) -> datetime:
        """Let the clock run on from an instant, or from the start of a day."""
        return self._put("real", at)

    def run(self) -> datetime:
        """Let the clock show the machine's time."""
        return self._put("real", None)

    def advance(self, seconds: float | timedelta) -> int:
        """Let time pass; return how many jobs fell due and ran."""
        step = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        return _jobs_run(self._control.call("POST", "/clock/advance", json={"seconds": step}))

    def settle(self) -> int:
        """Run jobs until none is left, as far in time as that needs; return how many ran."""
        return _jobs_run(self._control.call("POST", "/clock/settle"))

    def _put(self, mode: str, at: date | str | None) -> datetime:
        now = {} if at is None else {"now": _written(at)}
        answer = self._control.call("PUT", "/clock", json={"mode": mode, **now})
        return datetime.fromisoformat(answer["now"])


def _written(at: date | str) -> str:
    try:
        return iso(datetime.fromisoformat(at) if isinstance(at, str) else at)
    except (ValueError, AttributeError):
        raise WrongValue(f"{at!r} is no instant: write it as 2025-03-01T12:00:00Z") from None


def _jobs_run(answer: Mapping[str, Any]) -> int:
    return int(answer["jobs_run"])
