"""Resets: return a sandbox or the whole server to its baseline.

docs/decisions/0004-reset-is-a-new-generation.md tells why the cost does not depend on the rows.
"""

from mockalog.kernel.database.interfaces import Connection
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.handovers import Successor, hand_over
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.vendor.runtime import Runtime


async def reset(runtime: Runtime, sandbox: Sandbox, *, empty: bool = False) -> None:
    """Replace a sandbox by a new copy of the template, in one transaction.

    With `empty` the new sandbox has no rows, but it has the template's clock and settings.
    """
    await runtime.sandboxes.prepared_copies.after_copies(
        lambda: _reset(runtime, sandbox, empty=empty)
    )


async def _reset(runtime: Runtime, sandbox: Sandbox, *, empty: bool) -> None:
    async with runtime.database.transaction() as connection:
        template = await generations.lock(connection, TEMPLATE)
        await generations.retire(connection, sandbox.name)
        if empty:
            await generations.begin(connection, sandbox.name, template)
        else:
            await runtime.sandboxes.begin_baseline(connection, sandbox.name, template)
        runtime.sandboxes.forget()


async def reset_all(runtime: Runtime, *, empty: bool = False) -> None:
    """Retire all sandboxes and return the template to the baseline.

    With `empty` the template has no rows and the default settings.
    """
    if not empty:
        await runtime.snapshots.restore_baseline()
        return

    async def retire_template(connection: Connection) -> None:
        await generations.retire(connection, TEMPLATE)

    template = Successor(TEMPLATE, retire_template)
    await hand_over(runtime.database, runtime.sandboxes, [template], retires_others=True)
