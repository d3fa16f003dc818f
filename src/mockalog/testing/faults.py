"""Arming failures, from a test."""

import builtins
from collections.abc import Mapping
from typing import Any

from mockalog.testing.control import Control


class Faults:
    """What is armed: in one sandbox, or in every one."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def list(self) -> list[dict[str, Any]]:
        """Return what is armed, with what is left of it."""
        return self._control.list("/faults", "faults")

    def arm(self, vendor: str, operation: str, **wanted: Any) -> dict[str, Any]:
        """Arm one: `status`, `error`, `retry_after`, `times`, `after`, `delay`, `phase`, `path`,
        `drop`.

        What is None is left to the server. Unknown operations and errors are `Refused`.
        """
        __tracebackhide__ = True
        given = {name: value for name, value in wanted.items() if value is not None}
        fault = {"vendor": vendor, "operation": operation, **given}
        armed = dict(self._control.call("POST", "/faults", json=fault))
        self._control.armed.add(_key(armed))
        return armed

    def unfired(self) -> builtins.list[dict[str, Any]]:
        """Return what was armed from here, is armed still, and has not struck once."""
        if not self._control.armed:
            return []
        idle = [one for one in self.list() if not one["fired"]]
        return [one for one in idle if _key(one) in self._control.armed]

    def clear(self) -> None:
        """Disarm all."""
        self._control.call("DELETE", "/faults")

    def remove(self, fault_id: int) -> None:
        """Disarm one."""
        self._control.call("DELETE", f"/faults/{fault_id}")


def _key(fault: Mapping[str, Any]) -> tuple[str | None, int]:
    return fault["sandbox"], fault["id"]
