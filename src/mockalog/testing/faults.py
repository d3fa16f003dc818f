"""Arming failures, from a test."""

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
        return dict(self._control.call("POST", "/faults", json=fault))

    def clear(self) -> None:
        """Disarm all."""
        self._control.call("DELETE", "/faults")

    def remove(self, fault_id: int) -> None:
        """Disarm one."""
        self._control.call("DELETE", f"/faults/{fault_id}")
