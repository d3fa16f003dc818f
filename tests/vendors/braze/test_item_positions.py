"""Positions: the Nth existing item after any deletions (repository/positions.py)."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.braze.repository import positions
from mockalog.vendors.braze.repository.catalogs import CatalogRow
from mockalog.vendors.braze.repository.positions import RADIX
from tests.emulation import Emulation

# Each example has its own catalog.
numbers = itertools.count(1)

relaxed = settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def located(
    emulation: Emulation, last: int, deleted: Sequence[int], skips: Sequence[int]
) -> list[tuple[int, int]]:
    """Return where `skips` lead in a catalog of `last` items of which some were deleted.

    Each is the position to read on from and the number of items to leave out there.
    """
    number = next(numbers)
    catalog = CatalogRow(
        id=number,
        fields="[]",
        selections="[]",
        tokens=0,
        drops=0,
        num_items=last - len(deleted),
        last_position=last,
    )

    async def locate() -> list[tuple[int, int]]:
        sandbox = await emulation.runtime.sandboxes.open("positions")
        async with emulation.runtime.database.transaction() as connection:
            repository = Repository(connection, sandbox.id)
            # Two deletions, the second beside the gaps of the first.
            await positions.add_gaps(repository, number, deleted[::2])
            await positions.add_gaps(repository, number, deleted[1::2])
            return [await positions.locate(repository, catalog, skip) for skip in skips]

    found: list[tuple[int, int]] = emulation.run(locate)
    return found


def spread(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[list[int]]:
    """Return a strategy of positions to delete: up to 300 in a row, from any start."""
    runs = st.tuples(numbers, st.integers(1, 300), st.sampled_from([1, 1, 2, 63, 64, 65]))
    return st.lists(runs, min_size=3, max_size=15).map(
        lambda found: [start + n * step for start, length, step in found for n in range(length)]
    )


@relaxed
@given(
    st.integers(1, 200) | st.integers(2000, 6000),
    spread(st.integers(0, 6000)),
    st.lists(st.floats(0, 1), min_size=10, max_size=20),
)
def test_positions_agree_with_a_plain_list(
    emulation: Emulation, last: int, gone: list[int], places: list[float]
) -> None:
    """Thousands of items, with deletions anywhere."""
    deleted = sorted({position for position in gone if position < last})
    left = sorted(set(range(last)).difference(deleted))
    if not left:
        return
    skips = sorted({0, len(left) - 1, *(int(place * (len(left) - 1)) for place in places)})

    for skip, (first, left_out) in zip(
        skips, located(emulation, last, deleted, skips), strict=True
    ):
        assert left[bisect_left(left, first) + left_out] == left[skip]
        assert 0 <= left_out < RADIX


edges = st.builds(
    lambda level, times, off: max(0, RADIX**level * times + off),
    st.integers(1, 4),
    st.integers(0, 5),
    st.integers(-300, 300),
)
anywhere = st.integers(0, 3 * RADIX**4)
far = st.integers(RADIX**3, 3 * RADIX**4)


@relaxed
@given(far, spread(anywhere | edges), st.lists(edges | anywhere, min_size=10, max_size=20))
def test_positions_are_right_far_beyond_the_widest_blocks(
    emulation: Emulation, last: int, gone: list[int], wanted: list[int]
) -> None:
    """Fifty million items, with deletions anywhere and around the borders of blocks."""
    deleted = sorted({position for position in gone if position < last})
    count = last - len(deleted)
    if not count:
        return
    skips = sorted({0, count - 1, *(skip % count for skip in wanted)})
    # The number of existing items before each deleted position.
    left_before = [position - number for number, position in enumerate(deleted)]

    for skip, (first, left_out) in zip(
        skips, located(emulation, last, deleted, skips), strict=True
    ):
        target = skip + bisect_right(left_before, skip)
        assert first <= target
        left_between = (target - first) - (
            bisect_left(deleted, target) - bisect_left(deleted, first)
        )
        assert left_between == left_out < RADIX
