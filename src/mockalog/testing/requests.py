"""The journal, from a test: what was asked of the vendors."""

import builtins
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from mockalog.testing.control import Control
from mockalog.testing.errors import Refused
from mockalog.testing.values import iso

TIMED_OUT = 408


class Exchange(dict[str, Any]):
    """A request with its response, as the journal shows it: secrets redacted."""

    @property
    def at(self) -> datetime:
        """When it came, by the machine's clock."""
        return datetime.fromisoformat(self["at"])

    @property
    def vendor(self) -> str | None:
        """Whose it was; None if no vendor was addressed."""
        vendor: str | None = self["vendor"]
        return vendor

    @property
    def operation(self) -> str | None:
        """The operation that was meant; None if none fits."""
        operation: str | None = self["operation"]
        return operation

    @property
    def method(self) -> str:
        """`GET`, `POST` …"""
        return str(self["method"])

    @property
    def path(self) -> str:
        """The path, without the query."""
        return str(self["path"])

    @property
    def status(self) -> int:
        """The response's status."""
        return int(self["status"])

    @property
    def summary(self) -> dict[str, Any]:
        """What fits on a line; of an unmatched one, with the reason and what came nearest."""
        names = ("at", "vendor", "operation", "method", "path")
        near = [one["operation"] for one in self.get("nearest", ())]
        why = {"detail": self["detail"], "nearest": near} if "detail" in self else {}
        return {**{name: self[name] for name in names}, "status": self.status, **why}

    @property
    def json(self) -> Any:
        """What the request's body says."""
        return orjson.loads(self["request"]["body"])

    @property
    def response_json(self) -> Any:
        """What the response's body says."""
        return orjson.loads(self["response"]["body"])


class Requests:
    """The journal of one sandbox or of the whole server; of one vendor if that is given.

    Filters are those of the control plane: `vendor`, `method`, `path`, `operation`, `status`,
    `since`, `limit`, `unmatched`, `after` (ids: what was recorded later; one of each process).
    """

    def __init__(self, control: Control, vendor: str | None = None) -> None:
        self._control = control
        self._always = {} if vendor is None else {"vendor": vendor}

    def list(self, **filters: Any) -> list[Exchange]:
        """Return what was asked and answered, oldest first."""
        __tracebackhide__ = True
        found = self._control.list("/requests", "requests", params=self._wanted(filters))
        return [Exchange(one) for one in found]

    def count(self, **filters: Any) -> int:
        """Return how many fit."""
        __tracebackhide__ = True
        return self._control.count("GET", "/requests/count", params=self._wanted(filters))

    def wait(self, count: int = 1, timeout: float = 5, **filters: Any) -> builtins.list[Exchange]:
        """Return the requests that fit once there are `count`.

        `timeout` is in seconds of real time, 60 at most; raises `TimeoutError` after it.
        """
        __tracebackhide__ = True
        wanted = {**self._wanted(filters), "count": count, "timeout": timeout}
        try:
            found = self._control.list("/requests/wait", "requests", params=wanted)
        except Refused as refused:
            if refused.status == TIMED_OUT:
                raise TimeoutError(f"{refused}, of {filters or 'any'}") from None
            raise
        return [Exchange(one) for one in found]

    def unmatched(self, **filters: Any) -> builtins.list[Exchange]:
        """Return what fits no operation, each with the reason and what came nearest."""
        wanted = self._wanted(filters)
        found = self._control.list("/requests/unmatched", "requests", params=wanted)
        return [Exchange(one) for one in found]

    def har(self, **filters: Any) -> dict[str, Any]:
        """Return what was asked and answered as an HTTP archive (HAR 1.2)."""
        return dict(self._control.call("GET", "/requests/har", params=self._wanted(filters)))

    def clear(self) -> int:
        """Empty the journal; return how many exchanges it held. What went astray is forgiven."""
        count = self._control.count("DELETE", "/requests")
        self._control.strayed.clear()
        return count

    def _wanted(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        given = {**self._always, **filters}
        return {name: _written(value) for name, value in given.items() if value is not None}


def _written(value: Any) -> Any:
    return iso(value) if isinstance(value, date) else value
