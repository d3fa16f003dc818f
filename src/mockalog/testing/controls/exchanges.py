"""An exchange of the journal."""

from datetime import datetime
from typing import Any

import orjson

from mockalog.testing.controls.serialization import JsonObject


class Exchange(JsonObject):
    """A request with its response, as the journal shows it: secrets redacted."""

    @property
    def at(self) -> datetime:
        """The machine's time of the request."""
        return datetime.fromisoformat(self["at"])

    @property
    def vendor(self) -> str | None:
        """The vendor; None if the request addressed none."""
        vendor: str | None = self["vendor"]
        return vendor

    @property
    def operation(self) -> str | None:
        """The operation; None if the request matched none."""
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
    def summary(self) -> JsonObject:
        """The values for one line; an unmatched one adds the reason and the closest operations."""
        names = ("at", "vendor", "operation", "method", "path")
        nearest = [one["operation"] for one in self.get("nearest", ())]
        why = {"detail": self["detail"], "nearest": nearest} if "detail" in self else {}
        return {**{name: self[name] for name in names}, "status": self.status, **why}

    # `Any` in both: a body may be any JSON value, and a test indexes it.
    # Any: the value of a JSON body.
    @property
    def json(self) -> Any:
        """The JSON of the request's body."""
        return orjson.loads(self["request"]["body"])

    # Any: the value of a JSON body.
    @property
    def response_json(self) -> Any:
        """The JSON of the response's body."""
        return orjson.loads(self["response"]["body"])
