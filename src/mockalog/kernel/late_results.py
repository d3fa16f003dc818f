"""Late results: long computations of a call or a job run in a thread, outside its transaction.

On SQLite every other call waits for a transaction. So a computation ends the transaction with
`NotReadyError`, runs in a thread, and the call or the job begins again with its result.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from mockalog.kernel.late_imports import NotReadyError
from mockalog.kernel.turns import run_in_thread

T = TypeVar("T")

Run = Callable[[Callable[[], Any]], Awaitable[Any]]

# The inputs and the result of the last computation of this call.
_last: ContextVar[tuple[object, Any] | None] = ContextVar("_last", default=None)


def late_result(inputs: object, compute: Callable[[], T], run: Run = run_in_thread) -> T:
    """Return the result of a computation that depends only on its inputs.

    Raises `NotReadyError` at first. Code that takes the result must not have written rows that the
    computation reads.
    """
    last = _last.get()
    if last is None or last[0] != inputs:

        async def load() -> None:
            _last.set((inputs, await run(compute)))

        raise NotReadyError("a late result", load)
    _last.set(None)
    result: T = last[1]
    return result
