"""A pytest session's emulator, and a test's sandbox in it."""

import gc
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from traceback import walk_stack
from typing import Any

import pytest

import mockalog.testing.lean  # noqa: F401 - before anything imports httpx
from mockalog.kernel.clock import machine_now, to_datetime
from mockalog.kernel.gc_tuning import gc_paused
from mockalog.testing.errors import MockalogError, UnfiredFaults, UnmatchedRequests
from mockalog.testing.mockalog import Mockalog
from mockalog.testing.sandbox import Sandbox
from mockalog.testing.steering import Steering
from mockalog.testing.wishes import WishError, defaults_of, option, seed_of, wishes_of

# Whether a test itself went well.
PASSED = pytest.StashKey[bool]()


class Outcomes:
    """Notes how tests end: of one that failed nobody knows what it would have gone on to do."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note it, and change nothing."""
        report = yield
        if call.when == "call":
            item.stash[PASSED] = report.passed
        return report


class OneLook:
    """Looks for garbage once at the end of a session, when every fixture is gone.

    pytest looks twice and Python once more, and each time through all that was imported here,
    which takes a tenth of a second. What is left after the first look lives to the end.
    """

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        """Take what is alive out of the next looks, unless a test or the user has a say in it."""
        if not _within_a_test() and not gc.get_freeze_count():
            gc.collect()
            gc.freeze()


def _within_a_test() -> bool:
    """Return whether the session is one that a test runs within its own."""
    return any(frame.f_code.co_name == "pytest_runtest_protocol" for frame, _ in walk_stack(None))


@contextmanager
def open_session(config: pytest.Config) -> Iterator[Mockalog]:
    """Start the emulator that the options ask for; it ends with the block."""
    with _one_clear_line(), gc_paused():
        config.pluginmanager.register(OneLook())
        config.pluginmanager.register(Outcomes())
        mockalog = _emulator(config).start()
    try:
        if not mockalog.attached:
            # On a server of our own, new sandboxes begin with them, and a reset leads back to them.
            _set_defaults(mockalog, config)
        yield mockalog
    finally:
        mockalog.stop()


def _emulator(config: pytest.Config) -> Mockalog:
    """Return one that runs already, if an address is given, else one of the session's own."""
    if url := option(config, "url") or os.environ.get("MOCKALOG_URL"):
        return Mockalog(url)
    settings: dict[str, Any] = {}
    if database := option(config, "database_url"):
        settings |= {"database_url": database, "migrate": True}
    if auth := option(config, "auth"):
        settings["auth"] = auth
    if seed := seed_of(config):
        settings["seed"] = seed
    return Mockalog(**settings)


@contextmanager
def open_sandbox(node: pytest.Item, mockalog: Mockalog) -> Iterator[Sandbox]:
    """Open a test's sandbox as options and markers wish; at its end, look for what went astray.

    On a server that outlives the session the sandbox is emptied.
    """
    with _one_clear_line(), ExitStack() as end:  # which leaves nothing, whatever goes wrong
        wishes = wishes_of(node)
        strict = _is_error(node.config, "unmatched", "error") and not wishes.allow_unmatched
        firing = _is_error(node.config, "unfired", "ignore") and not wishes.allow_unfired
        began = to_datetime(machine_now())
        sandbox = mockalog.sandbox()
        end.callback(sandbox.unregister)
        if mockalog.attached:
            end.callback(sandbox.reset, "empty")
            _seed(sandbox, node.config)
            _set_defaults(sandbox, node.config)
        wishes.fulfil(sandbox)
        yield sandbox
        checks = [partial(mockalog.check_strayed, sandbox, began)] if strict else []
        if firing and node.stash.get(PASSED, False):
            checks.append(partial(sandbox.check_unfired))
        _look(checks)


def _look(checks: Iterable[Callable[[], None]]) -> None:
    """Make every check, and tell all that they find."""
    found = []
    for check in checks:
        try:
            check()
        except (UnmatchedRequests, UnfiredFaults) as finding:
            found.append(str(finding))
    if found:
        raise MockalogError("\n".join(found))


def _seed(sandbox: Sandbox, config: pytest.Config) -> None:
    if seed := seed_of(config):
        sandbox.seed(seed)


def _set_defaults(target: Steering, config: pytest.Config) -> None:
    with _one_clear_line():
        if defaults := defaults_of(config):
            target.settings.update(defaults)


def _is_error(config: pytest.Config, name: str, default: str) -> bool:
    wanted = option(config, name) or default
    if wanted not in ("error", "ignore"):
        raise WishError(f"mockalog_{name} is `error` or `ignore`, not `{wanted}`")
    return wanted == "error"


@contextmanager
def _one_clear_line() -> Iterator[None]:
    """Fail the test with the text alone: a traceback through this package tells nobody anything."""
    try:
        yield
    except MockalogError as error:
        raise pytest.fail.Exception(f"mockalog: {error}", pytrace=False) from None
