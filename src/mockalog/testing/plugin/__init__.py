"""The pytest plugin: fixtures, options and the marker `mockalog`.

pytest imports this module in every session of every project that has mockalog installed. The
fixtures import everything that takes time.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockalog.testing import AttraqtHandle, BrazeHandle, Mockalog, Sandbox, SquaredHandle

# The options of the command line and of the ini file.
OPTIONS = {
    "url": "use the server at this address (MOCKALOG_URL)",
    "database_url": "database of the session's own server (sqlite://)",
    "auth": "`open` or `strict`, of the session's own server; `strict`: only the tests' own "
    "credentials work",
    "seed": "a file that every sandbox starts with (in the ini file relative to the rootdir)",
    "unmatched": "`error` (default): a request that matches no operation fails the test; `ignore`",
    "unfired": "`error`: an armed fault that never fired fails the test; `ignore` (default)",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--mockalog-…` and `mockalog_…`."""
    group = parser.getgroup("mockalog")
    for name, text in OPTIONS.items():
        group.addoption(f"--mockalog-{name.replace('_', '-')}", help=text)
        parser.addini(f"mockalog_{name}", text)
    parser.addini(
        "mockalog_settings", "settings of every sandbox: `name = value` lines", "linelist"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "mockalog(seed=…, settings={…}, frozen=True or an instant, allow_unmatched=True, "
        "allow_unfired=True): the initial state of the test's sandbox, and whether the test may "
        "send requests that match no operation, or arm faults that never fire",
    )


@pytest.fixture(scope="session")
def mockalog(request: pytest.FixtureRequest) -> Iterator["Mockalog"]:
    """The session's emulator; without a URL, each xdist worker has an emulator of its own."""
    from mockalog.testing.plugin.session import open_session

    with open_session(request.session) as emulator:
        yield emulator


@pytest.fixture
def mockalog_sandbox(request: pytest.FixtureRequest, mockalog: "Mockalog") -> Iterator["Sandbox"]:
    """The test's own sandbox, which the three vendors' fixtures share."""
    from mockalog.testing.plugin.session import open_sandbox

    with open_sandbox(request.node, mockalog) as sandbox:
        yield sandbox


@pytest.fixture
def braze(mockalog_sandbox: "Sandbox") -> "BrazeHandle":
    """Braze in the test's own sandbox."""
    return mockalog_sandbox.braze


@pytest.fixture
def squared(mockalog_sandbox: "Sandbox") -> "SquaredHandle":
    """AI Squared in the test's own sandbox."""
    return mockalog_sandbox.squared


@pytest.fixture
def attraqt(mockalog_sandbox: "Sandbox") -> "AttraqtHandle":
    """Attraqt in the test's own sandbox."""
    return mockalog_sandbox.attraqt
