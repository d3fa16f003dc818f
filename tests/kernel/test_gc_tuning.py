"""Garbage collection: none during imports, and its state is restored afterwards."""

import gc
from collections.abc import Iterator

import pytest

from mockalog.kernel.gc_tuning import gc_paused


@pytest.fixture
def _collector_on() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.usefixtures("_collector_on")
def test_no_garbage_is_collected_in_the_block() -> None:
    """If it was disabled before the block, it stays disabled."""
    with gc_paused():
        assert not gc.isenabled()
        with gc_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_objects_of_the_block_are_in_the_oldest_generation() -> None:
    """Collections of younger generations skip them."""
    with gc_paused():
        new: list[list[int]] = []

    assert any(found is new for found in gc.get_objects(generation=2))
    assert gc.get_freeze_count() == 0


def test_objects_frozen_by_other_code_stay_frozen() -> None:
    """Frozen objects are in no generation."""
    frozen: list[list[int]] = []
    gc.freeze()
    try:
        with gc_paused():
            pass
        assert not any(found is frozen for found in gc.get_objects())
    finally:
        gc.unfreeze()
