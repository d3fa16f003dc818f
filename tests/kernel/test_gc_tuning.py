"""The garbage collector is kept out of the way, and left as it was found."""

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
def test_nothing_is_collected_within_the_block() -> None:
    """Whoever had turned it off finds it off."""
    with gc_paused():
        assert not gc.isenabled()
        with gc_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_made_within_the_block_is_old_after_it() -> None:
    """Nobody looks through it as often as through what is young."""
    with gc_paused():
        made: list[list[int]] = []

    assert any(one is made for one in gc.get_objects(generation=2))
    assert gc.get_freeze_count() == 0


def test_what_somebody_else_has_frozen_stays_so() -> None:
    """It is his to thaw; what is frozen is in no generation."""
    frozen: list[list[int]] = []
    gc.freeze()
    try:
        with gc_paused():
            pass
        assert not any(one is frozen for one in gc.get_objects())
    finally:
        gc.unfreeze()
