"""The states of syncs and runs.

Sources: docs/vendors/squared.md#115-state-machines and docs/vendors/squared.md#1-contradictions,
row 28.
"""

import pytest

from mockalog.vendors.squared.rules.runs import (
    NEXT,
    RUN,
    RUN_STATUSES,
    SYNC,
    after_run,
    moved,
)

ALIVE = "pending started querying queued in_progress paused"

SYNC_STATES = ("pending", "healthy", "failed", "disabled")


@pytest.mark.parametrize(
    ("event", "before", "after"),
    [
        ("start", "pending started querying", "started"),
        ("query", "started", "querying"),
        ("queue", "querying", "queued"),
        ("progress", "queued paused in_progress", "in_progress"),
        ("pause", "in_progress", "paused"),
        ("complete", "in_progress", "success"),
        ("fail", ALIVE, "failed"),
        ("cancel", ALIVE, "canceled"),
    ],
)
def test_events_of_a_run(event: str, before: str, after: str) -> None:
    """Whatever is not listed is forbidden; success, failed and canceled are the end."""
    for state in RUN_STATUSES:
        assert moved(RUN, event, state) == (after if state in before.split() else None)


def test_the_way_of_a_run_that_nobody_disturbs() -> None:
    """Every documented state, in order."""
    states = ["pending"]
    while event := NEXT.get(states[-1]):
        states.append(str(moved(RUN, event, states[-1])))
    assert states == ["pending", "started", "querying", "queued", "in_progress", "success"]


@pytest.mark.parametrize(
    ("event", "before", "after"),
    [
        ("complete", "pending healthy", "healthy"),
        ("fail", "pending healthy failed", "failed"),
        ("disable", "pending healthy failed", "disabled"),
        ("enable", "disabled", "pending"),
    ],
)
def test_events_of_a_sync(event: str, before: str, after: str) -> None:
    """Whatever is not listed is forbidden."""
    for state in SYNC_STATES:
        assert moved(SYNC, event, state) == (after if state in before.split() else None)


@pytest.mark.parametrize(
    ("dialect", "event", "state", "after"),
    [
        ("docs", "complete", "pending", "healthy"),
        ("docs", "complete", "failed", "healthy"),
        ("docs", "complete", "disabled", "disabled"),
        ("docs", "fail", "healthy", "failed"),
        ("docs", "fail", "failed", "failed"),
        ("server", "complete", "pending", "healthy"),
        ("server", "complete", "failed", "failed"),
        ("server", "fail", "pending", "failed"),
    ],
)
def test_row_28_a_failed_sync(dialect: str, event: str, state: str, after: str) -> None:
    """It recovers in the docs' guide, not on the server."""
    assert after_run(event, state, dialect) == after
