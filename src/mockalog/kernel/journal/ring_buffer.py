"""A ring buffer: the latest items, bounded by number and bytes. The oldest items go first.

An owner's items are listed and dropped without visiting other items. So a reset costs the same
for any number of exchanges in other sandboxes.
"""

from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _OwnerItems(Generic[Item]):
    """The items of one owner, oldest first."""

    __slots__ = ("is_cleared", "items", "owner", "size")

    def __init__(self, owner: int | None) -> None:
        self.owner = owner
        self.items: deque[Item] = deque()
        self.size = 0
        # After `clear_of`: the buffer's order still contains these items until they are removed.
        self.is_cleared = False


class RingBuffer(Generic[Item]):
    """Keeps items by owner. None is an owner too."""

    def __init__(self, max_items: int, max_bytes: int) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._reset()

    def _reset(self) -> None:
        # All items with their sizes, oldest first, including cleared ones.
        self._order: deque[tuple[Item, int, _OwnerItems[Item]]] = deque()
        self._owners: dict[int | None, _OwnerItems[Item]] = {}
        # The number and the bytes of kept items, and the bytes of cleared items in `_order`.
        self._count = self._bytes = self._waste = 0

    def add(self, owner: int | None, item: Item, size: int) -> None:
        """Add an item of `size` bytes, and drop the oldest items beyond the bounds."""
        owned = self._owners.get(owner)
        if owned is None:
            owned = self._owners[owner] = _OwnerItems(owner)
        owned.items.append(item)
        owned.size += size
        self._order.append((item, size, owned))
        self._count += 1
        self._bytes += size
        while self._count > self._max_items or self._bytes > self._max_bytes:
            self._drop_first()
        # Remove two cleared items for each added one, so that `_order` shrinks step by step.
        for _ in range(2):
            if self._order and self._order[0][2].is_cleared:
                self._drop_first()

    def all(self) -> list[Item]:
        """Return all items, oldest first."""
        return [item for item, _, owned in self._order if not owned.is_cleared]

    def of(self, owner: int | None) -> list[Item]:
        """Return the items of an owner, oldest first."""
        owned = self._owners.get(owner)
        return [] if owned is None else list(owned.items)

    def counts(self) -> list[tuple[int | None, int]]:
        """Return each owner with the number of its items."""
        return [(owner, len(owned.items)) for owner, owned in self._owners.items()]

    def clear(self) -> int:
        """Drop all items; return their number."""
        count = self._count
        self._reset()
        return count

    def clear_of(self, owner: int | None) -> int:
        """Drop the items of an owner; return their number."""
        owned = self._owners.pop(owner, None)
        if owned is None:
            return 0
        owned.is_cleared = True
        count = len(owned.items)
        self._count -= count
        self._bytes -= owned.size
        self._waste += owned.size
        owned.items = deque()
        if len(self._order) > self._count + self._max_items or self._waste > self._max_bytes:
            self._compact()
        return count

    def _drop_first(self) -> None:
        _, size, owned = self._order.popleft()
        if owned.is_cleared:
            self._waste -= size
            return
        owned.items.popleft()
        owned.size -= size
        self._count -= 1
        self._bytes -= size
        if not owned.items:
            del self._owners[owned.owner]

    def _compact(self) -> None:
        """Remove the cleared items, so that they never use more memory than the bounds allow."""
        self._order = deque(slot for slot in self._order if not slot[2].is_cleared)
        self._waste = 0
