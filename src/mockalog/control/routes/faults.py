"""Faults: failures that a test arms, answered as the vendor itself answers them."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Path
from pydantic import ConfigDict, Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.long_responses import LongResponse, long_list
from mockalog.control.calls.models import CountOut, Out, SandboxHeaders
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.vendor import fault_rules, faults
from mockalog.kernel.vendor.fault_rules import validated_fault
from mockalog.kernel.vendor.faults import Fault, Phase

router = ControlRouter(tag="Faults", key=KEYS, headers=SandboxHeaders)

FaultId = Annotated[int, Path(description="The id of the fault.", examples=[1])]


class FaultIn(fault_rules.FaultIn):
    """A fault to arm: the calls that fail, their number, and the response.

    The fields are the kernel's, because state documents hold faults too.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"vendor": "braze", "operation": "create_catalog", "status": 503, "times": 2},
                {"vendor": "attraqt", "path": "/catalogs/*", "drop": True},
            ]
        }
    )


class FaultOut(Out):
    """An armed fault. `sandbox` null: the whole server's. `remaining` 0: it is used up."""

    id: int
    sandbox: str | None
    vendor: str
    operation: str
    path: str | None
    phase: Phase
    status: int | None
    error: str | None
    retry_after: int | None
    drop: bool
    delay: float = Field(description="Seconds of real time before the answer.")
    after: int = Field(description="The number of calls that pass first.")
    times: int
    fired: int
    remaining: int


class FaultsOut(Out):
    """Faults in the order of arming."""

    faults: list[FaultOut]


@router.get("/faults", responses={200: FaultsOut})
async def list_faults(call: ControlCall) -> LongResponse:
    """List the faults of a sandbox and of the server; without a sandbox, all faults."""
    async with call.runtime.database.reading() as reader:
        found = faults.all_of(reader, call.sandbox_id)
        return await long_list(b'{"faults":[', _shown(call, found), b"]}")


async def _shown(call: ControlCall, found: AsyncIterator[Fault]) -> AsyncIterator[FaultOut]:
    async for fault in found:
        yield _out(fault)
        await call.turns.give_way()


@router.post("/faults", body=FaultIn, responses={201: FaultOut}, errors=("wrong-type",))
async def create_fault(call: ControlCall) -> FaultOut:
    """Arm a fault; without a sandbox it counts the calls of all sandboxes together."""
    runtime, wanted = call.runtime, call.body
    await call.load(wanted.vendor)
    values = validated_fault(wanted, call.vendors, call.exchange)
    owner = await call.sandbox_or_template()
    async with runtime.database.transaction(owner.id) as connection:
        fault_id = await faults.arm(connection, owner.id, values)
        armed = await faults.find(connection, owner.id, fault_id)
    runtime.sandboxes.forget()
    return _out(armed)


@router.delete("/faults", responses={200: CountOut})
async def delete_faults(call: ControlCall) -> CountOut:
    """Disarm the faults of a sandbox, or all faults; return their number."""
    async with call.runtime.database.transaction(call.sandbox_id) as connection:
        count = await faults.disarm_all(connection, call.sandbox_id)
    call.runtime.sandboxes.forget()
    return CountOut(count=count)


@router.delete("/faults/{fault_id}", responses={204: None}, errors=("not-found",))
async def delete_fault(call: ControlCall, fault_id: FaultId) -> None:
    """Disarm one fault of a sandbox; without a sandbox, one of the whole server's."""
    owner = await call.sandbox_or_template()
    async with call.runtime.database.transaction(owner.id) as connection:
        count = await faults.disarm(connection, owner.id, fault_id)
    call.runtime.sandboxes.forget()
    if not count:
        raise ProblemError(404, f"fault {fault_id} does not exist: list the faults")


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
