"""`python -m benchmarks.harness`: what the pytest plugin costs, and whether it flakes.

Two projects take turns: one whose tests do nothing, one whose tests take the fixture `braze` and
read once through it. A session's cost is the difference of their times with one test, a test's
cost the difference of what each further test takes. `--steered` makes each test move its clock
too, so that the control plane is loaded. Then 200 tests run again and again in four processes on
one server; each looks for what another could have left.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.server import BenchmarkError, environment
from mockalog.testing import Mockalog

TESTS = 200
MAX_SESSION = 0.5
MAX_TEST = 0.005

IDLE = """
import pytest

@pytest.mark.parametrize("number", range(COUNT))
def test_it(number):
    pass
"""
READING = """
import pytest

@pytest.mark.parametrize("number", range(COUNT))
def test_it(number, braze):
    assert braze.client.get("/catalogs").status_code == 200
"""
STEERED = READING + "    braze.clock.advance(1)\n"
ALONE = """
import pytest

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}

@pytest.mark.parametrize("number", range(COUNT))
def test_it(number, braze, attraqt):
    assert braze.client.get("/catalogs").json()["catalogs"] == []
    assert braze.client.post("/catalogs", json=SHOP).status_code == 201
    assert attraqt.client.get("/catalogs").status_code == 200
    assert braze.clock.show()["mode"] == "real"
    braze.clock.freeze("2025-03-01T12:00:00Z")
    braze.fail_next("list_catalogs", status=500)
    assert braze.client.get("/catalogs").status_code == 500
    assert braze.requests.count() == 3
"""


def seconds(
    folder: Path, source: str, count: int, *flags: str, **variables: str
) -> tuple[float, float]:
    """Run a project of so many tests; return how long that took, and how long it computed."""
    (folder / "test_it.py").write_text(source.replace("COUNT", str(count)))
    # Plugins that happen to be installed import much of what a session does.
    variables = {**variables, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    plugin = ("-p", "xdist.plugin", "-p", "mockalog.testing.plugin")
    command = (sys.executable, "-m", "pytest", "-q", *plugin, "-p", "no:cacheprovider", *flags)
    began, computed = time.perf_counter(), _computed()
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, timeout=600
    )
    took = time.perf_counter() - began, _computed() - computed
    if done.returncode:
        raise BenchmarkError(done.stdout + done.stderr)
    return took


def _computed() -> float:
    """Return the CPU seconds of all processes that ended."""
    times = os.times()
    return times.children_user + times.children_system


def cost(folder: Path, source: str, rounds: int, variables: Mapping[str, str]) -> None:
    """Measure and report what a session and a test cost."""
    # The first round is for the caches of the disk and of compiled modules.
    figures = [_round(folder, source, variables) for _ in range(rounds + 1)][1:]
    for name, bound in (("session", MAX_SESSION), ("test", MAX_TEST)):
        took, computed = (statistics.median(one[name][kind] for one in figures) for kind in (0, 1))
        met = "met" if took <= bound else "MISSED"
        print(
            f"a {name}: {took * 1e3:,.1f} ms (CPU {computed * 1e3:,.1f})"
            f"  at most {bound * 1e3:g} ms  {met}"
        )


def _round(folder: Path, source: str, variables: Mapping[str, str]) -> dict[str, list[float]]:
    """Return the cost of a session and of a test, in seconds: elapsed, CPU."""
    one, many = (
        [seconds(folder, text, count, **variables) for text in (IDLE, source)]
        for count in (1, 1 + TESTS)
    )
    session = [ours - idle for idle, ours in zip(*one, strict=True)]
    all_of_it = [ours - idle for idle, ours in zip(*many, strict=True)]
    further = zip(all_of_it, session, strict=True)
    return {"session": session, "test": [(whole - first) / TESTS for whole, first in further]}


def flakes(folder: Path, repeats: int, variables: Mapping[str, str]) -> None:
    """Run the tests again and again on one server, in four processes; the first failure ends it."""
    with Mockalog(host="127.0.0.1") as mockalog:
        shared = {**variables, "MOCKALOG_URL": mockalog.url}
        times = [seconds(folder, ALONE, TESTS, "-n", "4", **shared) for _ in range(repeats)]
    median = statistics.median(took for took, _ in times)
    print(f"{repeats} times {TESTS} tests in four processes: no failure, {median:.1f} s a run")


def main() -> None:
    """Run the harness."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harness", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of the costs (%(default)s)")
    parser.add_argument("--repeats", type=int, default=20, help="on one server (%(default)s)")
    parser.add_argument("--steered", action="store_true", help="tests steer, too")
    given = parser.parse_args()
    variables = {**environment("sqlite://"), "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        with TemporaryDirectory() as folder:
            if given.rounds:
                cost(Path(folder), STEERED if given.steered else READING, given.rounds, variables)
            if given.repeats:
                flakes(Path(folder), given.repeats, variables)
    except BenchmarkError as problem:
        sys.exit(f"benchmarks: {problem}")


if __name__ == "__main__":
    main()
