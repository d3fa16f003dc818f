"""Late results: computations outside a transaction."""

import asyncio

import pytest

from mockalog.kernel.late_imports import NotReadyError, after_imports
from mockalog.kernel.late_results import compute_late, computing_at_once, take_result


def test_a_call_begins_again_with_the_result() -> None:
    """A thread computes it; a result of other inputs is not taken."""
    ran: list[str] = []

    async def call() -> int:
        ran.append("begun")
        assert take_result("other") is None
        result = take_result("inputs") or compute_late("inputs", lambda: 42)
        assert isinstance(result.value, int)
        return result.value

    assert asyncio.run(after_imports(call)) == 42
    assert ran == ["begun", "begun"]


def test_a_result_is_taken_once() -> None:
    """The next call computes its own."""

    async def scene() -> None:
        with pytest.raises(NotReadyError) as late:
            compute_late("inputs", lambda: 1)
        await late.value.load()
        assert take_result("inputs") is not None
        assert take_result("inputs") is None

    asyncio.run(scene())


def test_an_error_of_the_computation_ends_the_call() -> None:
    """As if the call had computed itself."""

    async def call() -> None:
        compute_late("inputs", lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(after_imports(call))


def test_calls_that_share_a_transaction_compute_at_once() -> None:
    """The transaction must not end before its last call."""
    with computing_at_once():
        assert compute_late("inputs", lambda: 42).value == 42
    with pytest.raises(NotReadyError):
        compute_late("inputs", lambda: 42)
