"""The ring that the journal keeps its exchanges in."""

import random
import weakref

import pytest

from mockalog.kernel.journal.ring_buffer import RingBuffer


def filled(ring: RingBuffer[str], text: str) -> RingBuffer[str]:
    """Return the ring with an item of one byte for each letter: its owner's number is its place."""
    for letter in text:
        ring.add(ord(letter) - ord("a"), letter, 1)
    return ring


def test_it_keeps_the_order_and_each_owners() -> None:
    """Oldest first; None is an owner like the others."""
    ring = filled(RingBuffer(10, 10), "abca")
    ring.add(None, "-", 1)

    assert ring.all() == ["a", "b", "c", "a", "-"]
    assert (ring.of(0), ring.of(1), ring.of(None), ring.of(9)) == (["a", "a"], ["b"], ["-"], [])


@pytest.mark.parametrize(
    ("bounds", "kept"),
    [((3, 100), "cab"), ((100, 2), "ab"), ((0, 100), ""), ((100, 0), "")],
)
def test_the_oldest_goes_first(bounds: tuple[int, int], kept: str) -> None:
    """Whosever it is; what is too large for the bounds goes at once."""
    ring = filled(RingBuffer(*bounds), "abcab")

    assert "".join(ring.all()) == kept
    assert len(kept) == sum(len(ring.of(owner)) for owner in range(3))


def test_what_is_cleared_is_gone_at_once_and_makes_room() -> None:
    """Of one owner; nobody else's goes for it, and what comes later is kept."""
    ring = filled(RingBuffer(4, 100), "abab")

    assert (ring.clear_of(0), ring.clear_of(0), ring.clear_of(9)) == (2, 0, 0)

    assert ring.all() == ["b", "b"]
    assert filled(ring, "ac").all() == ["b", "b", "a", "c"]
    assert filled(ring, "c").all() == ["b", "a", "c", "c"]
    assert (ring.clear(), ring.all(), ring.of(1)) == (4, [], [])


@pytest.mark.parametrize("bounds", [(50, 10**6), (10**6, 50)])
def test_what_is_cleared_does_not_pile_up(bounds: tuple[int, int]) -> None:
    """It takes no more room than what may be kept, also behind what stays; one sees neither."""
    ring = filled(RingBuffer(*bounds), "b")
    for _ in range(1000):
        filled(ring, "a" * 20)
        ring.clear_of(0)

    assert ring.all() == ["b"]
    assert len(ring._order) <= 2 * 50


class Thing:
    """What can be seen to go."""


def test_what_is_cleared_and_pushed_out_is_held_by_nobody() -> None:
    """Also if what was cleared with it stands behind something that stays."""
    ring: RingBuffer[Thing] = RingBuffer(10, 100)
    things = [Thing() for _ in range(3)]
    seen = weakref.WeakSet(things)
    for owner, thing in zip((0, 0, 1), things, strict=True):
        ring.add(owner, thing, 1)
    ring.add(0, Thing(), 1)
    del things, thing

    ring.clear_of(0)
    ring.add(2, Thing(), 1)

    assert len(seen) == 1


def test_what_was_cleared_first_goes_with_what_comes() -> None:
    """Nobody has to wait for much of it at once."""
    ring = filled(RingBuffer(1000, 1000), "a" * 500)
    ring.clear_of(0)

    filled(ring, "b" * 300)

    assert (len(ring._order), ring._waste) == (300, 0)


def test_it_is_like_a_list_that_is_searched_through() -> None:
    """Whatever comes, goes and is cleared."""
    chance = random.Random(7)
    for _ in range(200):
        most = chance.randint(0, 12)
        ring: RingBuffer[int] = RingBuffer(most, 10**6)
        plain: list[tuple[int, int]] = []
        for number in range(80):
            owner = chance.randrange(4)
            if chance.random() < 0.15:
                assert ring.clear_of(owner) == sum(1 for o, _ in plain if o == owner)
                plain = [one for one in plain if one[0] != owner]
            else:
                ring.add(owner, number, 1)
                plain = [*plain, (owner, number)][-most:] if most else []
            assert ring.all() == [n for _, n in plain]
            assert ring.of(owner) == [n for o, n in plain if o == owner]
