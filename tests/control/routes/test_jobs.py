"""The list of jobs: filters, pages, and the jobs that are kept."""

from typing import Any

import httpx
import pytest

from mockalog.kernel import turns
from mockalog.kernel.jobs import queue
from tests.emulation import Emulation, emulate
from tests.kernel.documents.factories import JOBS, table

COUNT = 7


@pytest.fixture
def jobs(emulation: Emulation, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    """The control plane of a sandbox with seven pending jobs, a second apart."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)
    control = emulation.control(emulation.client())
    control.put("/state", json=state(COUNT)).raise_for_status()
    return control


def state(count: int) -> dict[str, Any]:
    """Return a state with so many pending jobs of two kinds."""
    kinds = ["squared.advance_run", "squared.scheduled_run"]
    rows = [
        [n, kinds[n % 2], '{"run": 1, "sync": 1}', "pending", n * 1_000_000, 0, False]
        for n in range(1, count + 1)
    ]
    own = {"columns": ["next_due", "last_job"], "rows": [[1_000_000, count]]}
    clock = {"mode": "frozen", "now": "1970-01-01T00:00:00Z"}
    tables = {"sandboxes": own, **table("jobs", JOBS, *rows)}
    return {"mockalog": 1, "clock": clock, "tables": tables}


def ids(control: httpx.Client, query: str = "") -> list[int]:
    """Return the ids of the listed jobs."""
    return [job["id"] for job in control.get(f"/jobs{query}").json()["jobs"]]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7]),
        ("?limit=2", [1, 2]),
        ("?after=2&limit=2", [3, 4]),
        ("?after=7", []),
        ("?status=done", [1, 2, 3]),
        ("?status=pending&after=5", [6, 7]),
        ("?kind=squared.scheduled_run", [1, 3, 5, 7]),
        ("?kind=squared.scheduled_run&status=pending&limit=1", [5]),
        ("?kind=no.such", []),
    ],
)
def test_jobs_are_filtered_and_paged(
    jobs: httpx.Client, monkeypatch: pytest.MonkeyPatch, query: str, wanted: list[int]
) -> None:
    """Ordered by id, after the first three have run."""
    monkeypatch.setattr(queue, "PAGE", 3)
    jobs.post("/clock/advance", json={"seconds": 3}).raise_for_status()

    assert ids(jobs, query) == wanted


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "status=over", "after=-1", "since=1", "kind=a&nope=1"]
)
def test_a_wrong_query_is_refused(jobs: httpx.Client, query: str) -> None:
    """Each value has its type, and a typo cannot pass unnoticed."""
    assert jobs.get(f"/jobs?{query}").status_code == 400


def test_pages_of_the_whole_server_are_refused(emulation: Emulation) -> None:
    """Each sandbox counts its own jobs."""
    answer = emulation.control().get("/jobs?after=1")

    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "query.after: each sandbox counts its jobs; name a sandbox",
    )
    assert emulation.control().get("/jobs?limit=1").status_code == 200


def test_the_oldest_ended_jobs_go(jobs: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pending ones stay, however old they are."""
    monkeypatch.setattr(queue, "MAX_ENDED", 2)
    monkeypatch.setattr(queue, "DROP_EVERY", 1)

    jobs.post("/clock/advance", json={"seconds": 5}).raise_for_status()

    assert ids(jobs, "?status=done") == [3, 4, 5]
    assert ids(jobs, "?status=pending") == [6, 7]


def test_an_advance_ends_when_its_client_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The jobs that ran are done, and the clock is at the last of them."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)
    with emulate() as emulation:
        control = emulation.control(emulation.client())
        control.put("/state", json=state(50)).raise_for_status()
        run_due = emulation.runtime.jobs.run_due

        async def leave_after_ten(*arguments: Any, **options: Any) -> int:
            left = iter([False] * 9 + [True] * 100)
            options["turns"]._has_left = lambda: next(left)
            return await run_due(*arguments, **options)

        monkeypatch.setattr(emulation.runtime.jobs, "run_due", leave_after_ten)
        with pytest.raises(httpx.RemoteProtocolError):
            control.post("/clock/advance", json={"seconds": 100 * 365 * 86_400})

        assert len(ids(control, "?status=done")) == 10
        assert control.get("/clock").json()["now"] == "1970-01-01T00:00:10Z"
