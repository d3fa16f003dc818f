"""A ring: what came last, bounded by number and bytes; the oldest goes first.

What belongs together can be listed and dropped without a look at anything else, so that a reset
costs the same however much others have asked.
"""

from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _Shelf(Generic[Item]):
    """The items of one owner, oldest first."""

    __slots__ = ("is_cleared", "items", "owner", "size")

    def __init__(self, owner: int | None) -> None:
        self.owner = owner
        self.items: deque[Item] = deque()
        self.size = 0
        # Its items may stand in the ring for a while longer.
        self.is_cleared = False


class RingBuffer(Generic[Item]):
    """Keeps items of owners; None is an owner, too."""

    def __init__(self, max_items: int, max_bytes: int) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._start()

    def _start(self) -> None:
        # In the order in which they came, with their sizes; those of cleared shelves too.
        self._order: deque[tuple[Item, int, _Shelf[Item]]] = deque()
        self._shelves: dict[int | None, _Shelf[Item]] = {}
        # Of what is kept, and of what only waits to be let go.
        self._count = self._bytes = self._waste = 0

    def add(self, owner: int | None, item: Item, size: int) -> None:
        """Keep an item of so many bytes; what is too much for the bounds goes."""
        shelf = self._shelves.get(owner)
        if shelf is None:
            shelf = self._shelves[owner] = _Shelf(owner)
        shelf.items.append(item)
        shelf.size += size
        self._order.append((item, size, shelf))
        self._count += 1
        self._bytes += size
        while self._count > self._max_items or self._bytes > self._max_bytes:
            self._drop_first()
        # One more than comes: so what was cleared goes little by little.
        for _ in range(2):
            if self._order and self._order[0][2].is_cleared:
                self._drop_first()

    def all(self) -> list[Item]:
        """Return what is kept, oldest first."""
        return [item for item, _, shelf in self._order if not shelf.is_cleared]

    def of(self, owner: int | None) -> list[Item]:
        """Return what is kept of an owner, oldest first."""
        shelf = self._shelves.get(owner)
        return [] if shelf is None else list(shelf.items)

    def clear(self) -> int:
        """Drop everything; return how many items went."""
        count = self._count
        self._start()
        return count

    def clear_of(self, owner: int | None) -> int:
        """Drop what is kept of an owner; return how many items went."""
        shelf = self._shelves.pop(owner, None)
        if shelf is None:
            return 0
        shelf.is_cleared = True
        count = len(shelf.items)
        self._count -= count
        self._bytes -= shelf.size
        self._waste += shelf.size
        shelf.items = deque()
        if len(self._order) > self._count + self._max_items or self._waste > self._max_bytes:
            self._compact()
        return count

    def _drop_first(self) -> None:
        _, size, shelf = self._order.popleft()
        if shelf.is_cleared:
            self._waste -= size
            return
        shelf.items.popleft()
        shelf.size -= size
        self._count -= 1
        self._bytes -= size
        if not shelf.items:
            del self._shelves[shelf.owner]

    def _compact(self) -> None:
        """Let go of all that was cleared: there is never more of it than of what may be kept."""
        self._order = deque(slot for slot in self._order if not slot[2].is_cleared)
        self._waste = 0
