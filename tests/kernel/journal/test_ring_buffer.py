"""The ring buffer: bounds, owners, and the memory of cleared items."""

import random
import weakref

import pytest

from mockalog.kernel.journal.ring_buffer import RingBuffer


def filled(ring: RingBuffer[str], text: str) -> RingBuffer[str]:
    """Add an item of one byte for each letter; the owner of `a` is 0. Return the ring."""
    for letter in text:
        ring.add(ord(letter) - ord("a"), letter, 1)
    return ring


def test_items_are_in_order_for_all_and_for_each_owner() -> None:
    """The oldest is first. None is an owner too."""
    ring = filled(RingBuffer(10, 10), "abca")
    ring.add(None, "-", 1)

    assert ring.all() == ["a", "b", "c", "a", "-"]
    assert (ring.of(0), ring.of(1), ring.of(None), ring.of(9)) == (["a", "a"], ["b"], ["-"], [])


@pytest.mark.parametrize(
    ("bounds", "kept"),
    [((3, 100), "cab"), ((100, 2), "ab"), ((0, 100), ""), ((100, 0), "")],
)
def test_the_oldest_items_are_dropped_first(bounds: tuple[int, int], kept: str) -> None:
    """The owner does not matter. An item larger than the bounds is dropped at once."""
    ring = filled(RingBuffer(*bounds), "abcab")

    assert "".join(ring.all()) == kept
    assert len(kept) == sum(len(ring.of(owner)) for owner in range(3))


def test_cleared_items_make_room_for_new_ones() -> None:
    """Items of other owners stay, and so do later items of the same owner."""
    ring = filled(RingBuffer(4, 100), "abab")

    assert (ring.clear_of(0), ring.clear_of(0), ring.clear_of(9)) == (2, 0, 0)

    assert ring.all() == ["b", "b"]
    assert filled(ring, "ac").all() == ["b", "b", "a", "c"]
    assert filled(ring, "c").all() == ["b", "a", "c", "c"]
    assert (ring.clear(), ring.all(), ring.of(1)) == (4, [], [])


@pytest.mark.parametrize("bounds", [(50, 10**6), (10**6, 50)])
def test_cleared_items_do_not_accumulate(bounds: tuple[int, int]) -> None:
    """They use no more memory than the bounds allow, also after an item that stays."""
    ring = filled(RingBuffer(*bounds), "b")
    for _ in range(1000):
        filled(ring, "a" * 20)
        ring.clear_of(0)

    assert ring.all() == ["b"]
    assert len(ring._order) <= 2 * 50


class Item:
    """An item that a weak reference can refer to."""


def test_a_removed_item_is_not_referenced() -> None:
    """The same holds if a later item of its owner is still in the order."""
    ring: RingBuffer[Item] = RingBuffer(10, 100)
    items = [Item() for _ in range(3)]
    alive = weakref.WeakSet(items)
    for owner, item in zip((0, 0, 1), items, strict=True):
        ring.add(owner, item, 1)
    ring.add(0, Item(), 1)
    del items, item

    ring.clear_of(0)
    ring.add(2, Item(), 1)

    assert len(alive) == 1


def test_each_new_item_removes_two_cleared_ones() -> None:
    """So no single call has to remove many."""
    ring = filled(RingBuffer(1000, 1000), "a" * 500)
    ring.clear_of(0)

    filled(ring, "b" * 300)

    assert (len(ring._order), ring._waste) == (300, 0)


def test_it_behaves_like_a_list() -> None:
    """For random additions and clearings, a plain list has the same items."""
    chance = random.Random(7)
    for _ in range(200):
        most = chance.randint(0, 12)
        ring: RingBuffer[int] = RingBuffer(most, 10**6)
        plain: list[tuple[int, int]] = []
        for number in range(80):
            owner = chance.randrange(4)
            if chance.random() < 0.15:
                assert ring.clear_of(owner) == sum(1 for o, _ in plain if o == owner)
                plain = [pair for pair in plain if pair[0] != owner]
            else:
                ring.add(owner, number, 1)
                plain = [*plain, (owner, number)][-most:] if most else []
            assert ring.all() == [n for _, n in plain]
            assert ring.of(owner) == [n for o, n in plain if o == owner]
