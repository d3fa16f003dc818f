"""The operations of a batch, read in chunks.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.json_columns import Operation
from mockalog.vendors.attraqt.repository import batch_imports

# Operations that a job holds in memory at once.
CHUNK_SIZE = 1000


class BatchChunk(NamedTuple):
    """Some operations in their order, with their receipts."""

    receipts: list[str]
    operations: list[Operation]

    @property
    def item_ids(self) -> list[str]:
        """Return the ids of the items."""
        return [operation.id for operation in self.operations]


async def read_chunks(repository: Repository, batch: int, size: int) -> AsyncIterator[BatchChunk]:
    """Yield the first `size` operations of a batch, which may have grown since."""
    for first in range(0, size, CHUNK_SIZE):
        end = min(first + CHUNK_SIZE, size)
        rows = await batch_imports.read_items(repository, batch, first, end)
        if not rows:  # the size of an imported state may be too large
            return
        operations = [Operation(**loads_stored(row.operation)) for row in rows]
        yield BatchChunk([row.receipt_id for row in rows], operations)
