"""A short run of kills; `python -m tests.fuzz.kills --rounds 60` makes a long one."""

from collections.abc import Callable
from pathlib import Path

from tests.fuzz.kills import kill_again_and_again


def test_kills_of_a_server_on_a_file_lose_nothing(tmp_path: Path) -> None:
    """Every start succeeds, and finds each acknowledged write."""
    findings, acknowledged = kill_again_and_again(f"sqlite:///{tmp_path}/a.db", rounds=2, seed=1)

    assert findings == []
    assert acknowledged


def test_kills_of_two_workers_on_postgresql_lose_nothing(
    new_postgres_url: Callable[[], str],
) -> None:
    """As with one process and a file."""
    findings, acknowledged = kill_again_and_again(new_postgres_url(), rounds=2, seed=2, workers=2)

    assert findings == []
    assert acknowledged
