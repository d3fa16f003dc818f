"""Faults: failures that a test arms."""

import builtins
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, TypedDict

from typing_extensions import Doc

from mockalog.testing.controls.commands import command

if TYPE_CHECKING:
    from mockalog.testing.controls.client import ControlClient


class ArmedFault(TypedDict):
    """An armed fault. `sandbox` None: the whole server's. `fired`: how often it was applied."""

    id: int
    sandbox: str | None
    vendor: str
    operation: str
    path: str | None
    phase: str
    status: int | None
    error: str | None
    retry_after: int | None
    drop: bool
    delay: float
    after: int
    times: int
    fired: int
    remaining: int


class Faults:
    """The armed faults of one sandbox, or of the whole server."""

    def __init__(self, control: "ControlClient") -> None:
        self._control = control

    @command("add")
    def arm(
        self,
        vendor: str,
        operation: Annotated[str, Doc("Its name, or * for all.")],
        *,
        status: Annotated[int | None, Doc("The HTTP status.")] = None,
        error: Annotated[str | None, Doc("The vendor's error id.")] = None,
        retry_after: Annotated[int | None, Doc("Seconds that a 429 asks for.")] = None,
        times: Annotated[int | None, Doc("How many calls fail.")] = None,
        after: Annotated[int | None, Doc("How many calls pass first.")] = None,
        delay: Annotated[float | timedelta | None, Doc("Seconds before the answer.")] = None,
        phase: Annotated[str | None, Doc("before, after or job.")] = None,
        path: Annotated[str | None, Doc("Only calls of this path.")] = None,
        drop: Annotated[bool | None, Doc("Close the connection instead.")] = None,
        **more: object,
    ) -> ArmedFault:
        """Arm a fault; the vendor's own error is the response.

        The server chooses the default of each value that is None. Raises `RefusedError` for an
        operation or an error that does not exist.
        """
        __tracebackhide__ = True
        wanted = {
            "status": status,
            "error": error,
            "retry_after": retry_after,
            "times": times,
            "after": after,
            "delay": delay,
            "phase": phase,
            "path": path,
            "drop": drop,
            **more,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        fault = {"vendor": vendor, "operation": operation, **given}
        armed: ArmedFault = self._control.call("POST", "/faults", json=fault)
        self._control.armed.add(_key(armed))
        return armed

    @command("list")
    def list(self) -> builtins.list[ArmedFault]:
        """List the armed faults."""
        return self._control.list("/faults", "faults")

    def unfired(self) -> builtins.list[ArmedFault]:
        """Return the faults of these controls that are still armed and were never applied."""
        if not self._control.armed:
            return []
        unfired = [fault for fault in self.list() if not fault["fired"]]
        return [fault for fault in unfired if _key(fault) in self._control.armed]

    @command("clear")
    def clear(self) -> None:
        """Disarm all faults."""
        self._control.call("DELETE", "/faults")

    @command("rm")
    def remove(self, fault_id: int) -> None:
        """Disarm a fault by its id."""
        self._control.call("DELETE", f"/faults/{fault_id}")


def _key(fault: ArmedFault) -> tuple[str | None, int]:
    return fault["sandbox"], fault["id"]
