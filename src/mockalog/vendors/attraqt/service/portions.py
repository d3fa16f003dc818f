"""What a batch holds, some of it at a time (docs/vendors/attraqt.md#7-batch-imports)."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.repository import batches
from mockalog.vendors.attraqt.rules.items import Operation

# Operations that a job holds in memory at once.
STRIDE = 1000


class Portion(NamedTuple):
    """Some operations in their order, with the receipts that were given for them."""

    receipts: list[str]
    operations: list[Operation]

    @property
    def names(self) -> list[str]:
        """Return the ids of the items."""
        return [operation.id for operation in self.operations]


async def portions(rows: Repository, batch: int, size: int) -> AsyncIterator[Portion]:
    """Yield the first `size` operations of a batch, which may have grown since."""
    for first in range(0, size, STRIDE):
        found = await batches.slice_of(rows, batch, first, min(first + STRIDE, size))
        if not found:  # an imported state may say that there are more
            return
        operations = [Operation(**loads_stored(row.operation)) for row in found]
        yield Portion([row.receipt_id for row in found], operations)
