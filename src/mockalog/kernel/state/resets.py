"""Resets: a sandbox, or the whole server, goes back to where tests begin."""

from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.vendor.runtime import Runtime


async def reset(runtime: Runtime, sandbox: Sandbox, *, empty: bool = False) -> None:
    """Let a sandbox be what a new one is, or one without any row; atomic.

    Clock and settings are what new sandboxes start with, either way.
    """
    async with runtime.database.transaction() as connection:
        template = await generations.lock(connection, TEMPLATE)
        await generations.retire(connection, sandbox.name)
        if empty:
            await generations.begin(connection, sandbox.name, template)
        else:
            await runtime.sandboxes.begin_baseline(connection, sandbox.name, template)
        runtime.sandboxes.forget()


async def reset_all(runtime: Runtime, *, empty: bool = False) -> None:
    """Let every sandbox go, and the template be as it was when it was last seeded, or empty."""
    if not empty:
        await runtime.snapshots.restore_baseline()
        return
    async with runtime.database.transaction() as connection:
        await generations.lock(connection, TEMPLATE)
        await generations.retire_all(connection)
        runtime.sandboxes.forget()
