"""`python -m tests.fuzz.kills`: a server is killed again and again while clients write.

Each round starts the server on the same database, lets eight clients look for every write that was
acknowledged before, and write on. After a random number of acknowledgements, SIGKILL ends all
processes of the server at once. A start that fails and a write that is lost are findings.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from threading import Semaphore

from tests.fuzz.databases import KINDS, empty_database
from tests.fuzz.writers import Writer

WRITERS = 8

# The most acknowledgements of a round before the kill.
MOST = 120

# Seconds within which the eight clients must get an acknowledgement.
PATIENCE = 60

_NAMES = ("mockalog", "squared", "braze", "attraqt")


class Server:
    """The processes of one server, in a process group of their own."""

    def __init__(self, database_url: str, workers: int) -> None:
        ports = [flag for name in ("", "squared-", "braze-", "attraqt-") for flag in _port(name)]
        options = ("--database-url", database_url, "--migrate", "--workers", str(workers))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mockalog", "serve", *ports, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def addresses(self) -> Mapping[str, str]:
        """Return the addresses that it prints when it is ready; empty if the start failed."""
        assert self._process.stdout is not None
        lines = [self._process.stdout.readline().split() for _ in _NAMES]
        return dict(line for line in lines if line)

    def end(self, number: int) -> str:
        """Send a signal to all processes and wait; return what the server wrote to stderr."""
        os.killpg(self._process.pid, number)
        return self._process.communicate(timeout=PATIENCE)[1]


def _port(name: str) -> tuple[str, str]:
    return f"--{name}port", "0"


@contextmanager
def serving(database_url: str, workers: int, number: int) -> Iterator[Mapping[str, str]]:
    """Start a server and end it with a signal; raise `RuntimeError` if the start fails."""
    server = Server(database_url, workers)
    try:
        if not (addresses := server.addresses()):
            raise RuntimeError("the start failed")
        yield addresses
    except RuntimeError as error:
        raise RuntimeError(f"{error}: {server.end(signal.SIGKILL)}") from None
    except BaseException:
        server.end(signal.SIGKILL)
        raise
    server.end(number)


def kill_again_and_again(
    database_url: str, *, rounds: int, seed: int, workers: int = 1
) -> tuple[list[str], int]:
    """Run so many rounds; return the findings and the number of acknowledged writes."""
    random, acknowledged = Random(seed), Semaphore(0)
    writers = [Writer(f"writer-{number}", acknowledged, seed + number) for number in range(WRITERS)]
    findings: list[str] = []
    for _ in range(rounds):
        findings += _round(database_url, workers, writers, acknowledged, random.randint(1, MOST))
    with serving(database_url, workers, signal.SIGTERM) as addresses:
        for writer in writers:
            findings += writer.lost(addresses)
    return findings, sum(writer.count for writer in writers)


def _round(
    database_url: str, workers: int, writers: list[Writer], acknowledged: Semaphore, most: int
) -> list[str]:
    """Check and write until so many acknowledgements, then kill; return the findings."""
    with ThreadPoolExecutor(WRITERS) as pool:
        with serving(database_url, workers, signal.SIGKILL) as addresses:
            ending = [pool.submit(writer.check_and_write, addresses) for writer in writers]
            in_time = all(acknowledged.acquire(timeout=PATIENCE) for _ in range(most))
        findings = [finding for one in ending for finding in one.result(PATIENCE)]
    while acknowledged.acquire(blocking=False):
        pass
    return findings if in_time else [*findings, "no acknowledgement in time"]


def main() -> None:
    """Run the rounds; exit with 1 if there are findings."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.kills", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the kills (%(default)s)")
    parser.add_argument("--database", choices=KINDS, default=KINDS[0], help="(%(default)s)")
    parser.add_argument("--workers", type=int, help="by default 1, on PostgreSQL 2")
    given = parser.parse_args()
    workers = given.workers or (1 if given.database == KINDS[0] else 2)
    began = time.monotonic()
    with empty_database(given.database, in_file=True) as url:
        findings, count = kill_again_and_again(
            url, rounds=given.rounds, seed=given.seed, workers=workers
        )
    for finding in findings[:50]:
        print(finding)
    counts = f"{given.rounds} kills, {count} acknowledged writes, {len(findings)} findings"
    print(f"{counts} in {time.monotonic() - began:.0f} s")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
