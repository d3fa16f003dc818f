"""The journal: bounded exchanges, waiting callers, and the control plane's prefix."""

import asyncio
from typing import Any

import pytest

from mockalog.kernel.journal.journal import MAX_BODY, Following, Journal, is_control_path
from tests.kernel.journal.factories import exchange


def test_too_many_exchanges_drop_the_oldest() -> None:
    """Their ids are not used again."""
    journal = Journal(max_exchanges=2, max_bytes=10**6)
    for _ in range(5):
        journal.record(exchange())

    assert [kept.id for kept in journal.exchanges()] == [4, 5]


def test_too_many_bytes_drop_the_oldest() -> None:
    """A big exchange drops several small ones."""
    journal = Journal(max_exchanges=100, max_bytes=2900)
    for size in (10, 10, 2700):
        journal.record(exchange(response_body=b"x" * size))

    assert [len(kept.response_body) for kept in journal.exchanges()] == [2700]


@pytest.mark.parametrize(
    "big",
    [
        {"headers": [(b"x", b"x" * 10_000)]},
        {"response_headers": [(b"x" * 10_000, b"")]},
        {"query_string": b"x" * 10_000},
        {"raw_path": "x" * 10_000},
    ],
)
def test_all_parts_of_an_exchange_count(big: dict[str, Any]) -> None:
    """Headers, query and path count like bodies."""
    journal = Journal(max_exchanges=100, max_bytes=50_000)
    for _ in range(10):
        journal.record(exchange(**big))

    assert len(journal.exchanges()) <= 4


def test_a_long_body_is_cut() -> None:
    """The journal keeps its first bytes."""
    journal = Journal(max_exchanges=10, max_bytes=10**7)
    journal.record(exchange(request_body=b"x" * (MAX_BODY + 1)))

    assert len(journal.exchanges()[0].request_body) == MAX_BODY


def test_clearing_one_sandbox_keeps_the_others() -> None:
    """Clearing without a sandbox drops all exchanges."""
    journal = Journal(max_exchanges=10, max_bytes=10**6)
    for sandbox_id in (1, 2, 1):
        journal.record(exchange(sandbox_id=sandbox_id))

    assert journal.clear(1) == 2
    assert [kept.sandbox_id for kept in journal.exchanges()] == [2]
    assert journal.clear() == 1
    assert journal.exchanges() == []


def test_waiting_ends_with_an_exchange_or_with_the_first_timeout() -> None:
    """A caller with an older number does not wait."""

    async def wait() -> None:
        journal = Journal(max_exchanges=10, max_bytes=10**6)
        waiting = [asyncio.create_task(journal.changed(0, 60)) for _ in range(2)]
        await asyncio.sleep(0)
        journal.record(exchange())
        await asyncio.gather(*waiting)

        await journal.changed(0, 60)
        await asyncio.gather(journal.changed(1, 0), journal.changed(1, 60))
        await asyncio.gather(journal.changed(1, 0), journal.changed(1, 0))

    asyncio.run(wait())


@pytest.mark.parametrize(
    ("path", "reserved"),
    [("/_mockalog", True), ("/_mockalog/info", True), ("/_mockalogs", False), ("/", False)],
)
def test_the_control_planes_prefix_is_reserved(path: str, reserved: bool) -> None:
    """The journal does not record its calls."""
    assert is_control_path(path) is reserved


@pytest.mark.parametrize(("cleared", "ends"), [(1, True), (None, True), (2, False)])
def test_a_clear_ends_the_waits_for_its_exchanges(cleared: int | None, ends: bool) -> None:
    """Waits for those of another sandbox go on."""
    journal = Journal(max_exchanges=2, max_bytes=10**6)
    following = Following(1, 1, lambda _: True)
    journal.follow(following)

    journal.clear(cleared)

    assert following.is_cleared is ends
