"""Generations: locks of a sandbox's name."""

import asyncio
from typing import Any

from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.sandboxes import generations
from tests.emulation import emulate
from tests.waiting import until_one_waits


def test_a_wait_for_a_replaced_template_gets_the_new_one(new_postgres_url: Any) -> None:
    """The lock is on the name, not on the row."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        database = emulation.runtime.database

        async def lock() -> int:
            async with database.transaction() as connection:
                row: Any = await generations.lock(connection, TEMPLATE)
                return int(row.id)

        async def act() -> tuple[int | None, int]:
            await emulation.runtime.sandboxes.open(TEMPLATE)
            async with database.transaction() as connection:
                await generations.retire(connection, TEMPLATE)
                begun = await generations.begin(connection, TEMPLATE)
                second = asyncio.create_task(lock())
                await until_one_waits(database)
            return begun, await second

        begun, locked = emulation.run(act)

    assert locked == begun
