"""Uses: when each sandbox was used last.

A call only notes the name in memory. The names are written now and then, so that other workers and
a later start know them. So a last use is known to the minute.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.sqlite import insert as upsert

from mockalog.kernel.clock import machine_now
from mockalog.kernel.database.interfaces import Connection, Database
from mockalog.kernel.database.models import sandbox_uses
from mockalog.kernel.turns import Turns

# Uses that one transaction writes.
SLICE = 250

_new = upsert(sandbox_uses).values(name=bindparam("used"), used_at=bindparam("now"))
_WRITE = _new.on_conflict_do_update(
    index_elements=["name"], set_={"used_at": _new.excluded.used_at}
)
_FORGET = delete(sandbox_uses).where(sandbox_uses.c.name == bindparam("forgotten"))


class Uses:
    """The sandboxes that this process has used since the last write. `now` is the machine's."""

    def __init__(self, database: Database, now: Callable[[], int] = machine_now) -> None:
        self._database = database
        self._names: set[str] = set()
        self.now = now
        self.note = self._names.add
        """Note the use of the sandbox with that name."""

        self.drop = self._names.discard
        """Forget a noted use, because the sandbox is deleted."""

    def has(self, name: str) -> bool:
        """Return whether the sandbox was used since the last write."""
        return name in self._names

    async def write(self) -> None:
        """Write the uses that were noted."""
        turns = Turns()
        while self._names:
            # In order: two servers that write the same names would otherwise lock each other out.
            names = sorted(self._names)[:SLICE]
            self._names.difference_update(names)
            now = self.now()
            try:
                async with self._database.transaction() as connection:
                    await connection.many(_WRITE, [{"used": one, "now": now} for one in names])
            except BaseException:
                self._names.update(names)
                raise
            await turns.give_way()


async def forget(connection: Connection, names: Sequence[str]) -> None:
    """Delete the uses of sandboxes that do not exist any more."""
    await connection.many(_FORGET, [{"forgotten": name} for name in sorted(names)])
