"""Late results: long computations of a call or a job run in a thread, outside its transaction.

On SQLite every other call waits for a transaction. So a computation ends the transaction with
`NotReadyError`, runs in a thread, and the call or the job begins again and takes its result.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from mockalog.kernel.late_imports import NotReadyError
from mockalog.kernel.turns import run_in_thread

# Any: each computation has a result of its own type.
Compute = Callable[[], Any]
Run = Callable[[Compute], Awaitable[Any]]


class Result(NamedTuple):
    """The inputs and the result of a computation."""

    inputs: object
    value: Any


_at_once: ContextVar[bool] = ContextVar("_at_once", default=False)

# The last computation of this call.
_last: ContextVar[Result | None] = ContextVar("_last", default=None)


def take_result(inputs: object) -> Result | None:
    """Return the result of the computation with these inputs, None if it has not run yet."""
    last = _last.get()
    if last is None or last.inputs != inputs:
        return None
    _last.set(None)
    return last


def compute_late(inputs: object, compute: Compute, run: Run = run_in_thread) -> Result:
    """Raise `NotReadyError`, so that a computation runs and `take_result` has its result.

    An error of the computation ends the call. In a block of `computing_at_once` the computation
    runs here, and its result is returned.
    """
    if _at_once.get():
        return Result(inputs, compute())

    async def load() -> None:
        _last.set(Result(inputs, await run(compute)))

    raise NotReadyError("a late result", load)


@contextmanager
def computing_at_once() -> Iterator[None]:
    """Compute in the block itself: many calls share one transaction, which must not end."""
    usual = _at_once.set(True)
    try:
        yield
    finally:
        _at_once.reset(usual)
