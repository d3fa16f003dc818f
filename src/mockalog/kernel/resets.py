"""Resets: a sandbox, or the whole server, goes back to where tests begin."""

from mockalog.kernel import identity
from mockalog.kernel.database import Connection
from mockalog.kernel.identity import TEMPLATE
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.sandbox import Sandbox


async def reset(runtime: Runtime, sandbox: Sandbox | None, *, empty: bool = False) -> None:
    """Let a sandbox (None: each, and the template) be as seeded, or `empty`; atomic.

    What new sandboxes start with in clock and settings, a sandbox that is reset has, too.
    """
    async with runtime.database.transaction() as connection:
        if sandbox is None:
            await _reset_all(runtime, connection, empty)
        else:
            await _reset_one(runtime, connection, sandbox.name, empty)
        runtime.sandboxes.forget()


async def _reset_one(runtime: Runtime, connection: Connection, name: str, empty: bool) -> None:
    template = await identity.lock(connection, TEMPLATE)
    await identity.retire(connection, name)
    if empty:
        await identity.begin(connection, name, template)
    else:
        await runtime.sandboxes.begin_baseline(connection, name, template)


async def _reset_all(runtime: Runtime, connection: Connection, empty: bool) -> None:
    """Let every sandbox go, and the template be as it was seeded at the start."""
    await identity.lock(connection, TEMPLATE)
    baseline = None if empty else await runtime.snapshots.baseline(connection)
    await identity.retire_all(connection)
    if baseline is not None:
        await identity.replace(connection, TEMPLATE, baseline)
        runtime.sandboxes.spares.prepare(baseline)
