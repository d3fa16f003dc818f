"""Faults: arming failures in the vendor's own words."""

from fastapi import APIRouter, Request, Response

from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.problems import Problem
from mockalog.control.schemas import CountOut, FaultOut, FaultsOut
from mockalog.kernel import faults
from mockalog.kernel.arming import FaultIn, armable
from mockalog.kernel.faults import Fault
from mockalog.kernel.identity import TEMPLATE
from mockalog.kernel.journal import Exchange

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
    values = armable(wanted, runtime.vendors, Exchange(request.scope))
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
        retry_after=fault.retry_after,
        drop=fault.drops,
        delay=fault.delay,
        after=fault.skips,
        times=fault.times,
        fired=fault.fired,
        remaining=fault.times - fault.fired,
    )
