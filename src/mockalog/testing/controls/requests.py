"""The journal: the requests of the vendors' clients."""

import builtins
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict, Unpack

from mockalog.testing.controls.client import ControlClient
from mockalog.testing.controls.errors import RefusedError
from mockalog.testing.controls.exchanges import Exchange
from mockalog.testing.controls.serialization import JsonObject, iso

# The status of a wait whose time is over.
TIMED_OUT = 408


class Filters(TypedDict, total=False):
    """The filters of the journal; a filter that is None does not count.

    `path` is a path or a glob, `since` an instant of the machine's time, `limit` keeps the newest.
    `after` leaves out exchanges up to an id: one id for each worker process.
    """

    vendor: str | None
    method: str | None
    path: str | None
    operation: str | None
    status: int | None
    since: date | str | None
    limit: int | None
    unmatched: bool | None
    after: int | Sequence[int] | None


class Requests:
    """The journal of a sandbox or of the whole server; with `vendor`, only that vendor's part."""

    def __init__(self, control: ControlClient, vendor: str | None = None) -> None:
        self._control = control
        self._vendor = vendor

    def list(self, **filters: Unpack[Filters]) -> list[Exchange]:
        """Return requests with their responses, oldest first."""
        __tracebackhide__ = True
        found = self._control.list("/requests", "requests", params=self._params(filters))
        return [Exchange(one) for one in found]

    def count(self, **filters: Unpack[Filters]) -> int:
        """Return the number of requests."""
        __tracebackhide__ = True
        return self._control.count("GET", "/requests/count", params=self._params(filters))

    def wait(
        self, count: int = 1, timeout: float = 5, **filters: Unpack[Filters]
    ) -> builtins.list[Exchange]:
        """Return the requests as soon as `count` of them match.

        `timeout` is in seconds of real time, at most 60. Raises `TimeoutError` after it.
        """
        __tracebackhide__ = True
        params = {**self._params(filters), "count": count, "timeout": timeout}
        try:
            found = self._control.list("/requests/wait", "requests", params=params)
        except RefusedError as refused:
            if refused.status == TIMED_OUT:
                raise TimeoutError(f"{refused}; the filters are {filters or 'none'}") from None
            raise
        return [Exchange(one) for one in found]

    def unmatched(self, **filters: Unpack[Filters]) -> builtins.list[Exchange]:
        """Return requests that match no operation, with the reason and the closest operations."""
        params = self._params(filters)
        found = self._control.list("/requests/unmatched", "requests", params=params)
        return [Exchange(one) for one in found]

    def har(self, **filters: Unpack[Filters]) -> JsonObject:
        """Return requests with their responses as an HTTP archive (HAR 1.2)."""
        return dict(self._control.call("GET", "/requests/har", params=self._params(filters)))

    def clear(self) -> int:
        """Clear the journal and the noted unmatched requests; return the number of exchanges."""
        count = self._control.count("DELETE", "/requests")
        self._control.unmatched.clear()
        return count

    def _params(self, filters: Mapping[str, object]) -> dict[str, object]:
        given = {"vendor": self._vendor, **filters}
        return {name: _serialized(value) for name, value in given.items() if value is not None}


def _serialized(value: object) -> object:
    return iso(value) if isinstance(value, date) else value
