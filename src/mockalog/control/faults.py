"""Faults: arming failures in the vendor's own words."""

from difflib import get_close_matches
from typing import Any

from fastapi import APIRouter, Request, Response

from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.problems import Problem
from mockalog.control.schemas import CountOut, FaultIn, FaultOut, FaultsOut
from mockalog.kernel import faults
from mockalog.kernel.failures import provoked
from mockalog.kernel.faults import ANY, Fault
from mockalog.kernel.identity import TEMPLATE
from mockalog.kernel.journal import Exchange
from mockalog.kernel.vendor import Vendor

router = APIRouter()


@router.get("/faults")
async def list_faults(runtime: RuntimeDep, sandbox: SandboxDep) -> FaultsOut:
    """List what can strike a sandbox, the server's faults included, or all there is."""
    sandbox_id = None if sandbox is None else sandbox.id
    async with runtime.database.transaction() as connection:
        found = await faults.all_of(connection, sandbox_id)
    return FaultsOut(faults=[_out(fault) for fault in found])


@router.post("/faults", status_code=201)
async def create_fault(
    wanted: FaultIn, request: Request, runtime: RuntimeDep, sandbox: SandboxDep
) -> FaultOut:
    """Arm a fault; without a sandbox it counts the calls of all of them together."""
    vendor = _vendor(wanted, runtime.vendors)
    values = _checked(wanted, vendor, Exchange(request.scope))
    owner = sandbox or await runtime.sandboxes.open(TEMPLATE)
    async with runtime.database.transaction() as connection:
        fault_id = await faults.arm(connection, owner.id, values)
        armed = await faults.all_of(connection, owner.id)
    runtime.sandboxes.forget()
    return next(
        _out(fault) for fault in armed if (fault.sandbox_id, fault.id) == (owner.id, fault_id)
    )


@router.delete("/faults")
async def delete_faults(runtime: RuntimeDep, sandbox: SandboxDep) -> CountOut:
    """Disarm a sandbox's faults, or all there are, and say how many there were."""
    sandbox_id = None if sandbox is None else sandbox.id
    async with runtime.database.transaction() as connection:
        count = await faults.disarm_all(connection, sandbox_id)
    runtime.sandboxes.forget()
    return CountOut(count=count)


@router.delete("/faults/{fault_id}", status_code=204)
async def delete_fault(fault_id: int, runtime: RuntimeDep, sandbox: SandboxDep) -> Response:
    """Disarm one fault of a sandbox; without one, of those that count everybody's calls."""
    owner = sandbox or await runtime.sandboxes.open(TEMPLATE)
    async with runtime.database.transaction() as connection:
        count = await faults.disarm(connection, owner.id, fault_id)
    runtime.sandboxes.forget()
    if not count:
        raise Problem(404, f"there is no fault {fault_id}")
    return Response(status_code=204)


def _vendor(wanted: FaultIn, vendors: Any) -> Vendor:
    if wanted.vendor not in vendors:
        raise Problem(400, _unknown("vendor", wanted.vendor, vendors))
    vendor: Vendor = vendors[wanted.vendor]
    return vendor


def _checked(wanted: FaultIn, vendor: Vendor, exchange: Exchange) -> dict[str, Any]:
    """Return the fault's row; raises `Problem` for one that could never strike as it says."""
    operations = {operation.name: operation for operation in vendor.router.operations}
    operation = operations.get(wanted.operation)
    if operation is None and wanted.operation != ANY:
        raise Problem(400, _unknown(f"{vendor.name} operation", wanted.operation, operations))
    if wanted.error is not None and wanted.error not in vendor.faults:
        raise Problem(400, _unknown(f"{vendor.name} error", wanted.error, vendor.faults))
    if wanted.phase == "job":
        able = [one for one in operations.values() if one.schedules]
        if not able or (operation is not None and not operation.schedules):
            names = ", ".join(one.name for one in able) or "none does"
            raise Problem(400, f"{wanted.operation} schedules no job; of {vendor.name}: {names}")
    status = wanted.status
    if status is None and wanted.error is None and not wanted.is_silent:
        status = 500
    refusal = provoked(vendor, wanted.model_copy(update={"status": status}), exchange, None, {})
    if refusal is None and status is not None:
        raise Problem(400, f"{vendor.name} has no words for status {status}: name an error")
    if refusal is not None and wanted.error is not None:
        worded = vendor.envelope(refusal, exchange).status
        if status not in (None, worded):
            raise Problem(400, f"the error {wanted.error} has status {worded}, not {status}")
        status = worded
    return {**wanted.row(), "status": status}


def _unknown(what: str, given: str, known: Any) -> str:
    """Say that there is no such thing, and what comes near or what there is."""
    near = get_close_matches(given, list(known)) or sorted(known)
    return f"there is no {what} {given!r}; there is: {', '.join(near)}"


def _out(fault: Fault) -> FaultOut:
    return FaultOut(
        id=fault.id,
        sandbox=fault.sandbox,
        vendor=fault.vendor,
        operation=fault.operation,
        path=fault.path,
        phase=fault.phase,
        status=fault.status,
        error=fault.error,
        drop=fault.drops,
        delay=fault.delay,
        after=fault.skips,
        times=fault.times,
        fired=fault.fired,
        remaining=fault.times - fault.fired,
    )
