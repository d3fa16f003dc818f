"""Tests of the states of syncs and runs.

Sources: docs/vendors/squared.md#115-state-machines and docs/vendors/squared.md#1-contradictions,
row 28.
"""

import pytest

from mockalog.vendors.squared.models import RUN_STATUSES
from mockalog.vendors.squared.rules.syncs.state_machines import (
    NEXT,
    RUN,
    SYNC,
    next_status,
    status_after_run,
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
    """Events that are not listed are forbidden. success, failed and canceled are final."""
    for state in RUN_STATUSES:
        assert next_status(RUN, event, state) == (after if state in before.split() else None)


def test_the_states_of_an_undisturbed_run() -> None:
    """The run passes every documented state in order."""
    states = ["pending"]
    while event := NEXT.get(states[-1]):
        states.append(str(next_status(RUN, event, states[-1])))
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
    """Events that are not listed are forbidden."""
    for state in SYNC_STATES:
        assert next_status(SYNC, event, state) == (after if state in before.split() else None)


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
    """It recovers in the docs' guide, but not on the server."""
    assert status_after_run(event, state, dialect) == after
