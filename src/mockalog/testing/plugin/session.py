"""The emulator of a pytest session, and the sandbox of a test."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest

from mockalog.kernel.clock import machine_now, to_datetime
from mockalog.kernel.gc_tuning import gc_paused
from mockalog.testing.controls.controls import Controls
from mockalog.testing.controls.errors import (
    MockalogError,
    UnfiredFaultsError,
    UnmatchedRequestsError,
)
from mockalog.testing.handles.sandbox import Sandbox
from mockalog.testing.mockalog import VENDORS, Mockalog
from mockalog.testing.plugin.markers import (
    Marker,
    fails_test,
    marker_of,
    option,
    seed_of,
    settings_of,
)

# Whether the call phase of a test passed.
PASSED = pytest.StashKey[bool]()


class Outcomes:
    """Records whether tests pass: a failed test may have stopped before its faults fired."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Record the outcome of the call phase."""
        report = yield
        if call.when == "call":
            item.stash[PASSED] = report.passed
        return report


@contextmanager
def open_session(session: pytest.Session) -> Iterator[Mockalog]:
    """Start the emulator of the options for the time of the block.

    It reads from disk all that the session's tests may need: a test may replace the file system.
    """
    config = session.config
    with _without_traceback(), gc_paused():
        config.pluginmanager.register(Outcomes())
        mockalog = _emulator(config).start()
    try:
        with gc_paused():
            mockalog.preload(*_vendors_of(session))
        if not mockalog.attached:
            # On a server of our own, new sandboxes start with the settings, and resets restore
            # them.
            _apply_settings(mockalog, config)
        yield mockalog
    finally:
        mockalog.stop()


def _vendors_of(session: pytest.Session) -> set[str]:
    """Return the vendors whose fixtures the tests of a session take.

    A test that takes only the server or the sandbox may reach every vendor.
    """
    found: set[str] = set()
    for item in session.items:
        names = set(getattr(item, "fixturenames", ()))
        if "mockalog" in names:
            found |= names.intersection(VENDORS) or {*VENDORS}
    return found


def _emulator(config: pytest.Config) -> Mockalog:
    """Return the emulator at the given address, otherwise one of the session's own."""
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
    """Open a test's sandbox in the state of options and markers; check it after the test.

    On a remote server the sandbox is emptied at the end.
    """
    with _without_traceback(), ExitStack() as cleanup:
        marker = marker_of(node)
        fails_unmatched, fails_unfired = _failing_checks(node.config, marker)
        began = to_datetime(machine_now())
        sandbox = mockalog.sandbox()
        cleanup.callback(sandbox.unregister)
        if mockalog.attached:
            cleanup.callback(sandbox.reset, "empty")
            _apply_seed(sandbox, node.config)
            _apply_settings(sandbox, node.config)
        marker.apply(sandbox)
        yield sandbox
        checks = [partial(mockalog.check_test, sandbox, began)] if fails_unmatched else []
        if fails_unfired and node.stash.get(PASSED, False):
            checks.append(partial(sandbox.check_unfired))
        _run_checks(checks)


def _failing_checks(config: pytest.Config, marker: Marker) -> tuple[bool, bool]:
    """Return whether unmatched requests and unfired faults fail the test; raises `MarkerError`."""
    unmatched = fails_test(config, "unmatched", "error")
    unfired = fails_test(config, "unfired", "ignore")
    return unmatched and not marker.allow_unmatched, unfired and not marker.allow_unfired


def _run_checks(checks: Iterable[Callable[[], None]]) -> None:
    """Run every check, and raise one error with all findings."""
    findings = []
    for check in checks:
        try:
            check()
        except (UnmatchedRequestsError, UnfiredFaultsError) as finding:
            findings.append(str(finding))
    if findings:
        raise MockalogError("\n".join(findings))


def _apply_seed(sandbox: Sandbox, config: pytest.Config) -> None:
    if seed := seed_of(config):
        sandbox.seed(seed)


def _apply_settings(controls: Controls, config: pytest.Config) -> None:
    with _without_traceback():
        if settings := settings_of(config):
            controls.settings.update(settings)


@contextmanager
def _without_traceback() -> Iterator[None]:
    """Fail the test with the error's text alone: a traceback of this package would not help."""
    try:
        yield
    except MockalogError as error:
        raise pytest.fail.Exception(f"mockalog: {error}", pytrace=False) from None
