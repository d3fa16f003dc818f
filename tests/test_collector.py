"""The garbage collector is kept out of the way, and left as it was found."""

import gc
from collections.abc import Iterator

import pytest

from mockalog.collector import uncollected


@pytest.fixture
def _collector_on() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.usefixtures("_collector_on")
def test_nothing_is_collected_within_the_block() -> None:
    """Whoever had turned it off finds it off."""
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
