"""Faults: arming failures in the vendor's own words."""

from typing import Annotated

from fastapi import Path

from mockalog.control.call import ControlCall
from mockalog.control.keys import KEYS
from mockalog.control.problems import Problem
from mockalog.control.route import ControlRouter
from mockalog.control.schemas.faults import FaultIn, FaultOut, FaultsOut
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.control.schemas.server import CountOut
from mockalog.kernel.vendor import faults
from mockalog.kernel.vendor.fault_rules import validated_fault
from mockalog.kernel.vendor.faults import Fault

router = ControlRouter(tag="Faults", key=KEYS, headers=SandboxHeaders)

FaultId = Annotated[int, Path(description="The number of the fault.", examples=[1])]


@router.get("/faults", responses={200: FaultsOut})
async def list_faults(call: ControlCall) -> FaultsOut:
    """List what can strike a sandbox, the server's faults included, or all there is."""
    async with call.runtime.database.transaction() as connection:
        found = await faults.all_of(connection, call.sandbox_id)
    return FaultsOut(faults=[_out(fault) for fault in found])


@router.post("/faults", body=FaultIn, responses={201: FaultOut}, errors=("wrong-type",))
async def create_fault(call: ControlCall) -> FaultOut:
    """Arm a fault; without a sandbox it counts the calls of all of them together."""
    runtime, wanted = call.runtime, call.body
    await call.load(wanted.vendor)
    values = validated_fault(wanted, runtime.vendors, call.exchange)
    owner = await call.sandbox_or_template()
    async with runtime.database.transaction() as connection:
        fault_id = await faults.arm(connection, owner.id, values)
        armed = await faults.all_of(connection, owner.id)
    runtime.sandboxes.forget()
    return next(
        _out(fault) for fault in armed if (fault.sandbox_id, fault.id) == (owner.id, fault_id)
    )


@router.delete("/faults", responses={200: CountOut})
async def delete_faults(call: ControlCall) -> CountOut:
    """Disarm a sandbox's faults, or all there are, and say how many there were."""
    async with call.runtime.database.transaction() as connection:
        count = await faults.disarm_all(connection, call.sandbox_id)
    call.runtime.sandboxes.forget()
    return CountOut(count=count)


@router.delete("/faults/{fault_id}", responses={204: None}, errors=("not-found",))
async def delete_fault(call: ControlCall, fault_id: FaultId) -> None:
    """Disarm one fault of a sandbox; without one, of those that count everybody's calls."""
    owner = await call.sandbox_or_template()
    async with call.runtime.database.transaction() as connection:
        count = await faults.disarm(connection, owner.id, fault_id)
    call.runtime.sandboxes.forget()
    if not count:
        raise Problem(404, f"there is no fault {fault_id}")


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
