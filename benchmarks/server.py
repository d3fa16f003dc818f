"""The servers under measurement: started, asked, weighed and ended, each by its own pid."""

import json
import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[1]

# Seconds until a server that is silent, or that does not go, is given up.
START_PATIENCE = 60
STOP_PATIENCE = 5

# `braze  http://127.0.0.1:8002` and `Uvicorn running on http://127.0.0.1:8000 (Press …`.
ADDRESS = re.compile(r"(\w+)\s+(?:running on )?http://127\.0\.0\.1:(\d+)")

# What a caller's shell may hold and would change what is measured. With PYTHONDONTWRITEBYTECODE
# Python compiles at each start what is installed in place.
FOREIGN = re.compile(r"MOCKALOG_|UVICORN_|WEB_CONCURRENCY$|PYTHON(?!(PATH|HOME)$)")


class BenchmarkError(Exception):
    """The harness cannot go on; the text is one clear line."""


@dataclass(frozen=True)
class Program:
    """A server's command and the call that counts as its first answer.

    `addresses` is how many addresses it announces, `first` the name of the one that is asked.
    """

    name: str
    arguments: tuple[str, ...]
    addresses: int
    first: str
    path: str


UVICORN = ("uvicorn", "--port", "0", "--loop", "uvloop", "--http", "httptools", "--no-access-log")

BARE = Program("bare", (*UVICORN, "benchmarks.baselines:bare"), 1, "Uvicorn", "/")
HELLO = Program("hello", (*UVICORN, "--factory", "benchmarks.baselines:hello"), 1, "Uvicorn", "/")
MOCKALOG = Program(
    "mockalog",
    (
        *("mockalog", "serve", "--port", "0"),
        *("--squared-port", "0", "--braze-port", "0", "--attraqt-port", "0"),
    ),
    addresses=4,
    first="braze",
    path="/catalogs",
)
PROGRAMS = (BARE, HELLO, MOCKALOG)


class Server:
    """A running program. A context manager: leaving the block ends the process."""

    def __init__(self, program: Program, environment: Mapping[str, str]) -> None:
        self._program = program
        self._environment = environment
        self._output: deque[str] = deque(maxlen=30)
        self._announced = Event()
        self.ports: dict[str, int] = {}
        self.start_seconds = 0.0
        """Seconds from spawning the process to its first answer."""

    def __enter__(self) -> Self:
        spawned = time.perf_counter()
        self._process = spawn(self._program.arguments, self._environment)
        try:
            self._await_addresses()
            call(self.ports[self._program.first], "GET", self._program.path, token="first")
        except BaseException:
            self._end()
            raise
        self.start_seconds = time.perf_counter() - spawned
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def resident_bytes(self) -> int:
        """Return how much memory the process holds now (VmRSS)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        kilobytes = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        assert kilobytes is not None
        return int(kilobytes[1]) * 1024

    @property
    def processor_seconds(self) -> float:
        """Return the processor time that the process has used till now."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _await_addresses(self) -> None:
        Thread(target=self._listen, daemon=True).start()
        self._announced.wait(START_PATIENCE)
        if len(self.ports) < self._program.addresses:
            said = "".join(self._output).strip() or "nothing"
            raise BenchmarkError(f"{self._program.name} did not start; it said: {said}")

    def _listen(self) -> None:
        """Read what the process prints to its end, so that it never waits for a reader."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._output.append(line)
            if found := ADDRESS.search(line):
                self.ports[found[1]] = int(found[2])
            if len(self.ports) == self._program.addresses:
                self._announced.set()
        self._announced.set()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def spawn(arguments: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a Python module; what it prints, errors too, is one stream."""
    return subprocess.Popen(
        (sys.executable, "-m", *arguments),
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def environment(database_url: str) -> dict[str, str]:
    """Return the processes' environment: ours, cleared of settings, with the database's URL."""
    kept = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    return {**kept, "MOCKALOG_DATABASE_URL": database_url}


def migrate(environment: Mapping[str, str]) -> None:
    """Give a persistent database its tables: no measured start shall do that."""
    process = spawn(("mockalog", "migrate"), environment)
    said, _ = process.communicate()
    if process.returncode:
        raise BenchmarkError(said.strip())


def call(port: int, method: str, path: str, *, token: str, body: Any = None) -> Any:
    """Send one request and return the JSON of its answer, which must be a 2xx."""
    connection = HTTPConnection("127.0.0.1", port, timeout=START_PATIENCE)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
    except (OSError, HTTPException) as error:
        raise BenchmarkError(f"{method} {path} was not answered: {error!r}") from None
    finally:
        connection.close()
    if not 200 <= response.status < 300:
        raise BenchmarkError(f"{method} {path} was answered with {response.status} {content!r}")
    return json.loads(content)
