"""The garbage collector, kept out of the way: while modules are imported, and while serving."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Collect nothing until the block ends: what imports make is not garbage.

    Looking through it again and again takes a twelfth of a cold start.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        _let_it_be_old()
        if was_on:
            gc.enable()


def _let_it_be_old() -> None:
    """Spare the next two looks at young objects, which would walk all that was imported.

    What is thawed belongs to the oldest generation; what somebody else has frozen stays so.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


def tune_gc() -> None:
    """Take what the start made out of the garbage collector's sight, and let it look less often.

    The journal holds exchanges for long, and none of them is part of a cycle: every full
    collection would walk them all for nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
